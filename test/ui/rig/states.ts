// States to show: made of checks, with Overall derived by the real function, so that no test shows an impossible one.
import type { AppState } from '../../../src/shared/app-state.ts'
import type {
  BuilderCheckId,
  BuilderStatus,
  CacheStatus,
  Check,
  CheckId,
  LaptopStatus,
  Overall,
  Snapshot,
} from '../../../src/shared/status.ts'
import { builderCheckIds, cacheCheckIds, deriveOverall, laptopCheckIds } from '../../../src/shared/status.ts'

/** The moment of every test, and the age of every proof then. */
export const now = '2026-03-14T15:09:26.000Z'
const provenAgoMs = 12_000

const at = new Date(Date.parse(now) - provenAgoMs).toISOString()
const tookMs: Readonly<Record<CheckId, number>> = {
  reachable: 0.4,
  'host-key': 6.2,
  'builder-key': 31,
  'remote-nix': 212,
  'cache-info': 3.9,
  'cache-signature': 18,
  'nix-config': 44,
  'builder-key-file': 0.2,
  'cache-trust': 0.1,
  fallback: 0.1,
  'nfs-mount': 1.3,
}

type Change = Partial<Omit<Check, 'id'>>
type Changes<Id extends CheckId> = Partial<Record<Id, Change>>

function checks<Id extends CheckId>(ids: readonly Id[], changes: Changes<Id>): Check<Id>[] {
  return ids.map((id) => ({ id, state: 'pass', ms: tookMs[id], at, ...changes[id] }))
}

/** A builder that passes everything but what is changed. */
export function builder(
  host = 'desktop',
  changes: Changes<BuilderCheckId> = {},
  slots = { busy: 0, max: 4 },
): BuilderStatus {
  const uri = `ssh-ng://nix-builder@${host}`
  return {
    id: uri,
    uri,
    host,
    port: 22,
    user: 'nix-builder',
    slots,
    checks: checks(builderCheckIds, changes),
  }
}

/** A cache that passes everything but what is changed. */
export function cache(
  host = 'desktop',
  changes: Changes<CacheStatus['checks'][number]['id']> = {},
): CacheStatus {
  return { url: `http://${host}:5000`, checks: checks(cacheCheckIds, changes) }
}

/** A laptop that passes everything but what is changed. */
export function laptop(
  changes: Changes<LaptopStatus['checks'][number]['id']> = {},
  more: Partial<LaptopStatus> = {},
): LaptopStatus {
  return {
    checks: checks(laptopCheckIds, changes),
    localBuilds: true,
    fallback: true,
    survivesDeadCache: false,
    ...more,
  }
}

/** A snapshot of the given parts; healthy where nothing is given. */
export function snapshot(
  parts: Partial<Pick<Snapshot, 'builders' | 'caches' | 'laptop'>> & { paused?: boolean } = {},
): Snapshot {
  const whole = {
    builders: parts.builders ?? [builder()],
    caches: parts.caches ?? [cache()],
    laptop: parts.laptop ?? laptop(),
  }
  return { schema: 1, at, overall: deriveOverall({ ...whole, paused: parts.paused ?? false }), ...whole }
}

/** What the window knows; ready and idle where nothing is given. */
export function appState(more: Partial<AppState> = {}): AppState {
  return {
    version: '0.1.0',
    locale: 'en',
    view: 'status',
    snapshot: snapshot(),
    checking: false,
    testBuild: { phase: 'idle' },
    history: [],
    repair: { phase: 'closed' },
    trayMissing: false,
    configProblems: [],
    ...more,
  }
}

const skipped = (...ids: BuilderCheckId[]): Changes<BuilderCheckId> =>
  Object.fromEntries(ids.map((id) => [id, { state: 'skip' }]))

/** A builder that does not answer: what every check then says. */
export function unreachable(host = 'desktop'): BuilderStatus {
  return builder(host, {
    reachable: { state: 'fail', cause: 'net.timeout', params: { host }, ms: 5000 },
    ...skipped('host-key', 'builder-key', 'remote-nix'),
  })
}

export const offeredKey = 'SHA256:Vb3r0Zc0m2mQb0bq7m5oHqj1dLh0m3c9q4c5o6X7kYA'
export const expectedKey = 'SHA256:Qm9yZGVhdXggTWVybG90IDIwMTUgaXMgbmljZSBhbmQ'

/** A desktop whose key nobody has trusted yet. */
export const unknownHostKey: Changes<BuilderCheckId> = {
  'host-key': {
    state: 'warn',
    cause: 'ssh.host-key-unknown',
    params: { host: 'desktop', port: 22, offered: offeredKey },
    detail: `ssh-ed25519 ${offeredKey}`,
  },
  ...skipped('builder-key', 'remote-nix'),
}

/** A desktop that shows another key than the pinned one. */
export const changedHostKey: Changes<BuilderCheckId> = {
  'host-key': {
    state: 'fail',
    cause: 'ssh.host-key-changed',
    params: {
      host: 'desktop',
      port: 22,
      expected: expectedKey,
      offered: offeredKey,
      source: '/etc/nix/machines:3',
    },
  },
  ...skipped('builder-key', 'remote-nix'),
}

const deadCache: Changes<'cache-info' | 'cache-signature'> = {
  'cache-info': {
    state: 'fail',
    cause: 'cache.port-closed',
    params: { url: 'http://desktop:5000', host: 'desktop', port: 5000 },
  },
  'cache-signature': { state: 'skip' },
}

const unproven: Changes<BuilderCheckId> = Object.fromEntries(
  builderCheckIds.map((id) => [id, { state: 'unknown', ms: 0 }]),
)

/** One typical snapshot an Overall. */
export const examples: Readonly<Record<Overall, Snapshot>> = {
  ready: snapshot(),
  building: snapshot({ builders: [builder('desktop', {}, { busy: 2, max: 4 })] }),
  degraded: snapshot({ caches: [cache('desktop', deadCache)] }),
  local: snapshot({ builders: [unreachable()] }),
  blocked: snapshot({
    caches: [cache('desktop', deadCache)],
    laptop: laptop({ fallback: { state: 'warn', cause: 'laptop.no-fallback' } }, { fallback: false }),
  }),
  checking: snapshot({ builders: [builder('desktop', unproven)], caches: [], laptop: laptop() }),
  unconfigured: snapshot({
    builders: [],
    caches: [],
    laptop: laptop({ 'nix-config': { state: 'fail', cause: 'laptop.no-builder' } }),
  }),
  paused: snapshot({ paused: true }),
}
