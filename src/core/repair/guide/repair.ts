// Repair and Proof: the steps run in one go, then the key and a test build prove them.
import type { Problem } from '../../../shared/outcome.ts'
import type { StepProgress } from '../../../shared/repair.ts'
import type { AdminSession } from '../admin-session.ts'
import type { Planned } from '../plan.ts'
import { base, type Context, rootDenied, toldOf } from './context.ts'
import { showReview } from './review.ts'
import type { Stage } from './stage.ts'
import { look } from './survey.ts'
import { undoAtRest } from './undo.ts'

/** The yes to the plan that is shown. Ends at done, stopped, or the review where it needs another yes. */
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
    const end = await stage.engine.run(session, planned, at.skipped, putSteps, signal)
    at.steps = end.steps
    if (end.cancelled || signal.aborted) return stage.stopAt(null, true)
    if (end.problem !== null) return stage.stopAt(end.problem, false)
    await prove(stage, at, signal)
  })
}

/** Whether the key is let in, and then whether a build runs there. Ends at done. */
export async function prove(stage: Stage, at: Context, signal: AbortSignal): Promise<void> {
  const shown = { phase: 'proof', ...base(at), ...toldOf(at), steps: at.steps, problem: null } as const
  stage.put({ ...shown, key: 'running', build: 'waiting' })
  const refused = await stage.engine.prove(at.target)
  if (signal.aborted) return
  if (refused !== null) {
    // What no step could mend is the better reason.
    const why = at.planned?.plan.unmended[0] ?? refused
    return end(stage, at, { key: 'failed', build: 'waiting', problem: why })
  }
  stage.put({ ...shown, key: 'accepted', build: 'running' })
  const failed = await stage.engine.testBuild(at.target, signal)
  if (signal.aborted) return
  const build = failed === null ? 'passed' : 'failed'
  end(stage, at, { key: 'accepted', build, problem: failed })
}

interface Proof {
  readonly key: 'accepted' | 'failed'
  readonly build: 'waiting' | 'passed' | 'failed'
  readonly problem: Problem | null
}

function end(stage: Stage, at: Context, proof: Proof) {
  const paired = proof.key === 'accepted' && proof.build === 'passed'
  stage.put({
    phase: 'done',
    ...base(at),
    ...toldOf(at),
    paired,
    ...proof,
    steps: at.steps,
    undo: undoAtRest(at),
  })
}
