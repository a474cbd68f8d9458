// The truth that every face shows: checks, the Snapshot made of them, and the one function that derives Overall.
//
//   unconfigured --a builder appears--> checking --first proof--> ready | degraded | local | blocked
//   ready <--slots busy / free--> building          any --pause--> paused --resume--> checking
//   ready --something is wrong--> degraded --no usable builder--> local (or blocked: nothing builds here either)
import { advice, deadCache, nothingSetUp, stopsEveryBuild, stopsOffloading } from './cause-effects.ts'
import type { CauseCode } from './causes.ts'
import type { Params } from './outcome.ts'

export const builderCheckIds = ['reachable', 'host-key', 'builder-key', 'remote-nix'] as const
export const cacheCheckIds = ['cache-info', 'cache-signature'] as const
export const laptopCheckIds = ['nix-config', 'builder-key-file', 'cache-trust', 'fallback'] as const

export type BuilderCheckId = (typeof builderCheckIds)[number]
export type CacheCheckId = (typeof cacheCheckIds)[number]
/** nfs-mount is there only while a builder's store is mounted on the laptop. */
export type LaptopCheckId = (typeof laptopCheckIds)[number] | 'nfs-mount'
export type CheckId = BuilderCheckId | CacheCheckId | LaptopCheckId

/** skip: an earlier check failed, so this one could not run; unknown: it could run, but nothing can prove it yet. */
export type CheckState = 'pass' | 'warn' | 'fail' | 'skip' | 'unknown'

/** What is to be said of a check besides its state and cause. */
const checkNotes = [
  'not-checked-yet',
  'stale',
  'host-key-first',
  'needs-test-build',
  /** ssh reaches it through another machine or program (ProxyJump, ProxyCommand), which this app does not go through. */
  'through-a-proxy',
  'proven-by-test-build',
  'failed-in-test-build',
  'default-key',
  'no-cache',
  'no-shared-path',
  'not-a-substituter',
  'signature-not-needed',
] as const
export type CheckNote = (typeof checkNotes)[number]

export interface Check<Id extends CheckId = CheckId> {
  readonly id: Id
  readonly state: CheckState
  readonly cause?: CauseCode
  /** Values that the cause's text names. */
  readonly params?: Params
  /** Why the state is what it is where no cause says so: words stand in messages (notes). */
  readonly note?: CheckNote
  /** Raw words for the details: a fingerprint, a server's answer, a version. */
  readonly detail?: string
  /** How long the check took, in milliseconds. */
  readonly ms: number
  /** When it was proven, ISO 8601. */
  readonly at: string
}

export interface BuilderStatus {
  readonly id: string
  /** The store URI as Nix uses it, for example ssh-ng://nix-builder@desktop. */
  readonly uri: string
  /** The name the user gave it in the machines file. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly slots: { readonly busy: number; readonly max: number }
  readonly checks: readonly Check<BuilderCheckId>[]
}

export interface CacheStatus {
  readonly url: string
  readonly checks: readonly Check<CacheCheckId>[]
}

export interface LaptopStatus {
  readonly checks: readonly Check<LaptopCheckId>[]
  /** max-jobs > 0: builds may run here when no builder is usable. */
  readonly localBuilds: boolean
  /** `fallback`: a dead cache does not make builds fail. */
  readonly fallback: boolean
  /** Nix goes on without a dead cache although fallback is off: Nix 2.32 and later, with another substituter left. */
  readonly survivesDeadCache: boolean
}

export const overalls = [
  'blocked',
  'local',
  'degraded',
  'building',
  'ready',
  'checking',
  'unconfigured',
  'paused',
] as const
export type Overall = (typeof overalls)[number]

export interface Snapshot {
  readonly schema: 1
  /** When this snapshot was made, ISO 8601. */
  readonly at: string
  readonly overall: Overall
  readonly builders: readonly BuilderStatus[]
  readonly caches: readonly CacheStatus[]
  readonly laptop: LaptopStatus
}

/** What Overall is derived from: a Snapshot without it, and whether the person paused the watching. */
export type SnapshotParts = Omit<Snapshot, 'overall' | 'schema' | 'at'> & { readonly paused: boolean }

/** An Overall and the checks that decided it, the most telling first; none where all is well or nothing is proven. */
export interface Judgement {
  readonly overall: Overall
  readonly because: readonly Check[]
}

/** The one word for it all, worst first; every face shows this and decides nothing itself. */
export function deriveOverall(parts: SnapshotParts): Overall {
  return judge(parts).overall
}

