// The monitor: decides when to look (schedule), looks (round), keeps what it learnt (store, keeper) and tells who asked.
import { join } from 'node:path'
import { bad, type Outcome } from '../../shared/outcome.ts'
import type { Snapshot } from '../../shared/status.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import type { Config } from '../config/config.ts'
import { homeOf } from '../config/home.ts'
import type { AppPaths } from '../config/paths.ts'
import type { OfferedKey } from '../desktop/results.ts'
import { builderIdsOfSlots } from '../laptop/busy-slots.ts'
import type { LaptopSource } from '../laptop/facts.ts'
import { createKeeper } from './keep.ts'
import type { Kept } from './kept-schema.ts'
import { createLoop } from './loop.ts'
import { type Probes, realProbes } from './probes.ts'
import { type RoundEnd, runRound } from './round.ts'
import type { Pace, RoundPlan } from './schedule.ts'
import { createStore, type Listener, type MonitorState } from './store.ts'
import { withTestBuild } from './test-verdict.ts'
import { type WatchAll, watchAll } from './watch-all.ts'

export interface MonitorOptions {
  readonly source: LaptopSource
  readonly config: Pick<Config, 'heartbeatSeconds' | 'sshProofSeconds'>
  readonly paths: Pick<AppPaths, 'state' | 'knownHosts'>
  /** ms since 1970 */
  readonly now?: () => number
  /** ms of a clock that only grows */
  readonly monotonic?: () => number
  /** For tests: pretended desktops. */
  readonly probes?: Probes
  /** Whose known_hosts count. */
  readonly home?: string
  /** One line for the log. */
  readonly say?: (line: string) => void
}

export interface Monitor {
  /** Begins to watch: looks at once, then by the schedule. */
  start(): void
  /** Ends the watching; resolves when a round under way has ended. */
  stop(): Promise<void>
  /** Looks at everything now (a proof younger than 5.5 s counts as now) and gives what it saw. Works without start(). */
  checkNow(): Promise<Snapshot>
  state(): MonitorState
  /** Returns how to unsubscribe. `changed` events are those that say something new. */
  subscribe(listener: Listener): () => void
  /** Trusts the host key that the builder shows, if its fingerprint is this one; then looks again. */
  trustHostKey(builderId: string, fingerprint: string): Promise<Outcome<void>>
  /** Keeps what a test build proved, and shows it at once. */
  noteTestBuild(result: TestBuildResult): void
  /** Somebody looks: what is not in good order is asked about at once, and a proof older than 30 s is renewed. */
  glanced(): void
  /** The machine woke up: nothing counts as proven until it is proven again. */
  woke(): void
  pause(): void
  resume(): void
}

/** Between two looks that glances bring, in ms. */
const glanceMs = 5000

/** The file where the monitor keeps its state, in the state folder. */
export function monitorStateFile(paths: Pick<AppPaths, 'state'>): string {
  return join(paths.state, 'monitor.json')
}

