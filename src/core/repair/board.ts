// The steps of a run as they stand: each change is told.
import type { Problem } from '../../shared/outcome.ts'
import type { StepId, StepProgress } from '../../shared/repair.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { Planned } from './plan.ts'

/** Of what a step says, its end is kept, in characters. */
export const maxOutput = 4000
/** How often output that only grows is told. */
const tellMs = 100

export interface Board {
  readonly host: string
  steps(): readonly StepProgress[]
  put(id: string, more: Partial<Omit<StepProgress, 'id'>>): void
  say(text: string): void
  began(): boolean
  running(): StepProgress | undefined
  failed(): StepProgress | undefined
  unfinished(): boolean
  lastOutput(): string
  endRunning(why: Problem): void
}

/** The steps as they stand; each change is told. */
export function createBoard(
  { plan }: Planned,
  skipped: readonly StepId[],
  onProgress: (steps: readonly StepProgress[]) => void,
): Board {
  let steps: readonly StepProgress[] = plan.steps.map(({ id }) => ({
    id,
    state: skipped.includes(id) ? 'skipped' : 'pending',
    output: '',
    ms: 0,
  }))
  const started = new Map<string, number>()
  const running = () => steps.find((step) => step.state === 'running')
  let told = 0
  const tell = () => {
    told = performance.now()
    onProgress(steps)
  }
  const put = (id: string, more: Partial<Omit<StepProgress, 'id'>>) => {
    if (more.state === 'running') started.set(id, performance.now())
    const ms = performance.now() - (started.get(id) ?? performance.now())
    const timed = (step: StepProgress) => more.state !== undefined && !isOver(step)
    steps = steps.map((step) =>
      step.id === id ? { ...kept(step, more), ...more, ms: timed(step) ? ms : step.ms } : step,
    )
    tell()
  }
  return {
    host: plan.host,
    steps: () => steps,
    put,
    say(text) {
      const now = running()
      const line = cleanText(text, maxOutput)
      if (now === undefined || line === '') return
      const output = lastOf(now.output === '' ? line : `${now.output}\n${line}`)
      steps = steps.map((step) => (step.id === now.id ? { ...step, output } : step))
      if (performance.now() - told >= tellMs) tell()
    },
    began: () => started.size > 0,
    running,
    // The last: what failed may have taken earlier ones back with it.
    failed: () => steps.findLast((step) => step.state === 'failed' || step.state === 'rolled-back'),
    unfinished: () => steps.some((step) => step.state === 'running' || step.state === 'pending'),
    lastOutput: () => running()?.output ?? '',
    endRunning(why) {
      const now = running()
      if (now !== undefined) put(now.id, { state: 'failed', problem: why })
    },
  }
}

/** What was taken back has no backup any more, and what has another state now says itself what was taken back. */
function kept(step: StepProgress, { state }: Partial<StepProgress>): StepProgress {
  if (state === undefined) return step
  const { takenBack: _before, ...rest } = step
  if (state !== 'rolled-back' && state !== 'cancelled') return rest
  const { backup: _gone, ...bare } = rest
  return bare
}

/** Its time does not go on: what comes later can only be that it was taken back. */
function isOver({ state }: StepProgress): boolean {
  return state !== 'pending' && state !== 'running'
}

/** The end of a long output: that is where the reason stands. */
function lastOf(output: string): string {
  if (output.length <= maxOutput) return output
  const tail = output.slice(1 - maxOutput)
  return `…${tail.slice(tail.indexOf('\n') + 1)}`
}
