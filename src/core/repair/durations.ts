// How long each step took in the last repairs of this laptop, for a plan's "about N s": a small file in the state folder.
import { join } from 'node:path'
import * as v from 'valibot'
import type { RepairPlan, StepProgress } from '../../shared/repair.ts'
import type { AppPaths } from '../config/paths.ts'
import { replaceStateFile } from '../config/state-file.ts'
import { readText } from '../laptop/read-text.ts'

/** Step -> its last durations, in ms, the newest first. */
export type Durations = Readonly<Record<string, readonly number[]>>

const schema = v.record(v.string(), v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400_000))))
const maxBytes = 64 * 1024
/** One odd run among so many does not make the estimate. */
const kept = 5

export interface DurationsFile {
  /** What is known; nothing where the file is missing or not understood: then the usual times stand. */
  read(): Promise<Durations>
  /** Adds what these steps took. Throws where the file cannot be written. */
  add(before: Durations, steps: readonly StepProgress[]): Durations
}

export function durationsFile(paths: Pick<AppPaths, 'state'>): DurationsFile {
  const file = join(paths.state, 'repair-durations.json')
  return {
    async read() {
      const content = await readText(file, maxBytes)
      if (content.state !== 'read' || content.truncated) return {}
      try {
        const parsed = v.safeParse(schema, JSON.parse(content.text))
        return parsed.success ? parsed.output : {}
      } catch {
        return {} // no JSON: nothing is known
      }
    },
    add(before, steps) {
      const after = withSteps(before, steps)
      if (after !== before) replaceStateFile(file, `${JSON.stringify(after)}\n`)
      return after
    },
  }
}

/** Only what was done tells how long it takes. */
export function withSteps(before: Durations, steps: readonly StepProgress[]): Durations {
  const done = steps.filter(({ state, ms }) => state === 'done' && ms > 0)
  if (done.length === 0) return before
  const added = done.map(
    ({ id, ms }) => [id, [Math.round(ms), ...(before[id] ?? [])].slice(0, kept)] as const,
  )
  return { ...before, ...Object.fromEntries(added) }
}

/** The plan, each step that ran before with its middle time. */
export function withUsual(plan: RepairPlan, known: Durations): RepairPlan {
  const steps = plan.steps.map((step) => {
    const middle = middleOf(known[step.id] ?? [])
    return middle === null ? step : { ...step, usualSeconds: middle / 1000 }
  })
  return { ...plan, steps }
}

function middleOf(times: readonly number[]): number | null {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? null
}
