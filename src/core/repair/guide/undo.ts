// Undo: takes this laptop's key out again, or puts the old file back, while the admin's session lasts.
import type { GuideState, UndoKind, UndoState } from '../../../shared/guide.ts'
import type { StepId, StepProgress } from '../../../shared/repair.ts'
import { takeBackCode } from '../sh.ts'
import { base, type Context } from './context.ts'
import type { Stage } from './stage.ts'

/** At done, and after a step that failed; at the review, too, where a key of before may be taken out and nothing else is done. */
export async function undo(stage: Stage, kind: UndoKind): Promise<void> {
  const at = stage.context()
  if (!at?.session || at.planned === null) return
  if (stage.state().phase === 'review' && kind === 'remove-key') stage.put(atRest(at))
  const end = stage.state()
  if ((end.phase !== 'done' && end.phase !== 'stopped') || end.undo === undefined || end.undo.busy) return
  const { undo: before } = end
  const { session, planned } = at
  await stage.work(async (signal) => {
    stage.put({ ...end, undo: { ...before, busy: true, problem: null } })
    const undone = await stage.engine.undo(session, planned, kind, at.steps)
    if (signal.aborted) return
    const next: UndoState = undone.ok
      ? { can: [], busy: false, done: kind, problem: null }
      : { ...undoAtRest(at), problem: undone.problem }
    if (undone.ok) at.steps = withTakenBack(at, kind)
    const told = { steps: at.steps, undo: next }
    stage.put(
      end.phase === 'done' ? { ...end, ...told, paired: end.paired && !undone.ok } : { ...end, ...told },
    )
  })
}

/** The steps as they stand after it: nobody may read that a change still stands. */
function withTakenBack(at: Context, kind: UndoKind): readonly StepProgress[] {
  const taken = ({ id, state }: StepProgress) =>
    state === 'done' && (id === 'push-key' || (kind === 'all' && hasWayBack(at, id)))
  return at.steps.map((step) => (taken(step) ? { ...step, state: 'rolled-back' } : step))
}

/** Where nothing was run: a key of before may still be taken out. */
function atRest(at: Context): GuideState {
  const proof = { paired: false, key: 'failed', build: 'waiting', problem: null, steps: [] } as const
  return { phase: 'done', ...base(at), ...proof, undo: undoAtRest(at) }
}

/** Where the push kept the file that it changed; null where it made the file, or changed nothing. */
function backupOf(at: Context): string | null {
  return at.steps.find((step) => step.id === 'push-key')?.backup ?? null
}

/** What can be taken back of what was run. */
export function undoAtRest(at: Context): UndoState {
  const pushed = at.steps.some((step) => step.id === 'push-key' && step.state === 'done')
  const all: readonly UndoKind[] = canTakeBack(at) ? ['all'] : []
  const can: readonly UndoKind[] = !pushed
    ? all
    : backupOf(at) === null
      ? ['remove-key', ...all]
      : ['remove-key', 'restore', ...all]
  return { can, busy: false, done: null, problem: null }
}

/** Whether more than the key's line was changed, and some of that can be taken back. */
function canTakeBack(at: Context): boolean {
  return at.steps.some(({ id, state }) => state === 'done' && id !== 'push-key' && hasWayBack(at, id))
}

function hasWayBack({ planned }: Context, id: StepId): boolean {
  const code = planned?.codes.get(id)
  return code !== undefined && takeBackCode(code) !== null
}
