// Reads causes out of the machine's facts: Nix, its units, the cache and its key, the firewall, the disk. Pure.
// What is not known (null) is no finding; `isPartial` says that there may be more.
import type { MachineFacts, UnitFacts } from './machine-facts.ts'
import type { SurveyFacts } from './survey-facts.ts'

export type MachineFinding =
  | { readonly kind: 'sshd-not-enabled'; readonly unit: UnitFacts }
  | { readonly kind: 'nix-missing' }
  | { readonly kind: 'nix-not-in-path' }
  | { readonly kind: 'shell-noise'; readonly said: string }
  | { readonly kind: 'daemon-down'; readonly units: readonly UnitFacts[] }
  | { readonly kind: 'socket-closed'; readonly group: string }
  /** `allowed`: the daemon lets the builder in at all. A trusted user always is. */
  | { readonly kind: 'not-trusted'; readonly allowed: boolean }
  /** The settings let the builder in, the daemon that runs has not read them yet. */
  | { readonly kind: 'daemon-stale'; readonly allowed: boolean }
  | { readonly kind: 'cache-missing' }
  | { readonly kind: 'cache-not-set-up'; readonly program: string }
  | { readonly kind: 'cache-down'; readonly unit: UnitFacts | null }
  | { readonly kind: 'cache-unsigned'; readonly unit: UnitFacts }
  | { readonly kind: 'cache-narinfo'; readonly unit: UnitFacts | null; readonly status: number }
  | { readonly kind: 'port-held'; readonly by: string }
  | { readonly kind: 'other-store'; readonly folder: string }
  | { readonly kind: 'cache-key'; readonly why: 'missing' | 'closed' | 'invalid' }
  | { readonly kind: 'ports-closed'; readonly ports: readonly number[] }
  | { readonly kind: 'disk-low'; readonly free: number; readonly total: number }

/** Everything about the machine that keeps builds or the cache from working, in the order it has to be mended. */
export function diagnoseMachine(facts: SurveyFacts, user: string): readonly MachineFinding[] {
  return [...aboutSshd(facts.machine), ...aboutNix(facts, user), ...aboutCache(facts), ...aboutPlace(facts)]
}

const storeDir = '/nix/store'

/** The unit that stands for it: the one that runs, else the first that exists. */
export function unitOf(machine: MachineFacts, is: UnitFacts['is']): UnitFacts | null {
  const there = (machine.units ?? []).filter((unit) => unit.is === is && unit.load !== 'not-found')
  return there.find(isUp) ?? there[0] ?? null
}

/** Whether one of the unit's is started with the system. */
export function startsByItself({ enabled }: UnitFacts): boolean {
  return enabled !== 'disabled' && enabled !== 'masked' && enabled !== 'masked-runtime'
}

export function isUp({ active }: UnitFacts): boolean {
  return active === 'active' || active === 'activating' || active === 'reloading'
}

/** Whether a cache is there, or a program for one: only then its key and port matter. */
function mayServe(machine: MachineFacts): boolean {
  const { cache } = machine
  return unitOf(machine, 'cache') !== null || cache.programs.length > 0 || (cache.info ?? 0) > 0
}

/** Whether Nix's list of users (nix.conf(5), trusted-users) names one, by name, group or "*". */
export function isListed(list: string, user: string, groups: readonly string[]): boolean {
  return list
    .split(/\s+/)
    .some((one) => one === '*' || one === user || (one.startsWith('@') && groups.includes(one.slice(1))))
}

/** The groups of the builder; of one that is still to be made, those it will be in. */
export function groupsOf(facts: SurveyFacts, user: string): readonly string[] {
  if (facts.user.exists) return facts.user.groups.split(' ')
  return facts.nixUsersGroup ? [user, 'nix-users'] : [user]
}

function aboutSshd(machine: MachineFacts): readonly MachineFinding[] {
  const units = (machine.units ?? []).filter(({ is, load }) => is === 'sshd' && load !== 'not-found')
  // ssh.service is off where ssh.socket starts it.
  if (units.some(startsByItself)) return []
  const unit = unitOf(machine, 'sshd')
  return unit === null ? [] : [{ kind: 'sshd-not-enabled', unit }]
}

function aboutNix(facts: SurveyFacts, user: string): readonly MachineFinding[] {
  const { nix } = facts.machine
  const noise: readonly MachineFinding[] =
    nix.shellNoise === null || nix.shellNoise.trim() === ''
      ? []
      : [{ kind: 'shell-noise', said: nix.shellNoise }]
  if (nix.bin === '') return [{ kind: 'nix-missing' }, ...noise]
  return [
    ...(nix.builderFinds === false ? [{ kind: 'nix-not-in-path' } as const] : []),
    ...noise,
    ...aboutDaemon(facts, user),
    ...aboutRights(facts, user),
  ]
}

function aboutDaemon(facts: SurveyFacts, user: string): readonly MachineFinding[] {
  const { machine } = facts
  const units = [unitOf(machine, 'nix-daemon-socket'), unitOf(machine, 'nix-daemon')].filter(
    (unit) => unit !== null,
  )
  const stopped = units.length > 0 && !units.some(isUp)
  const keptOut = machine.nix.socketOpen === false || !isAllowed(facts, user)
  const silent = machine.nix.daemonAnswers === false && !keptOut
  return stopped || silent ? [{ kind: 'daemon-down', units }] : []
}

