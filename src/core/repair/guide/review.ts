// Review: the plan is shown, and nothing of it has run yet; the person skips, chooses, and says yes elsewhere.
import type { Problem } from '../../../shared/outcome.ts'
import type { StepId } from '../../../shared/repair.ts'
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
  stage.put({
    phase: 'review',
    ...base(at),
    admin: at.session?.user ?? '',
    plan: at.planned.plan,
    skipped: at.skipped,
    asksSudoPassword: at.facts.rights.kind === 'needs-password',
    problem: why,
  })
}

export function choose(stage: Stage, step: StepId, { skip, option }: StepWish): void {
  const at = stage.context()
  if (stage.state().phase !== 'review' || at === null) return
  const others = at.skipped.filter((id) => id !== step)
  if (skip !== undefined) at.skipped = skip ? [...others, step] : others
  if (option !== undefined) at.choices = { ...at.choices, [step]: option }
  showReview(stage, at, rootDenied(at))
}
