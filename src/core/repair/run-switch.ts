// How a run's switch ended whose end its own steps could not tell: the link broke off, or the person cancelled.

import type { GoingBack } from '../../shared/guide.ts'
import { problem } from '../../shared/outcome.ts'
import type { StepId } from '../../shared/repair.ts'
import { shellWord } from '../../shared/shell-word.ts'
import type { Board } from './board.ts'
import type { LeftSwitch, RunEnd } from './engine.ts'
import type { GuardKeeper, LeftGuard } from './guard.ts'

export const edits: readonly StepId[] = ['settle-edits', 'place-module', 'import-module', 'set-module']

/** A configuration that was edited and not built goes back to what it was when its run is ended (nixos.sh, at_end). */
export function takenBack(board: Board, which: readonly StepId[]): void {
  for (const { id, state } of board.steps())
    if (which.includes(id) && state === 'done') board.put(id, { state: 'rolled-back' })
}

/**
 * How a switch ended whose link broke off: told by a new connection, once the desktop answers again. One that was
 * cancelled is left to the desktop. null where the steps told their end themselves.
 */
export async function afterGuard(
  keeper: GuardKeeper,
  board: Board,
  host: string,
): Promise<Pick<RunEnd, 'problem' | 'left'> | null> {
  const running = board.running()
  const end = await keeper.end(running !== undefined)
  const guard = keeper.left()
  if (running === undefined || guard === null) return null
  if (end === null) {
    board.put(running.id, { state: 'cancelled', takenBack: 'coming' })
    return { problem: null, left: leave(guard, board, running.id) }
  }
  if (end === 'confirmed') {
    board.put(running.id, { state: 'done' })
    return { problem: board.unfinished() ? problem('net.connection-lost', { host }) : null }
  }
  const why = problem(end === 'rolled-back' ? 'desktop.rolled-back' : 'net.connection-lost', { host })
  if (end === 'rolled-back') takenBack(board, withBuild)
  board.put(running.id, { state: end === 'rolled-back' ? 'rolled-back' : 'failed', problem: why })
  return end === 'rolled-back'
    ? { problem: why }
    : { problem: why, left: { goingBack: toldOf(guard, 'unknown') } }
}

/** What goes back with a system. */
const withBuild: readonly StepId[] = [...edits, 'build-system']

/** The rest is the desktop's own business, which can be watched. */
function leave(guard: LeftGuard, board: Board, id: StepId): LeftSwitch {
  return {
    goingBack: toldOf(guard, 'waiting'),
    async follow(signal) {
      const end = await guard.follow(signal)
      if (end === 'confirmed') board.put(id, { state: 'done' })
      if (end === 'rolled-back') {
        takenBack(board, withBuild)
        board.put(id, { state: 'cancelled' })
      }
      return { state: guardStates[end], steps: board.steps() }
    },
  }
}

const guardStates = { confirmed: 'stayed', 'rolled-back': 'back', unknown: 'unknown' } as const

function toldOf({ seconds, folder }: LeftGuard, state: GoingBack['state']): GoingBack {
  return { state, seconds, look: `tail -f ${shellWord(`${folder}/guard.log`)}` }
}
