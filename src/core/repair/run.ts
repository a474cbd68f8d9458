// Runs a plan's steps in one exec and tells how each goes: the desktop's news become StepProgress.
import { randomBytes } from 'node:crypto'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { StepId, StepProgress } from '../../shared/repair.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { AdminSession } from './admin-session.ts'
import { createBoard, maxOutput } from './board.ts'
import { createEar } from './ear.ts'
import type { RunEnd } from './engine.ts'
import { keepGuard } from './guard.ts'
import type { Planned } from './plan.ts'
import { afterGuard, edits, takenBack } from './run-switch.ts'
import { type StepCode, stepSeconds, stepsProgram } from './sh.ts'

/** A rebuild of a whole system says much. */
const maxBytes = 16 * 1024 * 1024

/** Each step ends itself in its own time, and may then be rolled back: this is for a desktop that does neither. */
function deadlineOf(codes: readonly StepCode[]): number {
  return 30_000 + codes.reduce((sum, { seconds = stepSeconds }) => sum + seconds * 1000 + 5000, 0)
}

/** See RepairEngine.run. */
export async function runSteps(
  session: AdminSession,
  planned: Planned,
  skipped: readonly StepId[],
  onProgress: (steps: readonly StepProgress[]) => void,
  signal: AbortSignal,
): Promise<RunEnd> {
  const board = createBoard(planned, skipped, onProgress)
  const codes = planned.plan.steps.flatMap(({ id }) => {
    const code = planned.codes.get(id)
    return code === undefined || skipped.includes(id) ? [] : [code]
  })
  if (codes.length === 0) return { steps: board.steps(), problem: null, cancelled: false }
  const token = randomBytes(12).toString('hex')
  const keeper = keepGuard(session, signal)
  const ran = await session.run(stepsProgram(token, codes), 'root', {
    deadlineMs: deadlineOf(codes),
    maxBytes,
    signal: keeper.signal,
    hangUp: signal,
    watched: true,
    onOutput: createEar(token, board, keeper.hear),
  })
  const cancelled = signal.aborted
  const guarded = await afterGuard(keeper, board, planned.plan.host)
  if (guarded !== null) return { steps: board.steps(), ...guarded, cancelled }
  if ((cancelled || !ran.ok) && !keeper.isArmed()) takenBack(board, edits)
  if (cancelled && board.running() === undefined) return { steps: board.steps(), problem: null, cancelled }
  if (!ran.ok) {
    const gone = ran.problem.cause === 'ssh.protocol-error' && board.began()
    const why = gone
      ? problem('net.connection-lost', { host: planned.plan.host }, ran.problem.raw)
      : ran.problem
    board.endRunning(why)
    return { steps: board.steps(), problem: why, cancelled }
  }
  const failed = board.failed()
  if (failed !== undefined) {
    const why = failed.problem ?? whyFailed(failed.output, planned, session)
    board.put(failed.id, { problem: why })
    return { steps: board.steps(), problem: why, cancelled }
  }
  if (ran.value.ended === 'exit' && ran.value.code === 0 && !board.unfinished())
    return { steps: board.steps(), problem: null, cancelled }
  const what = cleanText(board.lastOutput() || ran.value.stderr || ran.value.ended, 300)
  const why = problem('desktop.repair-failed', { host: planned.plan.host, what })
  board.endRunning(why)
  return { steps: board.steps(), problem: why, cancelled }
}

/** Runs codes outside of a plan, as undo does; null: all went well. */
export async function runCodes(
  session: AdminSession,
  host: string,
  file: string,
  codes: readonly StepCode[],
): Promise<Problem | null> {
  const token = randomBytes(12).toString('hex')
  const limits = { deadlineMs: deadlineOf(codes), maxBytes, watched: true }
  const ran = await session.run(stepsProgram(token, codes), 'root', limits)
  if (!ran.ok) return ran.problem
  if (ran.value.code === 0) return null
  return wordsOf(ran.value.stdout.replaceAll(new RegExp(`^@${token} .*$`, 'gm'), ''), host, file)
}

function whyFailed(output: string, { plan, key }: Planned, session: AdminSession): Problem {
  return wordsOf(output, String(session.params['host'] ?? plan.host), key?.file ?? '')
}

/** The cause in a failed step's output; the words are coreutils', in the C locale. */
function wordsOf(output: string, host: string, file: string): Problem {
  const raw = cleanText(output, maxOutput)
  if (/No space left on device|Disk quota exceeded/i.test(output))
    return problem('desktop.disk-full', { host, file }, raw)
  if (/Read-only file system/i.test(output)) return problem('desktop.read-only', { host, file }, raw)
  const what = cleanText(
    raw
      .split('\n')
      .filter((line) => line.trim() !== '')
      .at(-1) ?? '?',
    200,
  )
  return problem('desktop.repair-failed', { host, what: what.replace(/[.\s]+$/, '') || '?' }, raw)
}
