// Which causes the guided repair mends, and which builder asks for it.
import type { CauseCode } from './causes.ts'
import type { GuideState } from './guide.ts'
import type { BuilderStatus, CacheStatus, Check, Snapshot } from './status.ts'

/** Mended on the desktop by the steps of a repair (or, where they cannot, explained there with what to do instead). */
const mended: ReadonlySet<CauseCode> = new Set<CauseCode>([
  // The guide's Trust step: compared there, and trusted by a yes.
  'ssh.host-key-unknown',
  'ssh.host-key-changed',
  'ssh.key-refused',
  'desktop.builder-user-missing',
  'desktop.builder-shell',
  'desktop.builder-locked',
  'desktop.authorized-keys-missing',
  'desktop.authorized-keys-permissions',
  'desktop.authorized-keys-ignored',
  'desktop.authorized-keys-declared',
  'desktop.authorized-keys-elsewhere',
  'desktop.key-restricted',
  'desktop.pubkey-off',
  'desktop.user-not-allowed',
  'desktop.shell-noise',
  'nix.not-found',
  'nix.daemon-down',
  'nix.not-trusted',
  'nix.not-allowed',
  'nix.disk-full',
  // Its survey sees what ssh-ng hides from here.
  'nix.no-answer',
])

/** Seen from here; mended on the desktop that serves the cache. A renewed or unknown key is this laptop's to trust. */
const cacheMended: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'cache.port-closed',
  'cache.timeout',
  'cache.http-error',
  'cache.narinfo-error',
  'cache.unsigned',
])

/** Whether the guided repair is the way to mend this cause. */
export function isRepairable(cause: CauseCode | undefined): boolean {
  return cause !== undefined && mended.has(cause)
}

/** Whether the guide's Trust step is where it is mended. */
export function isAboutTrust(cause: CauseCode | undefined): boolean {
  return cause === 'ssh.host-key-unknown' || cause === 'ssh.host-key-changed'
}

/**
 * Whether the guide can mend what a test build on this builder ended in. Nix's ssh goes by root's known_hosts: where
 * this app trusts the host key already, its Trust step has nothing to ask.
 */
export function mendsTestBuild(cause: CauseCode, { checks }: BuilderStatus): boolean {
  if (!isAboutTrust(cause)) return isRepairable(cause)
  return checks.some((check) => check.id === 'host-key' && isAboutTrust(check.cause))
}

/** The check that says why a cache asks for a repair of the desktop that serves it. */
export function repairableCheck({ checks }: CacheStatus): Check | undefined {
  return checks.find(({ state, cause }) => state === 'fail' && cause !== undefined && cacheMended.has(cause))
}

/** The builder on whose desktop a cache is mended: the one of its name, or the only one; it has to be in reach. */
export function mendsCache(
  cache: CacheStatus,
  { builders }: Pick<Snapshot, 'builders'>,
): BuilderStatus | null {
  if (repairableCheck(cache) === undefined) return null
  const host = URL.canParse(cache.url) ? new URL(cache.url).hostname : ''
  const own = builders.find((one) => one.host === host) ?? (builders.length === 1 ? builders[0] : undefined)
  const reached = own?.checks.some(({ id, state }) => id === 'reachable' && state === 'pass')
  return own !== undefined && reached === true ? own : null
}

/** The builders that the guided repair could mend now, in the snapshot's order. */
export function repairableBuilders(
  snapshot: Pick<Snapshot, 'builders' | 'caches' | 'laptop'>,
): readonly BuilderStatus[] {
  const { builders, caches, laptop } = snapshot
  const forCaches = caches.map((cache) => mendsCache(cache, snapshot)?.id)
  const keyMissing = laptop.checks.some((check) => check.cause === 'laptop.builder-key-missing')
  return builders.filter(({ id, checks }) => {
    if (forCaches.includes(id)) return true
    // An unknown host key is a warning.
    if (checks.some(({ state, cause }) => (state === 'fail' || state === 'warn') && isRepairable(cause)))
      return true
    // The guide begins with making the key, then brings it over.
    return keyMissing && checks.some((check) => check.id === 'builder-key' && check.state !== 'pass')
  })
}

/** Whether there is something to repair, or a guide to go back to. */
export function asksForRepair(state: { readonly snapshot: Snapshot; readonly repair: GuideState }): boolean {
  return state.repair.phase !== 'closed' || repairableBuilders(state.snapshot).length > 0
}

/** Whether a repair of this builder stands somewhere between its beginning and its end. */
export function isUnderWay(repair: GuideState, builder: string): boolean {
  if (repair.phase === 'closed' || repair.phase === 'stopped' || repair.phase === 'done') return false
  return repair.builder === builder
}
