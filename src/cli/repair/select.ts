// Which steps a command line keeps: --only and --skip over a plan, with what the steps need of each other. Pure.
import type { RepairPlan, StepId } from '../../shared/repair.ts'
import { leftOutWith, neededFor } from '../../shared/step-needs.ts'

export type Selection =
  | { readonly ok: true; readonly skipped: readonly StepId[] }
  /** A step was asked for by name, and what it cannot be done without was not. */
  | { readonly ok: false; readonly step: StepId; readonly needs: readonly StepId[] }

/** --only keeps the named and refuses to guess what they need; --skip takes with it what falls. */
export function selectSteps(
  plan: RepairPlan,
  only: readonly StepId[] | null,
  skip: readonly StepId[],
): Selection {
  const planned = plan.steps.map(({ id }) => id)
  const left = planned.filter((id) => skip.includes(id) || (only !== null && !only.includes(id)))
  const skipped = leftOutWith(plan, left)
  for (const step of only ?? []) {
    if (!skipped.includes(step)) continue
    return { ok: false, step, needs: neededFor(plan, step).filter((id) => left.includes(id)) }
  }
  return { ok: true, skipped }
}
