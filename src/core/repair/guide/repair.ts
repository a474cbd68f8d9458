// Repair: the steps run in one go; then comes what this laptop itself needs, and the proof.
import type { StepProgress } from '../../../shared/repair.ts'
import type { AdminSession } from '../admin-session.ts'
import type { Planned } from '../plan.ts'
import { base, type Context, rootDenied } from './context.ts'
import { laptopAfterRepair, needsMeanwhile } from './laptop.ts'
import { prove } from './proof.ts'
import { showReview } from './review.ts'
import type { Stage } from './stage.ts'
import { look } from './survey.ts'

/** The yes to the plan that is shown. Ends at laptop, done, stopped, or the review where it needs another yes. */
export async function apply(stage: Stage, yes: { readonly sudoPassword?: string }): Promise<void> {
  const at = stage.context()
  if (stage.state().phase !== 'review' || !at?.session || at.planned === null || at.facts === null) return
  const { session, planned } = at
  const left = planned.plan.steps.filter(({ id }) => !at.skipped.includes(id))
  const denied = left.some((step) => step.needsRoot) ? rootDenied(at) : null
  if (denied !== null) return showReview(stage, at, denied)
  if (at.facts.rights.kind !== 'needs-password') return repair(stage, at, session, planned)
  if (yes.sudoPassword === undefined || at.sudoTriesLeft <= 0) return
  // What root sees may be more than what was shown: such a plan is shown first, and needs a yes of its own.
  session.giveSudoPassword(yes.sudoPassword)
  await stage.work((signal) => look(stage, at, session, signal, true))
}

function repair(stage: Stage, at: Context, session: AdminSession, planned: Planned): Promise<void> {
  return stage.work(async (signal) => {
    const { plan } = planned
    const putSteps = (steps: readonly StepProgress[]) => {
      at.steps = steps
      const { phase } = stage.state()
      if (phase === 'closed' || phase === 'stopped') return
      stage.put({ phase: 'repair', ...base(at), cancelling: signal.aborted, plan, steps })
    }
    putSteps(plan.steps.map(({ id }) => ({ id, state: 'pending', output: '', ms: 0 })))
    const runs = plan.steps.map(({ id }) => id).filter((id) => !at.skipped.includes(id))
    const early = needsMeanwhile(stage, at, runs, signal)
    const end = await stage.engine.run(session, planned, at.skipped, putSteps, signal)
    at.steps = end.steps
    at.left = end.left ?? null
    if (end.cancelled || signal.aborted) return stage.stopAt(null, true)
    if (end.problem !== null) return stage.stopAt(end.problem, false)
    if (await laptopAfterRepair(stage, at, early, signal)) return
    if (!signal.aborted) await prove(stage, at, signal)
  })
}
