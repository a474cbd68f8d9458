// Overall from a snapshot's parts: every case and the order in which they count.
import { describe, expect, it } from 'vitest'
import {
  type BuilderStatus,
  type CheckState,
  deriveOverall,
  judge,
  type Overall,
  provenAt,
  type SnapshotParts,
  usability,
} from '../../../src/shared/status.ts'
import {
  builder,
  cache,
  check,
  deadCache,
  laptop,
  noFallback,
  refused,
  silent,
  snapshot,
  unknownKey,
} from './snapshots.ts'

const down = () => builder([silent])
const second = (changed: Parameters<typeof builder>[0] = []) => builder(changed, { host: 'desktop2' })
const unproven = () => builder([check('builder-key', 'unknown')])
const config = (cause: Parameters<typeof check>[2]) => check('nix-config', 'fail', cause)
const noBuilds = { localBuilds: false }
const strict = { fallback: false }
const parts = (change: Partial<SnapshotParts> = {}): SnapshotParts => ({
  builders: [builder()],
  caches: [cache()],
  laptop: laptop(),
  paused: false,
  ...change,
})

const table: readonly [says: string, change: Partial<SnapshotParts>, overall: Overall][] = [
  ['all well', {}, 'ready'],
  ['all well, no cache', { caches: [] }, 'ready'],
  [
    'only a test build could prove Nix there',
    { builders: [builder([check('remote-nix', 'unknown')])] },
    'ready',
  ],
  ['no path known for the signature', { caches: [cache([check('cache-signature', 'unknown')])] }, 'ready'],
  ['builds run there', { builders: [builder([], { slots: { busy: 2, max: 4 } })] }, 'building'],
  ['fallback off', { laptop: laptop([noFallback], strict) }, 'ready'],
  [
    'fallback off while building',
    { builders: [builder([], { slots: { busy: 1, max: 4 } })], laptop: laptop([noFallback], strict) },
    'building',
  ],
  ['paused', { paused: true, builders: [down()] }, 'paused'],
  ['no Nix', { builders: [], laptop: laptop([config('laptop.nix-missing')]) }, 'unconfigured'],
  ['no builder', { builders: [], laptop: laptop([config('laptop.no-builder')]) }, 'unconfigured'],
  ['no builder and no word why', { builders: [] }, 'unconfigured'],
  ['not surveyed yet', { builders: [], laptop: laptop([check('nix-config', 'unknown')]) }, 'checking'],
  ['a broken machines file', { laptop: laptop([config('laptop.machines-invalid')]) }, 'blocked'],
  [
    'a broken machines file without any other row',
    { builders: [], laptop: laptop([config('laptop.machines-invalid')]) },
    'blocked',
  ],
  ['the daemon down', { laptop: laptop([config('laptop.daemon-down')]) }, 'blocked'],
  ['distributed builds off', { laptop: laptop([config('laptop.distributed-builds-off')]) }, 'local'],
  [
    'distributed builds off, no local builds',
    { laptop: laptop([config('laptop.distributed-builds-off')], noBuilds) },
    'blocked',
  ],
  ['no proof yet', { builders: [unproven()] }, 'checking'],
  ['one proven, one not yet', { builders: [builder(), second([check('builder-key', 'unknown')])] }, 'ready'],
  [
    'one down, one not yet proven',
    { builders: [down(), second([check('builder-key', 'unknown')])] },
    'checking',
  ],
  ['the only desktop down', { builders: [down()] }, 'local'],
  ['the only desktop down, no local builds', { builders: [down()], laptop: laptop([], noBuilds) }, 'blocked'],
  ['the key refused', { builders: [builder([refused])] }, 'local'],
  ['one of two down', { builders: [builder(), second([silent])] }, 'degraded'],
  [
    'one of two down, the other building',
    { builders: [builder([], { slots: { busy: 1, max: 4 } }), second([silent])] },
    'degraded',
  ],
  ['both down', { builders: [down(), second([silent])] }, 'local'],
  [
    'both down, no local builds',
    { builders: [down(), second([silent])], laptop: laptop([], noBuilds) },
    'blocked',
  ],
  [
    'the host key unknown',
    { builders: [builder([unknownKey, check('builder-key', 'unknown'), check('remote-nix', 'unknown')])] },
    'degraded',
  ],
  ['the cache down', { caches: [cache([deadCache])] }, 'degraded'],
  [
    'the cache down, fallback off',
    { caches: [cache([deadCache])], laptop: laptop([noFallback], strict) },
    'blocked',
  ],
  [
    'the cache down, fallback off, Nix goes on',
    { caches: [cache([deadCache])], laptop: laptop([noFallback], { ...strict, survivesDeadCache: true }) },
    'degraded',
  ],
  [
    'narinfos broken, fallback off',
    {
      caches: [cache([check('cache-signature', 'fail', 'cache.narinfo-error')])],
      laptop: laptop([noFallback], strict),
    },
    'blocked',
  ],
  [
    'a foreign signature, fallback off',
    {
      caches: [cache([check('cache-signature', 'fail', 'cache.signature-untrusted')])],
      laptop: laptop([noFallback], strict),
    },
    'degraded',
  ],
  [
    'the cache not yet seen',
    { caches: [{ url: 'u', checks: [{ ...check('cache-info', 'unknown'), note: 'not-checked-yet' }] }] },
    'checking',
  ],
  [
    'the cache’s proof stale',
    { caches: [{ url: 'u', checks: [{ ...check('cache-info', 'unknown'), note: 'stale' }] }] },
    'checking',
  ],
  [
    'the cache no substituter',
    { laptop: laptop([check('cache-trust', 'warn', 'laptop.no-substituter')]) },
    'degraded',
  ],
  [
    'a key that cannot be tested without its touch: advice',
    { laptop: laptop([check('builder-key-file', 'warn', 'laptop.builder-key-untestable')]) },
    'ready',
  ],
  [
    'a builder that nobody can watch: advice',
    { laptop: laptop([check('nix-config', 'warn', 'laptop.builder-unwatched')]) },
    'ready',
  ],
  [
    'a key that others may read: no advice',
    { laptop: laptop([check('builder-key-file', 'warn', 'laptop.builder-key-exposed')]) },
    'degraded',
  ],
  ['everything down, fallback on', { builders: [down()], caches: [cache([deadCache])] }, 'local'],
  [
    'everything down, fallback off',
    { builders: [down()], caches: [cache([deadCache])], laptop: laptop([noFallback], strict) },
    'blocked',
  ],
]

