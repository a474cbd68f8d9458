// What the last test build says about a builder, and how long its word holds.
import { type CauseCode, causes } from '../../shared/causes.ts'
import type { Params, Problem } from '../../shared/outcome.ts'
import type { BuilderCheckId } from '../../shared/status.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import type { Builder } from '../laptop/facts.ts'
import { type Kept, type KeptTestBuild, maxText } from './kept-schema.ts'

const hour = 3_600_000

/** How long a passed test build proves what nothing else can, in ms. */
export const passedHoldsMs = 24 * hour
/** How long a failed one is held against the desktop, in ms: it may have been mended since, and only another one tells. */
export const failedHoldsMs = hour

export type TestVerdict =
  /** sameHostKey: the desktop shows the very host key that it showed when the test build passed. */
  | { readonly state: 'passed'; readonly at: string; readonly sameHostKey: boolean }
  | {
      readonly state: 'failed'
      readonly at: string
      readonly check: BuilderCheckId
      readonly problem: Problem
    }

/** The builder's row in a word: a proof holds only while it stays the same. */
export function rowOf(builder: Builder): string {
  const { uri, address, keyPath, hostKeyLine } = builder
  const { host, port, user, hostKeyAlias } = address
  const alias = hostKeyAlias === undefined ? [] : [hostKeyAlias]
  return JSON.stringify([uri, host, port, user, keyPath, hostKeyLine, ...alias])
}

/**
 * The verdict that still holds for a builder; null where there is none. `offered` is the fingerprint that the desktop
 * shows now (null: not seen): a proof given under another host key is void.
 */
export function testVerdict(
  kept: Kept,
  builder: Builder,
  offered: string | null,
  now: number,
): TestVerdict | null {
  const one = kept.testBuilds[builder.id]
  if (one === undefined || one.row !== rowOf(builder)) return null
  if (offered !== null && one.fingerprint !== null && offered !== one.fingerprint) return null
  const age = now - Date.parse(one.at)
  if (age < -hour || age > (one.verdict.ok ? passedHoldsMs : failedHoldsMs)) return null
  if (one.verdict.ok)
    return { state: 'passed', at: one.at, sameHostKey: offered !== null && offered === one.fingerprint }
  const problem = problemOf(one.verdict)
  return { state: 'failed', at: one.at, check: checkOf(problem.cause), problem }
}

/** The kept state with a test build noted; a cancelled one, or one that chose no known builder, proves nothing. */
export function withTestBuild(
  kept: Kept,
  builders: readonly Builder[],
  result: TestBuildResult,
  at: string,
): Kept {
  const builder =
    builders.find((one) => one.id === result.builder) ?? builders.find((one) => one.uri === result.uri)
  if (builder === undefined || (!result.ok && (result.cancelled || isOurOwn(result.problem)))) return kept
  const verdict: KeptTestBuild['verdict'] = result.ok
    ? { ok: true, outPath: result.outPath }
    : { ok: false, ...cut(result.problem) }
  const fingerprint = kept.fingerprints[builder.id] ?? null
  const entry: KeptTestBuild = { at, row: rowOf(builder), fingerprint, verdict }
  return { ...kept, testBuilds: { ...kept.testBuilds, [builder.id]: entry } }
}

/** The outputs of passed test builds, newest first: paths that the desktop's cache must have. */
export function provenPaths(kept: Kept): readonly string[] {
  return Object.values(kept.testBuilds)
    .sort((a, b) => b.at.localeCompare(a.at))
    .flatMap((one) => (one.verdict.ok ? [one.verdict.outPath] : []))
}

/** The check that a test build's cause belongs to. */
function checkOf(cause: CauseCode): BuilderCheckId {
  if (cause === 'ssh.port-closed' || cause.startsWith('net.')) return 'reachable'
  if (cause === 'ssh.key-refused' || cause.startsWith('laptop.builder-key')) return 'builder-key'
  return /^(ssh|laptop\.host-key)/.test(cause) ? 'host-key' : 'remote-nix'
}

/** Our own patience ended these: the desktop may be as well as ever. */
const sayNothing: readonly CauseCode[] = ['nix.busy', 'nix.too-slow']

/** What the laptop's own survey judges better, and at once when it is mended; and what says nothing of the desktop. */
function isOurOwn(problem: Problem): boolean {
  if (sayNothing.includes(problem.cause)) return true
  return problem.cause.startsWith('laptop.') && !/^laptop\.(builder|host)-key/.test(problem.cause)
}

function problemOf(verdict: Extract<KeptTestBuild['verdict'], { ok: false }>): Problem {
  const known = Object.hasOwn(causes, verdict.cause)
  return {
    cause: known ? (verdict.cause as CauseCode) : 'nix.build-failed',
    ...(verdict.params === undefined ? {} : { params: verdict.params }),
    ...(verdict.raw === undefined ? {} : { raw: verdict.raw }),
  }
}

function cut(problem: Problem): { cause: string; params?: Record<string, string | number>; raw?: string } {
  return {
    cause: problem.cause,
    ...(problem.params === undefined ? {} : { params: cutParams(problem.params) }),
    ...(problem.raw === undefined ? {} : { raw: problem.raw.slice(0, maxText) }),
  }
}

function cutParams(params: Params): Record<string, string | number> {
  const entries = Object.entries(params)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, maxText) : value]),
  )
}
