// Proof: the builder key and then a test build prove what was done.
import type { Problem } from '../../../shared/outcome.ts'
import { base, type Context, toldOf } from './context.ts'
import type { Stage } from './stage.ts'
import { undoAtRest } from './undo.ts'

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
