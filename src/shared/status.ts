// The truth that every face shows: checks, the Snapshot made of them, and the one function that derives Overall.
//
//   unconfigured --a builder appears--> checking --first proof--> ready | degraded | local | blocked
//   ready <--slots busy / free--> building          any --pause--> paused --resume--> checking
//   ready --something is wrong--> degraded --no usable builder--> local (or blocked: nothing builds here either)
import type { CauseCode } from './causes.ts'
import type { Params } from './outcome.ts'

export const builderCheckIds = ['reachable', 'host-key', 'builder-key', 'remote-nix'] as const
export const cacheCheckIds = ['cache-info', 'cache-signature'] as const
export const laptopCheckIds = ['nix-config', 'builder-key-file', 'cache-trust', 'fallback'] as const

export type BuilderCheckId = (typeof builderCheckIds)[number]
export type CacheCheckId = (typeof cacheCheckIds)[number]
export type LaptopCheckId = (typeof laptopCheckIds)[number]
export type CheckId = BuilderCheckId | CacheCheckId | LaptopCheckId

/** skip: an earlier check failed, so this one could not run; unknown: it could run, but nothing can prove it yet. */
export type CheckState = 'pass' | 'warn' | 'fail' | 'skip' | 'unknown'

export interface Check<Id extends CheckId = CheckId> {
  readonly id: Id
  readonly state: CheckState
  readonly cause?: CauseCode
  /** Values that the cause's text names. */
  readonly params?: Params
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

/** Causes that are advice: they warn in their row, but offloading works today, so they never colour the icon alone. */
const advice: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.no-fallback',
  'laptop.builder-key-untestable',
])

/** Causes that leave the laptop's Nix unable to build anything at all. */
const stopsEveryBuild: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.machines-invalid',
  'laptop.daemon-down',
])

/** Cache causes that Nix treats as fatal where nothing else can answer (facts: "Dead cache = broken laptop"). */
const deadCache: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'net.name-not-found',
  'net.unreachable',
  'net.timeout',
  'cache.port-closed',
  'cache.timeout',
  'cache.http-error',
  'cache.narinfo-error',
])

/** Causes in the laptop's configuration that keep Nix from using any builder. */
const stopsOffloading: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.distributed-builds-off',
  'laptop.builder-key-missing',
  'laptop.builder-key-exposed',
  'laptop.builder-key-encrypted',
])

/** The one word for it all, worst first; every face shows this and decides nothing itself. */
export function deriveOverall(parts: SnapshotParts): Overall {
  if (parts.paused) return 'paused'
  const laptopCauses = failing(parts.laptop.checks)
  if (isUnconfigured(parts, laptopCauses)) return 'unconfigured'
  if (laptopCauses.some((cause) => stopsEveryBuild.has(cause))) return 'blocked'
  if (hasFatalCache(parts)) return 'blocked'
  const usable = parts.builders.map(usability)
  const offloadingOff = laptopCauses.some((cause) => stopsOffloading.has(cause))
  if (offloadingOff || usable.every((one) => one === 'no'))
    return parts.laptop.localBuilds ? 'local' : 'blocked'
  if (!usable.includes('yes')) return 'checking'
  if (usable.includes('no') || somethingIsWrong(parts)) return 'degraded'
  return parts.builders.some((builder) => builder.slots.busy > 0) ? 'building' : 'ready'
}

/** yes: usable as far as proof goes; no: a check that every build needs failed; unknown: no proof yet. */
export function usability(builder: BuilderStatus): 'yes' | 'no' | 'unknown' {
  if (builder.checks.some((check) => check.state === 'fail')) return 'no'
  const state = (id: BuilderCheckId) => builder.checks.find((check) => check.id === id)?.state
  if (state('reachable') !== 'pass') return 'unknown'
  // An unknown host key keeps us from asking further, not Nix: root's own known_hosts may hold it.
  if (state('host-key') === 'warn') return 'yes'
  return state('builder-key') === 'pass' || state('builder-key') === 'warn' ? 'yes' : 'unknown'
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

/** The oldest proof among the checks that a green light rests on, ISO 8601; undefined while there is none. */
export function provenAt(snapshot: Pick<Snapshot, 'builders' | 'caches' | 'laptop'>): string | undefined {
  return allChecks(snapshot)
    .filter((check) => check.state === 'pass' || check.state === 'fail')
    .map((check) => check.at)
    .sort()[0]
}

function failing(checks: readonly Check[]): readonly CauseCode[] {
  return checks.flatMap((check) => (check.state === 'fail' && check.cause !== undefined ? [check.cause] : []))
}

function isUnconfigured(parts: SnapshotParts, laptopCauses: readonly CauseCode[]): boolean {
  if (laptopCauses.includes('laptop.nix-missing') || laptopCauses.includes('laptop.no-builder')) return true
  return parts.builders.length === 0 && laptopCauses.length === 0
}

function hasFatalCache(parts: SnapshotParts): boolean {
  if (parts.laptop.fallback || parts.laptop.survivesDeadCache) return false
  return parts.caches.some((cache) => failing(cache.checks).some((cause) => deadCache.has(cause)))
}

function somethingIsWrong(parts: SnapshotParts): boolean {
  return allChecks(parts).some(
    (check) => check.state === 'fail' || (check.state === 'warn' && !isAdvice(check)),
  )
}