/** Overall, and why. */
export function judge(parts: SnapshotParts): Judgement {
  if (parts.paused) return { overall: 'paused', because: [] }
  return (
    judgeLaptop(parts) ??
    judgeDeadCaches(parts) ??
    judgeBuilders(parts) ?? {
      overall: parts.builders.some((builder) => builder.slots.busy > 0) ? 'building' : 'ready',
      because: [],
    }
  )
}

/** yes: usable as far as proof goes; no: a check that every build needs failed; unknown: no proof yet. */
export function usability(builder: BuilderStatus): 'yes' | 'no' | 'unknown' {
  if (builder.checks.some((check) => check.state === 'fail')) return 'no'
  const state = (id: BuilderCheckId) => builder.checks.find((check) => check.id === id)?.state
  if (state('reachable') !== 'pass') return 'unknown'
  // An unknown host key keeps us from asking further, not Nix: root's own known_hosts may hold it.
  if (state('host-key') === 'warn') return 'yes'
  return state('host-key') === 'pass' && state('builder-key') === 'pass' ? 'yes' : 'unknown'
}

/** A row that warns for information only. */
export function isAdvice(check: Check): boolean {
  return check.state === 'warn' && check.cause !== undefined && advice.has(check.cause)
}

/** Every check of a snapshot, in the order faces show them. */
export function allChecks(parts: Pick<Snapshot, 'builders' | 'caches' | 'laptop'>): readonly Check[] {
  return [
    ...parts.builders.flatMap((builder) => builder.checks),
    ...parts.caches.flatMap((cache) => cache.checks),
    ...parts.laptop.checks,
  ]
}

/**
 * The oldest proof among the checks that a green light rests on, ISO 8601; undefined while there is none.
 * What a test build proved is left out: it holds for a day, and would hide how fresh the rest is. So is an NFS mount,
 * which nothing rests on.
 */
export function provenAt(snapshot: Pick<Snapshot, 'builders' | 'caches' | 'laptop'>): string | undefined {
  return allChecks(snapshot)
    .filter((check) => check.state === 'pass' || check.state === 'fail')
    .filter((check) => check.id !== 'nfs-mount')
    .filter((check) => check.note !== 'proven-by-test-build' && check.note !== 'failed-in-test-build')
    .map((check) => check.at)
    .sort()[0]
}

function judgeLaptop(parts: SnapshotParts): Judgement | undefined {
  const failed = parts.laptop.checks.filter((check) => check.state === 'fail')
  const among = (causes: ReadonlySet<CauseCode>) =>
    failed.filter((check) => check.cause !== undefined && causes.has(check.cause))
  const missing = among(nothingSetUp)
  if (missing.length > 0) return { overall: 'unconfigured', because: missing }
  const fatal = among(stopsEveryBuild)
  if (fatal.length > 0) return { overall: 'blocked', because: fatal }
  const off = among(stopsOffloading)
  if (off.length > 0) return { overall: withoutBuilders(parts), because: off }
  if (parts.builders.length > 0) return undefined
  return { overall: wasSurveyed(parts) ? 'unconfigured' : 'checking', because: failed }
}

function judgeDeadCaches(parts: SnapshotParts): Judgement | undefined {
  if (parts.laptop.fallback || parts.laptop.survivesDeadCache) return undefined
  const because = parts.caches
    .flatMap((cache) => cache.checks)
    .filter((check) => check.state === 'fail' && check.cause !== undefined && deadCache.has(check.cause))
  return because.length > 0 ? { overall: 'blocked', because } : undefined
}

function judgeBuilders(parts: SnapshotParts): Judgement | undefined {
  const usable = parts.builders.map(usability)
  const failed = parts.builders.flatMap((builder) => builder.checks).filter((check) => check.state === 'fail')
  if (usable.every((one) => one === 'no')) return { overall: withoutBuilders(parts), because: failed }
  if (!usable.includes('yes')) return { overall: 'checking', because: failed }
  const wrong = allChecks(parts).filter(
    (check) => check.state === 'fail' || (check.state === 'warn' && !isAdvice(check)),
  )
  const because = wrong.sort((a, b) => Number(b.state === 'fail') - Number(a.state === 'fail'))
  if (because.length > 0) return { overall: 'degraded', because }
  return parts.caches.some(isUnseen) ? { overall: 'checking', because: [] } : undefined
}

/** Not looked at yet, or too long ago: no ground for a green light. What only a test build can prove does not count. */
function isUnseen(cache: CacheStatus): boolean {
  return cache.checks.some((check) => check.note === 'not-checked-yet' || check.note === 'stale')
}

function withoutBuilders(parts: SnapshotParts): 'local' | 'blocked' {
  return parts.laptop.localBuilds ? 'local' : 'blocked'
}

function wasSurveyed(parts: SnapshotParts): boolean {
  return parts.laptop.checks.some((check) => check.id === 'nix-config' && check.state !== 'unknown')
}
