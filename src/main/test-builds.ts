// The test build that the window shows: at most one at a time, its stages and log as they come, its verdict, the history.
import type { Outcome, Problem } from '../shared/outcome.ts'
import {
  type Stage,
  stageIds,
  type TestBuildEvent,
  type TestBuildResult,
  type TestBuildRun,
  type TestBuildState,
} from '../shared/test-build.ts'
import { createChanges } from './changes.ts'

export interface TestBuilds {
  state(): TestBuildState
  history(): readonly TestBuildRun[]
  subscribe(listener: () => void): () => void
  /** Starts one, on a builder or on the first; nothing happens while one is running. */
  start(builder?: string): void
  /** Resolves when nothing of the build is left. */
  cancel(): Promise<void>
}

/** A build under way. */
export interface Running {
  readonly done: Promise<TestBuildResult>
  readonly payloadBytes: number
  /** The two commands that do the same by hand. */
  readonly reproduce: string
  cancel(): Promise<void>
}

/** Begins a build on a builder (undefined: the first). Bad where there is none to build on. */
export type Begin = (
  builder: string | undefined,
  onEvent: (event: TestBuildEvent) => void,
) => Promise<Outcome<Running>>

interface Options {
  readonly begin: Begin
  /** Past runs, oldest first. */
  readonly history: readonly TestBuildRun[]
  /** Keeps a run for the next start. */
  readonly keep: (run: TestBuildRun) => Promise<void>
  readonly onResult: (result: TestBuildResult) => void
  /** Told what nobody else hears of: a history that cannot be written, a begin that throws. */
  readonly say: (line: string) => void
}

/** A long log is cut at its beginning: the end is where the reason stands. */
const maxLogLines = 500
/** As many runs as the window draws. */
const maxRuns = 200

const pending: readonly Stage[] = stageIds.map((id) => ({ id, state: 'pending', ms: 0 }))

/** None is running at first. */
export function createTestBuilds(options: Options): TestBuilds {
  const changes = createChanges()
  let state: TestBuildState = { phase: 'idle' }
  let history = options.history.slice(-maxRuns)
  let running: Promise<Outcome<Running>> | undefined
  const put = (next: TestBuildState): void => {
    state = next
    changes.emit()
  }

  const hear = (event: TestBuildEvent): void => {
    if (state.phase !== 'running') return
    if (event.type === 'stage') put({ ...state, stages: withStage(state.stages, event.stage) })
    if (event.type === 'log') put({ ...state, log: [...state.log, event.line].slice(-maxLogLines) })
  }

  const end = (startedAt: string, result: TestBuildResult, reproduce: string): void => {
    const shown = state.phase === 'running' ? state : { stages: pending, log: [] }
    put({ phase: 'ended', startedAt, stages: shown.stages, log: shown.log, result, reproduce })
  }

  const run = async (builder: string | undefined, startedAt: string): Promise<void> => {
    running = options.begin(builder, hear)
    const began = await running
    if (!began.ok) return end(startedAt, notBegun(began.problem, builder), '')
    const { done, payloadBytes, reproduce } = began.value
    const result = await done
    const kept = { at: startedAt, result, payloadBytes }
    history = [...history, kept].slice(-maxRuns)
    end(startedAt, result, reproduce)
    options.onResult(result)
    await options.keep(kept)
  }

  return {
    state: () => state,
    history: () => history,
    subscribe: changes.subscribe,
    start: (builder) => {
      if (state.phase === 'running') return
      const startedAt = new Date().toISOString()
      put({ phase: 'running', startedAt, stages: pending, log: [] })
      run(builder, startedAt)
        .catch((error: unknown) => {
          options.say(`test build: ${String(error)}`)
          if (state.phase === 'running') put({ phase: 'idle' })
        })
        .finally(() => {
          running = undefined
        })
    },
    cancel: async () => {
      const began = await running?.catch(() => undefined)
      if (began?.ok === true) await began.value.cancel()
    },
  }
}

function withStage(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  return stages.map((one) => (one.id === stage.id ? stage : one))
}

function notBegun(problem: Problem, builder: string | undefined): TestBuildResult {
  const nothing = { ms: 0, stages: [], cancelled: false, uri: null }
  return { ok: false, builder: builder ?? null, problem, stage: 'evaluate', ...nothing }
}
