// Hears a run: news of steps and of a guard among what the desktop says, each a line behind the run's token.
import { type CauseCode, causes } from '../../shared/causes.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import { type StepProgress, stepStates } from '../../shared/repair.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { Board } from './board.ts'
import type { GuardNews } from './guard.ts'

/** Takes output as it comes, in whole lines: news of steps for the board, the rest as the running step's output. */
export function createEar(
  token: string,
  board: Board,
  onGuard: (news: GuardNews) => void,
): (text: string) => void {
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
