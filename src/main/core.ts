// Starts the core the app shows: settings, the laptop's truth (or the demo's), the monitor and the test builds.
import { rm } from 'node:fs/promises'
import { type Config, loadConfig } from '../core/config/config.ts'
import type { AppPaths } from '../core/config/paths.ts'
import type { Demo as RunningDemo } from '../core/demo/demo.ts'
import type { LaptopSource } from '../core/laptop/facts.ts'
import { laptopSource } from '../core/laptop/source.ts'
import { createMonitor, type Monitor } from '../core/monitor/monitor.ts'
import type { RepairEngine } from '../core/repair/engine.ts'
import { canMakeKey, makeBuilderKey } from '../core/repair/make-key.ts'
import { amendRun, appendRun, loadHistory } from '../core/test-build/history.ts'
import type { DemoFault } from '../shared/app-state.ts'
import { fill, type Locale, localeOfEnvironment } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import { bad, good, type Outcome, type Problem } from '../shared/outcome.ts'
import type { TestBuildRun } from '../shared/test-build.ts'
import { beginOn } from './begin-build.ts'
import { followHistory } from './follow-history.ts'
import type { Log } from './log.ts'
import { demoPaths } from './places.ts'
import { repairsOn } from './repair-ground.ts'
import type { Repairs } from './repairs.ts'
import { type Begin, createTestBuilds, type TestBuilds } from './test-builds.ts'

interface Demo {
  faults(): readonly DemoFault[]
  setFault(id: string, on: boolean): Promise<void>
}

export interface Core {
  readonly config: Config
  readonly locale: Locale
  readonly configProblems: readonly string[]
  readonly monitor: Monitor
  readonly testBuilds: TestBuilds
  readonly repairs: Repairs
  /** This app can make a missing builder key here. */
  readonly canMakeKey: boolean
  readonly demo: Demo | null
  /** Ends every connection, build and server, and removes what the demo left. */
  stop(): Promise<void>
}

/** Reads the settings and makes everything; nothing is checked before `monitor.start()`. */
export async function startCore(paths: AppPaths, demo: boolean, log: Log): Promise<Core> {
  const { config, problems } = await loadConfig(paths)
  const locale = config.locale === 'auto' ? localeOfEnvironment(process.env) : config.locale
  const ground = demo ? await demoGround(paths) : await realGround(paths, config)
  const monitor = createMonitor({
    source: ground.source,
    config: { ...config, ...ground.pace },
    paths: ground.paths,
    say: log.info,
  })
  const testBuilds = createTestBuilds({
    begin: ground.begin,
    history: await pastRuns(ground.paths.history, log),
    keep: (run) => keepRun(ground.paths.history, run, log),
    amend: (run) => amendRun(ground.paths.history, run),
    onResult: (result) => monitor.noteTestBuild(result),
    say: log.warn,
  })
  const unfollow = followHistory(
    ground.paths.history,
    async () => {
      // It is proof, or the lack of it, for what the monitor knows.
      if (testBuilds.learn(await pastRuns(ground.paths.history, log))) monitor.glanced()
    },
    log.warn,
  )
  const repairs = repairsOn({
    loadEngine: ground.loadEngine,
    makeKey: ground.makeKey,
    testBuilds,
    checkNow: monitor.checkNow,
    say: log.warn,
  })
  return {
    config,
    locale,
    configProblems: problems.map((problem) => sentence(problem, locale)),
    monitor,
    testBuilds,
    repairs,
    canMakeKey: ground.canMakeKey,
    demo: ground.demo,
    stop: async () => {
      unfollow()
      testBuilds.stopAskingRoot()
      await Promise.allSettled([repairs.close(), testBuilds.cancel(), monitor.stop()])
      await ground.stop()
    },
  }
}

async function pastRuns(file: string, log: Log): Promise<readonly TestBuildRun[]> {
  try {
    const { runs, setAside } = await loadHistory(file)
    if (setAside !== null) log.warn('history set aside:', setAside.file, setAside.why)
    return runs
  } catch (error) {
    // Without its history the app is still worth starting.
    log.warn('the history cannot be read:', error)
    return []
  }
}

async function keepRun(file: string, run: TestBuildRun, log: Log): Promise<void> {
  const setAside = await appendRun(file, run)
  if (setAside !== null) log.warn('history set aside:', setAside.file, setAside.why)
}

interface Ground {
  readonly source: LaptopSource
  /** The demo looks more often than a real laptop would: who turns a switch wants to see it. */
  readonly pace: Partial<Pick<Config, 'heartbeatSeconds' | 'sshProofSeconds'>>
  readonly paths: AppPaths
  readonly demo: Demo | null
  readonly begin: Begin
  /** Loaded only when a repair begins; `testBuild` proves it. */
  readonly canMakeKey: boolean
  makeKey(path: string): Promise<Outcome<void>>
  loadEngine(testBuild: RepairEngine['testBuild']): Promise<RepairEngine>
  stop(): Promise<void>
}

async function realGround(paths: AppPaths, config: Config): Promise<Ground> {
  const source = laptopSource({ config })
  return {
    source,
    pace: {},
    paths,
    demo: null,
    begin: beginOn({ source, paths }),
    canMakeKey: await canMakeKey(process.env),
    makeKey: (path) => makeBuilderKey(path, process.env),
    loadEngine: async (testBuild) => {
      const { realEngine } = await import('../core/repair/real-engine.ts')
      return realEngine({ source, config, paths, env: process.env, testBuild })
    },
    stop: async () => undefined,
  }
}

async function demoGround(real: AppPaths): Promise<Ground> {
  // Loaded only when asked for: it brings a server that a real laptop never needs.
  const { startDemo, demoPace } = await import('../core/demo/demo.ts')
  const [demo, { paths, folder }] = await Promise.all([startDemo(), demoPaths(real)])
  return {
    source: demo.source,
    pace: demoPace,
    paths,
    demo,
    begin: beginDemo(demo),
    canMakeKey: true,
    // The demo's laptop has no files; only its fault ends.
    makeKey: async () => {
      await demo.setFault('builder-key-missing', false)
      return good(undefined)
    },
    loadEngine: async (testBuild) => {
      const { demoRepairEngine } = await import('../core/demo/repair.ts')
      const isOn = (fault: string) => demo.faults().some(({ id, on }) => id === fault && on)
      const { source, setFault } = demo
      const knownHosts = [paths.knownHosts]
      return demoRepairEngine({ source, knownHosts, isOn, setFault, testBuild })
    },
    stop: async () => {
      await demo.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The demo's own, simulated test build. The real desktop is not for a demo to use. */
function beginDemo({ source, startTestBuild }: RunningDemo): Begin {
  return async (wish, onEvent) => {
    const survey = await source.survey()
    if (!survey.ok) return survey
    const { builders } = survey.value
    const builder = wish === undefined ? builders[0] : builders.find((one) => one.id === wish)
    if (builder === undefined) return bad('laptop.no-builder')
    const payloadBytes = 1024 * 1024
    const running = startTestBuild({ builder, payloadBytes, timeoutMs: 60_000 })
    running.subscribe(onEvent)
    return good({ ...running, payloadBytes })
  }
}

function sentence(problem: Problem, locale: Locale): string {
  return fill(messagesFor(locale).causes[problem.cause].title, problem.params)
}
