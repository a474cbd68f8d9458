// The demo's part of a run: each step takes its time and says that nothing ran; what it would bring about is told.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RepairPlan, RepairStep, StepId, StepProgress } from '../../shared/repair.ts'
import type { RunEnd } from '../repair/engine.ts'

interface Needs {
  readonly plan: RepairPlan
  readonly skipped: readonly StepId[]
  readonly onProgress: (steps: readonly StepProgress[]) => void
  readonly signal: AbortSignal
  /** How long a step takes, in ms; one that takes minutes takes ten times as long. */
  readonly stepMs: number
  /** A step has come to its end. */
  readonly done: (step: RepairStep) => Promise<void>
}

const saidOften = 10

/** Between two steps it can be cancelled; a step that has begun comes to its end. */
export async function runDemoSteps({
  plan,
  skipped,
  onProgress,
  signal,
  stepMs,
  done,
}: Needs): Promise<RunEnd> {
  let steps: readonly StepProgress[] = plan.steps.map(({ id }) => ({
    id,
    state: 'pending',
    output: '',
    ms: 0,
  }))
  const put = (id: StepId, change: Partial<StepProgress>) => {
    steps = steps.map((step) => (step.id === id ? { ...step, ...change } : step))
    onProgress(steps)
  }
  for (const step of plan.steps) {
    if (signal.aborted) return { steps, problem: null, cancelled: true }
    if (skipped.includes(step.id)) {
      put(step.id, { state: 'skipped' })
      continue
    }
    const times = step.long === true ? saidOften : 1
    let output = ''
    for (let said = 1; said <= times; said += 1) {
      put(step.id, { state: 'running', output })
      await sleep(stepMs)
      output += `demo: nothing ran on any machine (${step.id}, ${said}/${times})\n`
    }
    await done(step)
    const state = step.commands.length === 0 ? 'unchanged' : 'done'
    put(step.id, { state, ms: stepMs * times, output: output.trimEnd(), ...backupOf(step) })
  }
  return { steps, problem: null, cancelled: signal.aborted }
}

/** Where the old file would be kept. */
function backupOf({ changes }: RepairStep): Pick<StepProgress, 'backup'> {
  const changed = changes.find(({ diff }) => diff !== '' && !diff.startsWith('--- /dev/null'))
  return changed === undefined ? {} : { backup: `${changed.path}.offload-backup-demo` }
}