/** A monitor at rest; start() or checkNow() make it look. */
export function createMonitor(options: MonitorOptions): Monitor {
  const now = options.now ?? Date.now
  const monotonic = options.monotonic ?? (() => performance.now())
  const home = options.home ?? homeOf(process.env)
  const say = options.say ?? (() => undefined)
  const pace: Pace = {
    heartbeatMs: options.config.heartbeatSeconds * 1000,
    proofMs: options.config.sshProofSeconds * 1000,
  }
  const store = createStore(pace, now)
  const keeper = createKeeper(monitorStateFile(options.paths), say)
  const offered = new Map<string, OfferedKey>()
  let loaded: Promise<Probes> | undefined
  const probes = () => {
    loaded ??= options.probes === undefined ? realProbes() : Promise.resolve(options.probes)
    return loaded
  }
  let watch: WatchAll | undefined
  let glancedAt = Number.NEGATIVE_INFINITY

  const look = async (number: number, plan: RoundPlan, isProofDue: (id: string) => boolean) => {
    const kept = await keeper.read()
    store.kept(kept)
    store.checking(true)
    try {
      const round = await runRound({
        number,
        source: options.source,
        probes,
        store,
        knownHosts: knownHostsFiles(options.paths, home),
        survey: plan.survey,
        isProofDue,
        kept,
        now,
      })
      for (const [id, key] of round.offered) offered.set(id, key)
      store.kept(await keeper.change((before) => withRound(before, round)))
      return round
    } finally {
      store.checking(false)
    }
  }
  const loop = createLoop({
    pace,
    look,
    cacheStates: () => cacheStates(store.state().snapshot),
    monotonic,
    say,
    afterRound: () => watch?.follow(store.known(), store.state().snapshot),
  })
  const readSlots = async () => {
    const builders = store.known().facts?.builders ?? []
    store.slotsSeen(await options.source.busySlots(builders))
    return store.state().snapshot.builders.some((builder) => builder.slots.busy > 0)
  }
  const slotsSettled = (files: readonly string[]) => {
    const { facts } = store.known()
    const free = new Set(
      store.state().snapshot.builders.flatMap(({ id, slots }) => (slots.busy === 0 ? [id] : [])),
    )
    const ended = builderIdsOfSlots(facts?.builders ?? [], files).filter((id) => free.has(id))
    if (ended.length > 0) loop.suspect(ended)
  }
  const noteTestBuild = async (result: TestBuildResult) => {
    const at = new Date(now()).toISOString()
    const builders = store.known().facts?.builders ?? []
    store.kept(await keeper.change((kept) => withTestBuild(kept, builders, result, at)))
    loop.ask('change')
  }
  const wake = () => {
    store.distrust()
    loop.ask('wake')
  }
  const setPaused = (paused: boolean) => {
    store.paused(paused)
    if (paused) loop.rest()
    else loop.wakeUp()
  }

  return {
    start() {
      if (watch !== undefined) return
      watch = watchAll({
        home,
        readSlots,
        slotsSettled,
        ask: loop.ask,
        slept: wake,
        tick: () => store.refresh(),
      })
      loop.start()
    },
    async stop() {
      watch?.close()
      watch = undefined
      await loop.stop()
    },
    async checkNow() {
      await loop.lookNow()
      return store.state().snapshot
    },
    state: store.state,
    subscribe: store.subscribe,
    async trustHostKey(builderId, fingerprint) {
      const builder = store.known().facts?.builders.find((one) => one.id === builderId)
      const key = offered.get(builderId)
      if (builder === undefined || key === undefined || key.fingerprint !== fingerprint)
        return bad('ssh.host-key-unknown', { host: builder?.host ?? builderId, offered: fingerprint })
      const done = await (await probes()).trust(options.paths.knownHosts, builder.address, key)
      if (done.ok) await loop.lookNow()
      return done
    },
    noteTestBuild: (result) => {
      noteTestBuild(result).catch((error: unknown) => say(`test build not noted: ${String(error)}`))
    },
    glanced() {
      const at = monotonic()
      // Some panels ask for the menu several times in a row.
      if (watch === undefined || at - glancedAt < glanceMs) return
      glancedAt = at
      loop.ask('glance')
    },
    woke: wake,
    pause: () => setPaused(true),
    resume: () => setPaused(false),
  }
}

/** The app's own file first: there stands what the person trusted by a click. */
export function knownHostsFiles(paths: Pick<AppPaths, 'knownHosts'>, home: string): readonly string[] {
  return [
    paths.knownHosts,
    join(home, '.ssh/known_hosts'),
    join(home, '.ssh/known_hosts2'),
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ]
}

function withRound(kept: Kept, round: RoundEnd): Kept {
  const fingerprints = Object.fromEntries([...round.offered].map(([id, key]) => [id, key.fingerprint]))
  return {
    ...kept,
    fingerprints: { ...kept.fingerprints, ...fingerprints },
    sharedPaths: { ...kept.sharedPaths, ...round.sharedPaths },
    addresses: { ...kept.addresses, ...round.addresses },
  }
}

function cacheStates(snapshot: Snapshot): string {
  return JSON.stringify(snapshot.caches.map((cache) => [cache.url, cache.checks[0]?.state]))
}
