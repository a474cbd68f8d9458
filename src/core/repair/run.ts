// Runs a plan's steps in one exec and tells how each goes: the desktop's news become StepProgress.
import { randomBytes } from 'node:crypto'
import { type CauseCode, causes } from '../../shared/causes.ts'
import { shellWord } from '../../shared/command.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import { type GoingBack, type StepId, type StepProgress, stepStates } from '../../shared/repair.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { AdminSession } from './admin-session.ts'
import type { LeftSwitch, RunEnd } from './engine.ts'
import { type GuardKeeper, type GuardNews, keepGuard, type LeftGuard } from './guard.ts'
import type { Planned } from './plan.ts'
import { type StepCode, stepSeconds, stepsProgram } from './sh.ts'

/** A rebuild of a whole system says much. */
const maxBytes = 16 * 1024 * 1024
const maxOutput = 4000
/** How often output that only grows is told. */
const tellMs = 100

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

const edits: readonly StepId[] = ['place-module', 'import-module', 'set-module']

/** A configuration that was edited and not built goes back to what it was when its run is ended (nixos.sh, at_end). */
function takenBack(board: Board, which: readonly StepId[]): void {
  for (const { id, state } of board.steps())
    if (which.includes(id) && state === 'done') board.put(id, { state: 'rolled-back' })
}

/**
 * How a switch ended whose link broke off: told by a new connection, once the desktop answers again. One that was
 * cancelled is left to the desktop. null where the steps told their end themselves.
 */
async function afterGuard(
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

interface Board {
  readonly host: string
  steps(): readonly StepProgress[]
  put(id: string, more: Partial<Omit<StepProgress, 'id'>>): void
  say(text: string): void
  began(): boolean
  running(): StepProgress | undefined
  failed(): StepProgress | undefined
  unfinished(): boolean
  lastOutput(): string
  endRunning(why: Problem): void
}

/** The steps as they stand; each change is told. */
function createBoard(
  { plan }: Planned,
  skipped: readonly StepId[],
  onProgress: (steps: readonly StepProgress[]) => void,
): Board {
  let steps: readonly StepProgress[] = plan.steps.map(({ id }) => ({
    id,
    state: skipped.includes(id) ? 'skipped' : 'pending',
    output: '',
    ms: 0,
  }))
  const started = new Map<string, number>()
  const running = () => steps.find((step) => step.state === 'running')
  let told = 0
  const tell = () => {
    told = performance.now()
    onProgress(steps)
  }
  const put = (id: string, more: Partial<Omit<StepProgress, 'id'>>) => {
    if (more.state === 'running') started.set(id, performance.now())
    const ms = performance.now() - (started.get(id) ?? performance.now())
    const timed = (step: StepProgress) => more.state !== undefined && !isOver(step)
    steps = steps.map((step) =>
      step.id === id ? { ...kept(step, more), ...more, ms: timed(step) ? ms : step.ms } : step,
    )
    tell()
  }
  return {
    host: plan.host,
    steps: () => steps,
    put,
    say(text) {
      const now = running()
      const line = cleanText(text, maxOutput)
      if (now === undefined || line === '') return
      const output = lastOf(now.output === '' ? line : `${now.output}\n${line}`)
      steps = steps.map((step) => (step.id === now.id ? { ...step, output } : step))
      if (performance.now() - told >= tellMs) tell()
    },
    began: () => started.size > 0,
    running,
    // The last: what failed may have taken earlier ones back with it.
    failed: () => steps.findLast((step) => step.state === 'failed' || step.state === 'rolled-back'),
    unfinished: () => steps.some((step) => step.state === 'running' || step.state === 'pending'),
    lastOutput: () => running()?.output ?? '',
    endRunning(why) {
      const now = running()
      if (now !== undefined) put(now.id, { state: 'failed', problem: why })
    },
  }
}

/** What was taken back has no backup any more, and what has another state now says itself what was taken back. */
function kept(step: StepProgress, { state }: Partial<StepProgress>): StepProgress {
  if (state === undefined) return step
  const { takenBack: _before, ...rest } = step
  if (state !== 'rolled-back' && state !== 'cancelled') return rest
  const { backup: _gone, ...bare } = rest
  return bare
}

/** Its time does not go on: what comes later can only be that it was taken back. */
function isOver({ state }: StepProgress): boolean {
  return state !== 'pending' && state !== 'running'
}

/** The end of a long output: that is where the reason stands. */
function lastOf(output: string): string {
  if (output.length <= maxOutput) return output
  const tail = output.slice(1 - maxOutput)
  return `…${tail.slice(tail.indexOf('\n') + 1)}`
}

/** Takes output as it comes, in whole lines: news of steps for the board, the rest as the running step's output. */
function createEar(token: string, board: Board, onGuard: (news: GuardNews) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = `${rest}${text}`.split('\n')
    rest = (lines.pop() ?? '').slice(-8192)
    for (const line of lines) {
      const news = line.startsWith(`@${token} `) ? readNews(line.slice(token.length + 2)) : null
      if (news === null) board.say(line)
      else if (news.guard !== undefined) onGuard(news.guard)
      else {
        const { id, state, backup, takenBack, why } = news
        const found = why === undefined ? {} : { problem: whyOf(why, board) }
        const kept = backup === undefined ? {} : { backup }
        board.put(id, { state, ...kept, ...(takenBack === undefined ? {} : { takenBack }), ...found })
      }
    }
  }
}

/** The words a step gave go where its cause has room for them. */
function whyOf({ cause, what }: { readonly cause: CauseCode; readonly what: string }, board: Board): Problem {
  const all = { host: board.host, what, file: what }
  const names: readonly string[] = causes[cause].params
  const params = Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
  return problem(cause, params, board.lastOutput())
}

interface StepNews extends Pick<StepProgress, 'state' | 'backup' | 'takenBack'> {
  readonly id: string
  readonly why?: { readonly cause: CauseCode; readonly what: string }
  readonly guard?: undefined
}

function readNews(json: string): StepNews | { readonly guard: GuardNews } | null {
  try {
    const news = JSON.parse(json) as Record<string, unknown>
    const guard = readGuardNews(news)
    if (guard !== null) return { guard }
    const { id, state, cause } = news
    const known = stepStates.find((one) => one === state)
    if (typeof id !== 'string' || known === undefined) return null
    const backup = textOf(news['backup'])
    const why = isCause(cause) ? { why: { cause, what: cleanText(textOf(news['what']) ?? '', 200) } } : {}
    // A path that cannot be shown as it is was not made by our script.
    return {
      id,
      state: known,
      ...why,
      ...(news['takenBack'] === 'no' ? { takenBack: 'no' } : {}),
      ...(backup !== null && cleanText(backup) === backup ? { backup } : {}),
    }
  } catch {
    return null // not ours: output that looks like it
  }
}

function readGuardNews({ guard, seconds, ask }: Record<string, unknown>): GuardNews | null {
  if (ask === 'confirm') return 'confirm'
  if (typeof guard !== 'string' || typeof seconds !== 'number') return null
  return { folder: guard, seconds }
}

/** The scripts write a byte as a character. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : null
}

function isCause(value: unknown): value is CauseCode {
  return typeof value === 'string' && Object.hasOwn(causes, value)
}
