// The test build that the window shows: at most one at a time, its stages and log as they come, its verdict, the history.
import { bad, type Outcome, type Problem } from '../shared/outcome.ts'
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
  /** Takes the runs among these that are not in the history yet, and tells whether there was any. */
  learn(runs: readonly TestBuildRun[]): boolean
  /** Starts one, on a builder or on the first; nothing happens while one is running. */
  start(builder?: string): void
  /** Resolves when nothing of the build is left. */
  cancel(): Promise<void>
  /** Asks root why the last one failed, where Nix hid it; nothing happens where there is nothing to ask. */
  askRoot(): void
  /** Whoever is asked for a password is asked no longer. */
  stopAskingRoot(): void
}

type Failed = Extract<TestBuildResult, { ok: false }>

/** What root of this laptop could be asked about a build. */
export interface RootQuestion {
  readonly command: string
  /** Never rejects; gives the result with what root was told. */
  ask(result: Failed, signal: AbortSignal): Promise<Failed>
}

/** A build under way. */
export interface Running {
  readonly done: Promise<TestBuildResult>
  readonly payloadBytes: number
  /** The two commands that do the same by hand. */
  readonly reproduce: string
  cancel(): Promise<void>
  /** Once it has ended. null: there is nothing to ask. */
  rootQuestion?(result: TestBuildResult): Promise<RootQuestion | null>
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
  /** Keeps what is known of a kept run by now. */
  readonly amend: (run: TestBuildRun) => Promise<void>
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
  let giveUp = (): void => undefined
  let question: RootQuestion | null = null
  let asking: AbortController | null = null
  const put = (next: TestBuildState): void => {
    state = next
    changes.emit()
  }

  const hear = (startedAt: string, event: TestBuildEvent): void => {
    // One that was cancelled before it began may still speak.
    if (state.phase !== 'running' || state.startedAt !== startedAt) return
    if (event.type === 'stage') put({ ...state, stages: withStage(state.stages, event.stage) })
    if (event.type === 'log') put({ ...state, log: [...state.log, event.line].slice(-maxLogLines) })
  }

  const end = (startedAt: string, result: TestBuildResult, reproduce: string): void => {
    const { stages, log } = state.phase === 'running' ? state : { stages: pending, log: [] }
    const asks = question === null ? {} : { rootQuestion: { command: question.command, asking: false } }
    put({ phase: 'ended', startedAt, stages, log, result, reproduce, ...asks })
  }

  const run = async (builder: string | undefined, startedAt: string): Promise<void> => {
    const beginning = options.begin(builder, (event) => hear(startedAt, event))
    running = beginning
    const gaveUp = new Promise<Outcome<Running>>((resolve) => {
      giveUp = () => resolve(bad('nix.cancelled'))
    })
    // Looking at the laptop may take seconds: nobody who gives up waits for that.
    const began = await Promise.race([beginning, gaveUp])
    const { done, payloadBytes, reproduce, rootQuestion } = began.ok
      ? began.value
      : notBegun(began.problem, builder)
    const result = await done
    const kept = { at: startedAt, result, payloadBytes }
    question = (await rootQuestion?.(result)) ?? null
    history = [...history, kept].slice(-maxRuns)
    end(startedAt, result, reproduce)
    options.onResult(result)
    await options.keep(kept)
  }

  const ask = async (one: RootQuestion, signal: AbortSignal): Promise<void> => {
    if (state.phase !== 'ended' || state.result.ok) return
    const { command } = one
    const { result: before, startedAt } = state
    put({ ...state, rootQuestion: { command, asking: true } })
    const result = await one.ask(before, signal)
    // Another build has begun meanwhile: this answer is nobody's.
    if (question !== one || state.phase !== 'ended') return
    const { rootQuestion: _, ...rest } = state
    const isOpen = result.problem.cause === before.problem.cause
    const told = history.find((run) => run.at === startedAt)
    const run = told === undefined || result.problem === before.problem ? null : { ...told, result }
    if (run !== null) history = history.map((other) => (other === told ? run : other))
    put({ ...rest, result, ...(isOpen ? { rootQuestion: { command, asking: false } } : {}) })
    if (run === null) return
    options.onResult(result)
    await options.amend(run)
  }

  return {
    state: () => state,
    history: () => history,
    subscribe: changes.subscribe,
    learn: (runs) => {
      const isKnown = (run: TestBuildRun) => history.some((one) => isSame(one, run))
      const fresh = runs.filter((run) => !isKnown(run))
      if (fresh.length === 0) return false
      history = [...history, ...fresh].slice(-maxRuns)
      changes.emit()
      return true
    },
    start: (builder) => {
      if (state.phase === 'running') return
      asking?.abort()
      question = null
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
      giveUp()
      const began = await running?.catch(() => undefined)
      if (began?.ok === true) await began.value.cancel()
    },
    askRoot: () => {
      if (question === null || asking !== null) return
      const giveUp = new AbortController()
      asking = giveUp
      ask(question, giveUp.signal)
        .catch((error: unknown) => options.say(`asking root: ${String(error)}`))
        .finally(() => {
          asking = null
        })
    },
    stopAskingRoot: () => asking?.abort(),
  }
}

function isSame(one: TestBuildRun, other: TestBuildRun): boolean {
  return one.at === other.at && one.result.uri === other.result.uri
}

function withStage(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  return stages.map((one) => (one.id === stage.id ? stage : one))
}

/** A verdict all the same: it is kept as any other. */
function notBegun(problem: Problem, builder: string | undefined): Omit<Running, 'cancel'> {
  const nothing = { ms: 0, stages: [], cancelled: problem.cause === 'nix.cancelled', uri: null }
  const result = { ok: false, builder: builder ?? null, problem, stage: 'evaluate', ...nothing } as const
  return { done: Promise.resolve(result), payloadBytes: 0, reproduce: '' }
}
