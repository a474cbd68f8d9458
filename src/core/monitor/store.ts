// The one owner of the truth: everything that is learnt is put in here, and only here a Snapshot is made.
import type { Outcome } from '../../shared/outcome.ts'
import type { LaptopStatus, Snapshot } from '../../shared/status.ts'
import type { LaptopFacts, SeenMount } from '../laptop/facts.ts'
import type { BuilderCheck } from './check-builder.ts'
import type { CacheCheck } from './check-cache.ts'
import { judgeLaptop, unknownLaptop } from './check-laptop.ts'
import { judgeMounts } from './check-mounts.ts'
import { compose, type Known, saysTheSame } from './compose.ts'
import { stale } from './freshness.ts'
import { type Kept, nothingKept } from './kept-schema.ts'
import type { Pace } from './schedule.ts'
import { rowOf } from './test-verdict.ts'

export interface MonitorState {
  readonly snapshot: Snapshot
  /** A round of checks is under way. */
  readonly checking: boolean
}

/** changed: something else than times and the round's running; proven: the same again, newer. */
export type StoreEvent = 'changed' | 'proven' | 'checking'
export type Listener = (state: MonitorState, event: StoreEvent) => void

export interface Store {
  state(): MonitorState
  subscribe(listener: Listener): () => void
  /** Rounds are numbered upwards: an answer of an older round never replaces one of a newer round. */
  surveyed(round: number, survey: Outcome<LaptopFacts>, ms: number): void
  builderChecked(round: number, id: string, checks: readonly BuilderCheck[], fingerprint: string | null): void
  cacheChecked(round: number, url: string, checks: readonly CacheCheck[]): void
  slotsSeen(busy: ReadonlyMap<string, number>): void
  mountsSeen(round: number, mounts: readonly SeenMount[]): void
  kept(kept: Kept): void
  paused(paused: boolean): void
  checking(checking: boolean): void
  /** After sleep: all that was proven of desktops is stale until it is proven again. */
  distrust(): void
  /** Makes the Snapshot anew, so that old proof shows its age. */
  refresh(): void
  known(): Known
}

/** @param now ms since 1970 */
export function createStore(pace: Pace, now: () => number): Store {
  let known: Known = nothingKnown(now())
  let state: MonitorState = { snapshot: compose(known, pace, now()), checking: false }
  const listeners = new Set<Listener>()
  const newest = new Map<string, number>()

  const put = (change: Partial<Known>) => {
    known = { ...known, ...change }
    const snapshot = compose(known, pace, now())
    const event = saysTheSame(state.snapshot, snapshot) ? 'proven' : 'changed'
    state = { ...state, snapshot }
    for (const listener of [...listeners]) listener(state, event)
  }
  /** Whether this answer is the newest so far of its subject. */
  const isNewest = (subject: string, round: number) => {
    if ((newest.get(subject) ?? 0) > round) return false
    newest.set(subject, round)
    return true
  }

  return {
    state: () => state,
    known: () => known,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    surveyed(round, survey, ms) {
      if (!isNewest('laptop', round)) return
      const laptop = judgeLaptop(survey, { at: new Date(now()).toISOString(), ms })
      put({ ...sameRows(known, survey), laptop, facts: survey.ok ? survey.value : null })
    },
    builderChecked(round, id, checks, fingerprint) {
      if (!isNewest(`builder ${id}`, round)) return
      const offered = fingerprint === null ? known.offered : new Map(known.offered).set(id, fingerprint)
      put({ builders: new Map(known.builders).set(id, checks), offered })
    },
    cacheChecked(round, url, checks) {
      if (!isNewest(`cache ${url}`, round)) return
      put({ caches: new Map(known.caches).set(url, checks) })
    },
    slotsSeen(busy) {
      if (JSON.stringify([...known.busy]) !== JSON.stringify([...busy])) put({ busy })
    },
    mountsSeen(round, mounts) {
      if (!isNewest('mounts', round)) return
      const mount = judgeMounts(mounts, now())
      if (mount !== null || known.mount !== null) put({ mount })
    },
    kept: (kept) => put({ kept }),
    paused: (paused) => put({ paused }),
    checking(checking) {
      if (state.checking === checking) return
      state = { ...state, checking }
      for (const listener of [...listeners]) listener(state, 'checking')
    },
    distrust() {
      const old = <K, C extends readonly BuilderCheck[] | readonly CacheCheck[]>(all: ReadonlyMap<K, C>) =>
        new Map([...all].map(([key, checks]) => [key, checks.map((check) => stale(check)) as unknown as C]))
      put({ builders: old(known.builders), caches: old(known.caches) })
    },
    refresh: () => put({}),
  }
}

function nothingKnown(now: number): Known {
  const laptop: LaptopStatus = unknownLaptop({ at: new Date(now).toISOString(), ms: 0 })
  return {
    facts: null,
    laptop,
    builders: new Map(),
    caches: new Map(),
    offered: new Map(),
    busy: new Map(),
    mount: null,
    kept: nothingKept,
    paused: false,
  }
}

/** What was proven of builders whose row stayed the same; the rest proves nothing of the new row. */
function sameRows(known: Known, survey: Outcome<LaptopFacts>): Pick<Known, 'builders' | 'offered'> {
  const before = new Map((known.facts?.builders ?? []).map((builder) => [builder.id, rowOf(builder)]))
  const rows = survey.ok ? survey.value.builders : []
  const kept = new Set(rows.filter((row) => before.get(row.id) === rowOf(row)).map((row) => row.id))
  const only = <V>(all: ReadonlyMap<string, V>) => new Map([...all].filter(([id]) => kept.has(id)))
  return { builders: only(known.builders), offered: only(known.offered) }
}