describe('Overall', () => {
  it.each(table)('with %s', (_says, change, overall) => {
    expect(deriveOverall(parts(change))).toBe(overall)
  })

  it('is never a green light with a check that every build needs failing, whatever the rest says', () => {
    const all: readonly CheckState[] = ['pass', 'warn', 'fail', 'skip', 'unknown']
    const ids = ['reachable', 'host-key', 'builder-key', 'remote-nix'] as const
    let seen = 0
    const each = (at: number, states: CheckState[]): void => {
      if (at < ids.length) {
        for (const state of all) each(at + 1, [...states, state])
        return
      }
      seen += 1
      const checks: BuilderStatus['checks'] = ids.map((id, index) => check(id, states[index] ?? 'unknown'))
      const overall = deriveOverall(parts({ builders: [builder([], { checks })] }))
      if (overall === 'ready' || overall === 'building') {
        expect(states.slice(0, 3)).toEqual(['pass', 'pass', 'pass'])
        expect(states).not.toContain('fail')
        expect(states).not.toContain('warn')
      }
      if (states.includes('fail')) expect(overall).toBe('local')
    }
    each(0, [])
    expect(seen).toBe(625)
  })
})

describe('what decided it', () => {
  it('for distributed builds off is the setting, though the cache is down too', () => {
    const off = config('laptop.distributed-builds-off')
    const { because } = judge(parts({ caches: [cache([deadCache])], laptop: laptop([off]) }))
    expect(because).toEqual([off])
  })

  it('for a fatal cache is the cache, though the desktop is down too', () => {
    const { because } = judge(
      parts({ builders: [down()], caches: [cache([deadCache])], laptop: laptop([noFallback], strict) }),
    )
    expect(because).toEqual([deadCache])
  })

  it('for degraded is the failure before the warning', () => {
    const warning = check('cache-trust', 'warn', 'laptop.no-substituter')
    const { because } = judge(parts({ builders: [builder(), second([silent])], laptop: laptop([warning]) }))
    expect(because).toEqual([silent, warning])
  })

  it('is nothing when all is well', () => expect(judge(parts()).because).toEqual([]))
})

describe('a builder', () => {
  it('is usable as far as proof goes', () => {
    expect(usability(builder())).toBe('yes')
    expect(usability(builder([unknownKey, check('builder-key', 'unknown')]))).toBe('yes')
    expect(usability(down())).toBe('no')
    expect(usability(unproven())).toBe('unknown')
    expect(usability(builder([check('reachable', 'unknown')]))).toBe('unknown')
    expect(usability(builder([check('host-key', 'unknown')]))).toBe('unknown')
  })
})

describe('the age of the proof', () => {
  it('is the oldest of what a green light rests on', () => {
    const old = { ...check('reachable'), at: '2026-01-01T00:00:00.000Z' }
    expect(provenAt(snapshot({ builders: [builder([old])] }))).toBe(old.at)
  })

  it('leaves out what a test build proved, and what is not proven', () => {
    const old = { at: '2026-01-01T00:00:00.000Z' }
    const byTest = { ...check('remote-nix'), ...old, note: 'proven-by-test-build' as const }
    const failed = { ...check('remote-nix', 'fail'), ...old, note: 'failed-in-test-build' as const }
    const never = { ...check('builder-key', 'unknown'), ...old }
    for (const told of [byTest, failed])
      expect(provenAt(snapshot({ builders: [builder([told, never])] }))).toBe(check('reachable').at)
  })

  it('is not there while nothing is proven', () => {
    const nothing = { builders: [], caches: [], laptop: { ...laptop(), checks: [] } }
    expect(provenAt(nothing)).toBeUndefined()
  })
})
