// What root's ssh left, and what it makes of a test build whose reason Nix hid: pure.
import { type Problem, problem } from '../../shared/outcome.ts'
import type { RootSaid, TestBuildResult } from '../../shared/test-build.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { Builder } from '../laptop/facts.ts'
import { commandText, type RootQuestion } from './root-question.ts'
import { readServeAnswer } from './serve-question.ts'
import { judgeWords } from './verdict.ts'

/** What came of the asking. */
export type RootAnswer =
  /** Root's ssh ran and did not get its answer. `judged`: with what -v adds of the host key. */
  | { readonly state: 'heard'; readonly words: string; readonly judged: string }
  | { readonly state: 'answers' }
  | { readonly state: 'refused'; readonly problem: Problem }
  | { readonly state: 'cancelled' }

/** How a program that was to become root ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Of Nix's words and root's together; asked again and again they would grow. */
const maxRaw = 10_000

type Failed = Extract<TestBuildResult, { ok: false }>

/** Whether Nix hid the reason of this failure, so that asking root makes sense. */
export function isHidden(result: TestBuildResult): result is Failed {
  return !result.ok && !result.cancelled && result.problem.cause === 'nix.no-answer'
}

/** The row that a run was on, where it is among these. */
export function rowOfRun(result: Failed, builders: readonly Builder[]): Builder | null {
  const byUri = builders.find((one) => one.uri === result.uri)
  return byUri ?? builders.find((one) => one.id === result.builder) ?? null
}

/** A finished run with what root was told: its exact cause, or a word on why there is none. Pure. */
export function sharpened(
  result: Failed,
  builder: Builder,
  question: RootQuestion,
  answer: RootAnswer,
): Failed {
  if (answer.state === 'cancelled') return result
  if (answer.state !== 'heard') return { ...result, asRoot: answer }
  const found = judgeWords(answer.judged, { builder })
  // What tells most stands first: a long text is cut at its end where it is kept.
  const raw = [`# ${commandText(question)}`, answer.words, result.problem.raw].filter(Boolean).join('\n')
  const asRoot: RootSaid = { state: found === null ? 'unknown' : 'told' }
  return { ...result, problem: { ...(found ?? result.problem), raw: raw.slice(0, maxRaw) }, asRoot }
}

/** What root was told, as far as it ran at all. */
export function readAnswer({ code, stdout, stderr }: Ran): RootAnswer {
  const lines = cleanText(stderr, 64 * 1024).split('\n')
  // Of all that was started only ssh says its name so; a password that was not given lets none of it run.
  if (!lines.some((line) => sshBegan.test(line)))
    return refused('laptop.pkexec-refused', {}, lines.join('\n').trim().slice(0, 4_000))
  const { before, whole } = readServeAnswer(stdout)
  if (whole && before.length === 0 && code === 0) return { state: 'answers' }
  const noise =
    before.length === 0 ? [] : [`protocol mismatch, got '${cleanText(before.toString(), 300).trim()}'`]
  const words = [...lines.filter((line) => line.trim() !== '' && !chatter.test(line)), ...noise]
  const shown = words.join('\n').slice(0, 4_000)
  const hostKey = lines.filter((line) => line.startsWith('debug1: Server host key: '))
  return { state: 'heard', words: shown, judged: [...words, ...hostKey].join('\n') }
}

/** The first line of `ssh -v`; since OpenSSH 10, or somewhat before, as a debug line. */
export const sshBegan = /^(?:debug1: )?OpenSSH_/m

/** What -v adds of its own. */
const chatter = /^(?:debug\d: |OpenSSH_|Authenticated to |Transferred: sent |Bytes per second: )/

/** Nobody became root. */
export function refused(...[cause, params, raw]: Parameters<typeof problem>): RootAnswer {
  return { state: 'refused', problem: problem(cause, params, raw) }
}
