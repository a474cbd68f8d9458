// Makes a Snapshot of what is known: pure. Ages what is old, lays the last test builds over it, derives Overall.
import {
  type BuilderStatus,
  type CacheStatus,
  type Check,
  deriveOverall,
  type LaptopCheckId,
  type Snapshot,
} from '../../shared/status.ts'
import type { Builder, LaptopFacts } from '../laptop/facts.ts'
import type { BuilderCheck } from './check-builder.ts'
import { unprovenBuilder } from './check-builder.ts'
import type { CacheCheck } from './check-cache.ts'
import { unprovenCache } from './check-cache.ts'
import { aged } from './freshness.ts'
import type { Kept } from './kept-schema.ts'
import { withLaptopSide } from './laptop-overlay.ts'
import type { Pace } from './schedule.ts'
import { withVerdict } from './test-overlay.ts'
import { testVerdict } from './test-verdict.ts'

/** All that the store knows. */
export interface Known {
  readonly facts: LaptopFacts | null
  readonly laptop: Snapshot['laptop']
  readonly builders: ReadonlyMap<string, readonly BuilderCheck[]>
  readonly caches: ReadonlyMap<string, readonly CacheCheck[]>
  /** The host key each builder showed last, as a fingerprint. */
  readonly offered: ReadonlyMap<string, string>
  readonly busy: ReadonlyMap<string, number>
  /** null where no builder's store is mounted here. */
  readonly mount: Check<LaptopCheckId> | null
  readonly kept: Kept
  readonly paused: boolean
}

/** The Snapshot at `now` (ms since 1970). */
export function compose(known: Known, pace: Pace, now: number): Snapshot {
  const at = new Date(now).toISOString()
  const parts = {
    builders: (known.facts?.builders ?? []).map((builder) => builderStatus(builder, known, pace, now)),
    caches: (known.facts?.caches ?? []).map(({ url }): CacheStatus => {
      const checks = known.caches.get(url) ?? unprovenCache({ at, ms: 0 })
      return { url, checks: checks.map((check) => aged(check, pace, now)) }
    }),
    laptop: {
      ...known.laptop,
      checks: [...known.laptop.checks, ...(known.mount === null ? [] : [known.mount])].map((check) =>
        aged(check, pace, now),
      ),
    },
  }
  return { schema: 1, at, overall: deriveOverall({ ...parts, paused: known.paused }), ...parts }
}

function builderStatus(builder: Builder, known: Known, pace: Pace, now: number): BuilderStatus {
  const at = new Date(now).toISOString()
  const proven = known.builders.get(builder.id) ?? unprovenBuilder({ at, ms: 0 })
  const offered = known.offered.get(builder.id) ?? null
  const fresh = proven.map((check) => aged(check, pace, now))
  const tested = withVerdict(fresh, testVerdict(known.kept, builder, offered, now))
  const surveyedAt = known.laptop.checks[0]?.at ?? at
  return {
    id: builder.id,
    uri: builder.uri,
    host: builder.host,
    port: builder.address.port,
    user: builder.address.user,
    slots: { busy: known.busy.get(builder.id) ?? 0, max: builder.maxJobs },
    checks: known.facts === null ? tested : withLaptopSide(tested, builder, known.facts, surveyedAt),
  }
}

/** Whether two snapshots say the same, apart from times. */
export function saysTheSame(a: Snapshot, b: Snapshot): boolean {
  return timeless(a) === timeless(b)
}

function timeless(snapshot: Snapshot): string {
  return JSON.stringify(snapshot, (key, value) => (key === 'at' || key === 'ms' ? undefined : value))
}
