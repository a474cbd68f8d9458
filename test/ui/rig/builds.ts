// Test builds to show: running, passed, failed, cancelled, and a history of them.
import type { AppState } from '../../../src/shared/app-state.ts'
import type {
  Stage,
  StageId,
  TestBuildResult,
  TestBuildRun,
  TestBuildState,
} from '../../../src/shared/test-build.ts'
import { stageIds } from '../../../src/shared/test-build.ts'
import { now } from './states.ts'

const MiB = 1024 * 1024
const took: Readonly<Record<StageId, number>> = {
  evaluate: 92,
  connect: 184,
  wait: 2,
  upload: 211,
  build: 118,
  download: 64,
  verify: 203,
}
const stages = stageIds.map((id) => ({ id, ms: took[id] }))
const whole = stages.reduce((sum, stage) => sum + stage.ms, 0)

const startedAt = new Date(Date.parse(now) - 4000).toISOString()

export const passed = {
  ok: true,
  builder: 'desktop',
  uri: 'ssh-ng://nix-builder@desktop',
  ms: whole,
  stages,
  remote: { bootId: '5b0f0c1e-6a0e-4c39-9d3c-2f9f0f8f7a11', kernel: '6.18.2' },
  outPath: '/nix/store/6bd7x5yhzv8d8l1s0k0bmh9qjq3ahq0r-offload-test-probe',
} satisfies TestBuildResult

export const failed = {
  ok: false,
  builder: 'desktop',
  uri: 'ssh-ng://nix-builder@desktop',
  problem: {
    cause: 'nix.not-trusted',
    params: { host: 'desktop', user: 'nix-builder' },
    raw: "cannot build on 'ssh-ng://nix-builder@desktop': error: cannot add path '/nix/store/…-payload' because it lacks a signature by a trusted key",
  },
  stage: 'upload',
  ms: 487,
  stages: stages.slice(0, 4),
  cancelled: false,
} satisfies TestBuildResult

export const cancelled = {
  ...failed,
  problem: { cause: 'nix.stalled', params: { host: 'desktop' } },
  stage: 'upload',
  ms: 2100,
  cancelled: true,
} satisfies TestBuildResult

const log = [
  'offload-test-payload: 1 MiB of fresh bytes',
  'copying 1 paths to ssh-ng://nix-builder@desktop',
  'building on desktop, boot id 5b0f0c1e-6a0e-4c39-9d3c-2f9f0f8f7a11',
]

/** The stages as they stand once `at` of them are over, that one in the given state. */
function progress(at: StageId, state: 'running' | 'failed'): readonly Stage[] {
  const reached = stageIds.indexOf(at)
  return stageIds.map((id, index) => {
    if (index > reached) return { id, state: 'pending', ms: 0 }
    const moved = id === 'upload' ? { bytes: { done: index < reached ? MiB : 0.6 * MiB, expected: MiB } } : {}
    return { id, state: index < reached ? 'done' : state, ms: took[id], ...moved }
  })
}

const allDone: readonly Stage[] = stageIds.map((id) => ({
  id,
  state: 'done',
  ms: took[id],
  ...(id === 'upload' ? { bytes: { done: MiB, expected: MiB } } : {}),
  ...(id === 'download' ? { bytes: { done: MiB, expected: MiB } } : {}),
}))

const reproduce = `nix-build --no-out-link probe.nix -A payload
nix-build --no-out-link probe.nix -A probe --max-jobs 0`

export const running = {
  phase: 'running',
  startedAt,
  stages: progress('upload', 'running'),
  log,
} satisfies TestBuildState

/** The desktop builds, and Nix says nothing meanwhile. */
export const building = {
  ...running,
  stages: progress('build', 'running').map((stage) =>
    stage.state === 'running' ? { ...stage, ms: 0 } : stage,
  ),
} satisfies TestBuildState

/** Asked for a moment ago. */
export const begun = {
  ...running,
  startedAt: now,
  stages: stageIds.map((id) => ({ id, state: 'pending', ms: 0 })),
  log: [],
} satisfies TestBuildState

/** All slots are taken. */
export const waiting = { ...running, stages: progress('wait', 'running') } satisfies TestBuildState

/** The state after a result. */
export function ended(result: TestBuildResult): TestBuildState {
  const shown = result.ok ? allDone : progress(result.stage, 'failed')
  return { phase: 'ended', startedAt, stages: shown, log, result, reproduce }
}

/** As through a link of 10 Mbit/s. */
const slow = {
  ...passed,
  stages: stages.map(({ id, ms }) => ({ id, ms: id === 'upload' ? 858_000 : ms * 100 })),
  ms: 858_000 + (whole - took.upload) * 100,
} satisfies TestBuildResult

/** No builder was left when it was started. */
export const notBegun: TestBuildState = {
  phase: 'ended',
  startedAt,
  stages: stageIds.map((id) => ({ id, state: 'pending', ms: 0 })),
  log: [],
  reproduce: '',
  result: {
    ok: false,
    builder: null,
    uri: null,
    problem: { cause: 'laptop.no-builder', params: {} },
    stage: 'evaluate',
    ms: 0,
    stages: [],
    cancelled: false,
  },
}

/** `count` runs, the newest last: a link that got slower half way, a failure now and then. */
export function historyOf(count: number): readonly TestBuildRun[] {
  return Array.from({ length: count }, (_, at) => {
    const slower = at > count / 2 ? 3 : 1
    const times = stages.map(({ id, ms }) => ({
      id,
      ms: Math.round(ms * (id === 'upload' ? slower : 1) * (1 + ((at * 7) % 5) / 10)),
    }))
    const ms = times.reduce((sum, stage) => sum + stage.ms, 0)
    const fails = at % 11 === 6
    const result: TestBuildResult = fails
      ? {
          ...failed,
          stages: times.slice(0, 4),
          ms: times.slice(0, 4).reduce((sum, stage) => sum + stage.ms, 0),
        }
      : { ...passed, stages: times, ms }
    return {
      at: new Date(Date.parse(now) - (count - at) * 3_600_000).toISOString(),
      result,
      payloadBytes: MiB,
    }
  })
}

const longName = 'a-rather-long-name-of-a-desktop.home.example-network.internal'

/** What is hard to draw: a slow run of a GiB, cancelled ones, one that never reached a builder, a long name. */
export const hardHistory: readonly TestBuildRun[] = historyOf(14).map((run, at) => {
  if (at === 3) return { ...run, payloadBytes: 1024 * MiB, result: slow }
  if (at === 5 || at === 9) return { ...run, result: { ...cancelled, stages: stages.slice(0, 2), ms: 276 } }
  if (at === 7) return { ...run, result: { ...failed, builder: null, uri: null, stages: [], ms: 0 } }
  if (at === 11) return { ...run, result: { ...passed, builder: `ssh-ng://nix-builder@${longName}` } }
  return run
})

/** The Test build view in a state. */
export function buildView(
  testBuild: TestBuildState,
  history: readonly TestBuildRun[] = [],
): Partial<AppState> {
  return { view: 'test-build', testBuild, history }
}