function aboutRights(facts: SurveyFacts, user: string): readonly MachineFinding[] {
  const { nix } = facts.machine
  const groups = groupsOf(facts, user)
  const closed =
    nix.socketOpen === false ||
    (!facts.user.exists && nix.socketGroup !== '' && !groups.includes(nix.socketGroup))
  const distrusted = nix.trustedUsers !== null && !isListed(nix.trustedUsers, user, groups)
  return [
    ...(closed ? [{ kind: 'socket-closed', group: nix.socketGroup } as const] : []),
    ...(distrusted ? [{ kind: 'not-trusted', allowed: isAllowed(facts, user) } as const] : []),
    ...(closed || distrusted ? [] : aboutStale(facts, user)),
  ]
}

/** What the daemon thinks of the builder, where that is not what its settings say (nix.conf is read at its start). */
function aboutStale(facts: SurveyFacts, user: string): readonly MachineFinding[] {
  const { nix } = facts.machine
  if (nix.trustedUsers === null || !isAllowed(facts, user)) return []
  const refused = nix.builderAllowed === false && /not allowed to connect/.test(nix.daemonSaid)
  return nix.builderTrusted === false || refused ? [{ kind: 'daemon-stale', allowed: !refused }] : []
}

function isAllowed(facts: SurveyFacts, user: string): boolean {
  const { allowedUsers, trustedUsers } = facts.machine.nix
  const groups = groupsOf(facts, user)
  return [allowedUsers ?? '*', trustedUsers ?? ''].some((list) => isListed(list, user, groups))
}

function aboutCache({ machine }: SurveyFacts): readonly MachineFinding[] {
  const { cache } = machine
  const unit = unitOf(machine, 'cache')
  const answers = (cache.info ?? 0) > 0
  if (!mayServe(machine)) return cache.info === null ? [] : [{ kind: 'cache-missing' }]
  const [program] = cache.programs
  // Who serves without a unit of a known name has a key of its own, wherever that is.
  const key = unit !== null || (!answers && machine.units !== null) ? aboutKey(machine) : []
  if (unit === null && !answers && machine.units !== null && program !== undefined)
    return [...key, { kind: 'cache-not-set-up', program }]
  if (cache.heldBy !== '') return [...key, { kind: 'port-held', by: cache.heldBy }]
  if (cache.storeDir !== '' && cache.storeDir !== storeDir)
    return [...key, { kind: 'other-store', folder: cache.storeDir }]
  const unsigned = unit !== null && !cache.key.named
  const fails = answers && (cache.narinfo ?? 0) >= 500 && key.length === 0 && !unsigned
  return [
    ...key,
    ...(unsigned ? [{ kind: 'cache-unsigned', unit } as const] : []),
    ...(isCacheDown(machine, unit) ? [{ kind: 'cache-down', unit } as const] : []),
    ...(fails ? [{ kind: 'cache-narinfo', unit, status: cache.narinfo ?? 0 } as const] : []),
  ]
}

function isCacheDown(machine: MachineFacts, unit: UnitFacts | null): boolean {
  const { info } = machine.cache
  if (info !== null && info > 0) return unit !== null && !startsByItself(unit)
  return info === 0 || (unit !== null && !isUp(unit))
}

/** "denied" is not known; a service that serves nothing yet has a key all the same. */
function aboutKey({ cache: { key, byCredential } }: MachineFacts): readonly MachineFinding[] {
  if (key.kind === 'missing') return [{ kind: 'cache-key', why: 'missing' }]
  if (key.kind === 'other' || key.publicKey === '') return [{ kind: 'cache-key', why: 'invalid' }]
  if (key.kind === 'file' && key.readable === false && !byCredential)
    return [{ kind: 'cache-key', why: 'closed' }]
  return []
}

function aboutPlace({ machine }: SurveyFacts): readonly MachineFinding[] {
  const { firewall, disk, cache } = machine
  const ports = firewall.open
    .filter(({ port, open }) => open === false && (port !== cache.port || mayServe(machine)))
    .map(({ port }) => port)
  const low = disk.free !== null && disk.total !== null && isLow(disk.free, disk.total)
  return [
    ...(ports.length === 0 ? [] : [{ kind: 'ports-closed', ports: [...new Set(ports)] } as const]),
    ...(low ? [{ kind: 'disk-low', free: disk.free ?? 0, total: disk.total ?? 0 } as const] : []),
  ]
}

const gib = 1024 ** 3

/** Under 1 GiB, or under 3 %; 10 GiB are enough for builds on a disk of any size. */
function isLow(free: number, total: number): boolean {
  return free < gib || (free < total * 0.03 && free < 10 * gib)
}

/** Whether something that matters could not be looked at, so that there may be more to mend. */
export function isPartial(facts: SurveyFacts): boolean {
  const { rights, machine, user } = facts
  if (rights.kind === 'none' || rights.kind === 'needs-password') return true
  const { nix, cache, firewall, disk } = machine
  const unknown = [
    nix.bin !== '' && nix.trustedUsers === null,
    nix.bin !== '' && user.exists && user.shellRuns && nix.builderFinds === null,
    mayServe(machine) && cache.key.kind === 'denied',
    firewall.open.some(({ open }) => open === null),
    disk.free === null,
  ]
  return unknown.some(Boolean)
}
