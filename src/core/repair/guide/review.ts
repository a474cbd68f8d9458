// Review: the plan is shown, and nothing of it has run yet; the person skips, chooses, and says yes elsewhere.
import type { Problem } from '../../../shared/outcome.ts'
import type { StepId } from '../../../shared/repair.ts'
import { leftOutAfter, leftOutWith } from '../../../shared/step-needs.ts'
import { base, type Context, rootDenied } from './context.ts'
import type { Stage } from './stage.ts'

/** What a person may change about a step before it runs. */
export interface StepWish {
  readonly skip?: boolean
  readonly option?: string
}

/** Plans anew from what was found and chosen, and shows that. */
export function showReview(stage: Stage, at: Context, why: Problem | null): void {
  if (at.facts === null) return
  at.planned = stage.engine.plan(at.facts, at.target, at.choices)
  // Another plan may have other steps; none of them stays in without what it needs.
  at.skipped = leftOutWith(at.planned.plan, at.skipped)
  stage.put({
    phase: 'review',
    ...base(at),
    admin: at.session?.user ?? '',
    plan: at.planned.plan,
    ...(at.report === null ? {} : { report: at.report }),
    ...(at.planned.keyLines === undefined ? {} : { keyLines: at.planned.keyLines }),
    skipped: at.skipped,
    asksSudoPassword: at.facts.rights.kind === 'needs-password',
    problem: why,
  })
}

/** What needs a step falls with it, and what a step needs comes back with it. */
export function choose(stage: Stage, step: StepId, { skip, option }: StepWish): void {
  const at = stage.context()
  if (stage.state().phase !== 'review' || at === null || at.planned === null) return
  if (skip !== undefined) at.skipped = leftOutAfter(at.planned.plan, at.skipped, step, skip)
  if (option !== undefined) at.choices = { ...at.choices, [step]: option }
  showReview(stage, at, rootDenied(at))
}
