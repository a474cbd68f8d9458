// From what Nix said to a cause: pure. The raw words are kept for the details.

import type { CauseCode } from '../../shared/causes.ts'
import { causes } from '../../shared/causes.ts'
import { type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { fingerprintOf, parseKeyLine } from '../desktop/key-blob.ts'
import type { Builder } from '../laptop/facts.ts'
import {
  buildFailed,
  connectionLost,
  daemonEnded,
  hiddenReason,
  noMachine,
  readMachineTable,
  sshEnded,
} from './failure-ends.ts'
import { type FailureText, nixTexts, sshTexts, type Where } from './failure-texts.ts'

/** What a failed run left to judge by. */
export interface Evidence {
  readonly builder: Pick<Builder, 'uri' | 'host' | 'address' | 'keyPath' | 'source' | 'hostKeyLine'>
  /** `laptop`: the payload was being built; `connecting`: no machine had taken the probe; `taken`: one had. */
  readonly where: Where
  /** The outputs were on their way back: what is full or broken then may be this laptop. */
  readonly downloading: boolean
  /** Errors, warnings, log lines and plain lines, oldest first. */
  readonly lines: readonly string[]
}

/** What Nix's words come to. */
export interface Verdict {
  readonly problem: Problem
  /** Nix gave no reason (ssh-ng): somebody else must say it. */
  readonly hidden: boolean
  /** Other builders refused as well: what ssh said where it named nobody may be of any of them. */
  readonly several: boolean
}

const maxRaw = 4_000

/** The cause of a failure. `cannot build on …` comes first: the error at the end is the same for every reason. */
export function judge(evidence: Evidence): Verdict {
  const text = cleanText(evidence.lines.join('\n'), 60_000)
  const raw = rawOf(text)
  // Once a machine has taken the build, what others said before is of no matter.
  const all = evidence.where === 'taken' ? [] : refusalsIn(text)
  const own = all.filter(({ uri }) => uri === evidence.builder.uri)
  const refusals = (own.length > 0 ? own : all).map(({ words }) => words).join('\n')
  const several = new Set(all.map(({ uri }) => uri)).size > 1
  const said = (found: Found): Verdict => ({
    problem: completed(evidence, found, raw),
    hidden: false,
    several,
  })
  const refused = refusals === '' ? null : find([...sshTexts, ...nixTexts], refusals, evidence)
  if (refused !== null) return said(refused)
  const hidden: Verdict = {
    problem: completed(evidence, { cause: 'nix.no-answer', params: {} }, raw),
    hidden: true,
    several,
  }
  if (refusals !== '' && hiddenReason.test(refusals)) {
    // A Nix without a daemon lets ssh speak to the terminal itself: its words stand around the message.
    const aside = several ? null : find(sshTexts, text, evidence)
    return aside === null ? hidden : said(aside)
  }
  const found = find(evidence.where === 'taken' ? nixTexts : [...nixTexts, ...sshTexts], text, evidence)
  if (found !== null) return said(found)
  // A machine that refuses in words that nobody knows is not one that lacks a system or a feature.
  return refusals === '' ? said(fallback(text, evidence)) : hidden
}

/** What the words of a daemon's journal, or of root's own ssh, mean; null where none of them is known. */
export function judgeWords(words: string, evidence: Pick<Evidence, 'builder'>): Problem | null {
  const text = cleanText(words, 60_000)
  const found = find([...sshTexts, ...nixTexts], text, { where: 'connecting', downloading: false })
  return found === null ? null : completed(evidence, found, rawOf(text))
}

/** A problem with every name that its texts and command need, as far as the builder's row knows them. */
export function completed(
  { builder }: Pick<Evidence, 'builder'>,
  found: { readonly cause: CauseCode; readonly params: Params },
  raw?: string,
): Problem {
  const { port, user } = builder.address
  const known: Params = {
    port,
    user,
    key: builder.keyPath ?? '~/.ssh/id_ed25519',
    file: builder.source.file,
    line: builder.source.line,
    ...pinnedKey(builder.hostKeyLine),
    ...found.params,
    host: builder.host,
  }
  const names: readonly string[] = causes[found.cause].params
  const needed = Object.fromEntries(names.map((name) => [name, known[name] ?? '?']))
  return problem(found.cause, { ...needed, ...extra(found.params) }, raw)
}

/** What the machines row says of the host key: ssh's own words name only the key that was offered. */
function pinnedKey(line: string | null): Params {
  const key = line === null ? null : parseKeyLine(line)
  return key === null ? {} : { expected: fingerprintOf(key.blob), source: 'machines' }
}

interface Found {
  readonly cause: CauseCode
  readonly params: Params
}

/** Facts beyond what the texts name, which a program may like to have. */
function extra(params: Params): Params {
  const { stage, seconds } = params
  return { ...(stage === undefined ? {} : { stage }), ...(seconds === undefined ? {} : { seconds }) }
}

const refusal = /^(?:error: )?cannot build on '([^']*)'/

