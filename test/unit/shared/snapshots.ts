// Snapshots of every kind, for the tests of shared and of the command line.
import type { CauseCode } from '../../../src/shared/causes.ts'
import type { Params } from '../../../src/shared/outcome.ts'
import {
  type BuilderStatus,
  builderCheckIds,
  type CacheStatus,
  type Check,
  type CheckId,
  type CheckState,
  cacheCheckIds,
  deriveOverall,
  laptopCheckIds,
  type Snapshot,
} from '../../../src/shared/status.ts'

export const at = '2026-01-02T03:04:05.000Z'

export function check<Id extends CheckId>(
  id: Id,
  state: CheckState = 'pass',
  cause?: CauseCode,
  params?: Params,
): Check<Id> {
  return {
    id,
    state,
    ...(cause === undefined ? {} : { cause }),
    ...(params === undefined ? {} : { params }),
    ms: 12.3,
    at,
  }
}

/** The checks of one subject: all pass but the given ones; after a failure the rest are skipped. */
function checks<Id extends CheckId>(ids: readonly Id[], changed: readonly Check<Id>[]): Check<Id>[] {
  const all = ids.map((id) => changed.find((one) => one.id === id) ?? check(id))
  const first = all.findIndex((one) => one.state === 'fail')
  return first < 0 ? all : all.map((one, index) => (index > first ? check(one.id, 'skip') : one))
}

export function builder(
  changed: readonly Check<(typeof builderCheckIds)[number]>[] = [],
  more: Partial<BuilderStatus> = {},
): BuilderStatus {
  const host = more.host ?? 'desktop'
  return {
    id: `ssh-ng://nix-builder@${host}`,
    uri: `ssh-ng://nix-builder@${host}`,
    host,
    port: 22,
    user: 'nix-builder',
    slots: { busy: 0, max: 4 },
    checks: checks(builderCheckIds, changed),
    ...more,
  }
}

export function cache(
  changed: readonly Check<(typeof cacheCheckIds)[number]>[] = [],
  url = 'http://desktop:5000',
): CacheStatus {
  return { url, checks: checks(cacheCheckIds, changed) }
}

export function laptop(
  changed: readonly Check<(typeof laptopCheckIds)[number]>[] = [],
  more: Partial<Snapshot['laptop']> = {},
): Snapshot['laptop'] {
  const all = laptopCheckIds.map((id) => changed.find((one) => one.id === id) ?? check(id))
  return { checks: all, localBuilds: true, fallback: true, survivesDeadCache: false, ...more }
}

export function snapshot(
  parts: Partial<Pick<Snapshot, 'builders' | 'caches' | 'laptop'>> = {},
  paused = false,
): Snapshot {
  const whole = { builders: [builder()], caches: [cache()], laptop: laptop(), ...parts }
  return { schema: 1, at, overall: deriveOverall({ ...whole, paused }), ...whole }
}

export const refused = check('builder-key', 'fail', 'ssh.key-refused', {
  host: 'desktop',
  user: 'nix-builder',
  key: '/etc/nix/builder_key',
})
export const silent = check('reachable', 'fail', 'net.timeout', { host: 'desktop' })
export const unknownKey = check('host-key', 'warn', 'ssh.host-key-unknown', {
  host: 'desktop',
  port: 22,
  offered: 'SHA256:abc',
})
export const deadCache = check('cache-info', 'fail', 'cache.port-closed', {
  url: 'http://desktop:5000',
  host: 'desktop',
  port: 5000,
})
export const noFallback = check('fallback', 'warn', 'laptop.no-fallback')