/** Every "cannot build on" message with the lines that belong to it: up to the next word of Nix itself. */
function refusalsIn(text: string): readonly { readonly uri: string; readonly words: string }[] {
  const parts = text.split(/^(?=(?:error: )?cannot build on ')/m)
  return parts.flatMap((part) => {
    const uri = refusal.exec(part)?.[1]
    const words = part.split(/^(?:Failed to find a machine|[Uu]nable to start any build)/m)[0]
    return uri === undefined || words === undefined ? [] : [{ uri, words }]
  })
}

function find(
  table: readonly FailureText[],
  text: string,
  evidence: Pick<Evidence, 'where' | 'downloading'>,
): Found | null {
  for (const row of table) {
    const match = row.says.exec(text)
    if (match === null) continue
    const where = evidence.downloading ? 'laptop' : evidence.where
    const cause = typeof row.cause === 'string' ? row.cause : row.cause[onDisk(row) ? where : evidence.where]
    return refined(cause, row.params?.(match, text) ?? {})
  }
  return null
}

/** While outputs come back it is this laptop that writes; the daemon in question stays the desktop's. */
function onDisk(row: FailureText): boolean {
  return typeof row.cause !== 'string' && row.cause.laptop === 'laptop.disk-full'
}

/** One wording, several causes: told apart by its values. */
function refined(cause: CauseCode, params: Params): Found {
  const { expected, found, what, status } = params
  if (cause === 'nix.system-mismatch' && expected === found && what !== '')
    return { cause: 'nix.feature-missing', params }
  if (cause === 'cache.port-closed' && status !== undefined) return { cause: 'cache.http-error', params }
  if (cause === 'cache.port-closed' && /time/i.test(String(what ?? '')))
    return { cause: 'cache.timeout', params }
  return { cause, params }
}

function fallback(text: string, evidence: Evidence): Found {
  if (daemonEnded.test(text) && !buildFailed.test(text) && !sshEnded.test(text))
    return { cause: 'laptop.daemon-ended', params: {} }
  if (evidence.where === 'laptop') return { cause: 'laptop.nix-failed', params: { what: lastError(text) } }
  // Said by the desktop's own Nix (its max-jobs is 0), it is no word about this laptop's builders.
  if (noMachine.test(text) && evidence.where !== 'taken') return unsuited(text)
  if (buildFailed.test(text) && !connectionLost.test(text)) return { cause: 'nix.build-failed', params: {} }
  if (connectionLost.test(text)) return { cause: 'net.connection-lost', params: {} }
  if (evidence.where === 'taken') return { cause: 'nix.build-failed', params: {} }
  return { cause: 'laptop.nix-failed', params: { what: lastError(text) } }
}

/** No machine refused, yet none was found: then none fits, or none is set up. */
function unsuited(text: string): Found {
  const table = readMachineTable(text)
  if (table !== null && table.count > 0 && !table.systems.includes(table.system))
    return {
      cause: 'nix.system-mismatch',
      params: { expected: table.system, found: table.systems.join(', ') },
    }
  if (table !== null && table.count > 0)
    return { cause: 'nix.feature-missing', params: { what: table.features.join(', ') || '?' } }
  if (/may not have all required system features/.test(text))
    return { cause: 'nix.feature-missing', params: { what: '?' } }
  return { cause: 'laptop.distributed-builds-off', params: {} }
}

function lastError(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const line = lines.findLast((one) => one.startsWith('error:')) ?? lines.findLast((one) => one !== '') ?? ''
  return line.replace(/^error:\s*/, '').slice(0, 300) || '?'
}

/** The words worth showing: the end is what matters. */
export function rawOf(text: string): string {
  return text.length <= maxRaw ? text : `…${text.slice(text.length - maxRaw + 1)}`
}
