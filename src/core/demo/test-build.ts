// The demo's test build: an open simulation. Nothing is built and its log says so; only the way to the desktop is real,
// so that a fault that is switched on ends it as it would end a real one.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { Stage, StageId, TestBuildEvent, TestBuildResult } from '../../shared/test-build.ts'
import { createProbeLimiter } from '../desktop/probe-limiter.ts'
import { proveBuilder } from '../desktop/prove.ts'
import type { Builder, LaptopFacts } from '../laptop/facts.ts'
import type { TestBuild, TestBuildOptions } from '../test-build/run.ts'

export type DemoTestBuildOptions = Pick<TestBuildOptions, 'builder' | 'payloadBytes' | 'timeoutMs'>

/** What it needs to know of the demo. */
export interface DemoTestBuildWorld {
  readonly facts: LaptopFacts
  /** Root's ssh knows this host key, whatever the user's list says. */
  readonly hostKeyLine: string
  /** The path that stands for the probe's output: the demo cache has it. */
  readonly outPath: string
}

/** Takes about two seconds; a cancelled one ends at once. Its face is that of a real one. */
export function startDemoTestBuild(options: DemoTestBuildOptions, world: DemoTestBuildWorld): TestBuild {
  const listeners = new Set<(event: TestBuildEvent) => void>()
  const cancelled = new AbortController()
  const push = (event: TestBuildEvent) => {
    for (const listener of listeners) listener(event)
  }
  const run = async () => {
    // Whoever starts it may still subscribe: nothing is told before that code has returned.
    await new Promise((resolve) => setImmediate(resolve))
    const result = await simulate(options, world, push, cancelled.signal)
    push({ type: 'result', result })
    return result
  }
  const done = run()
  return {
    reproduce: '# demo: nothing was built, so there is nothing to do by hand',
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    done,
    async cancel() {
      cancelled.abort()
      await done
    },
  }
}

async function simulate(
  options: DemoTestBuildOptions,
  world: DemoTestBuildWorld,
  push: (event: TestBuildEvent) => void,
  signal: AbortSignal,
): Promise<TestBuildResult> {
  const { builder } = options
  const started = performance.now()
  const say = (line: string) => push({ type: 'log', line: `demo: ${line}` })
  const { stages, inStage } = stageRecorder(options.payloadBytes, push)
  const pause = (ms: number) => sleep(ms, undefined, { signal })
  const ended = () => ({ ms: performance.now() - started, stages })

  try {
    say('this test build is a simulation: nothing is built, nothing is copied')
    await inStage('evaluate', () => pause(100))
    await inStage('connect', async () => {
      const found = await wayTo(builder, world, Math.min(options.timeoutMs, 4500))
      if (found !== null) throw new Stopped(found)
      signal.throwIfAborted()
      say(`${builder.host} knows its host key and accepts the builder key (this was real)`)
    })
    await inStage('wait', () => pause(50))
    const copy = (eachMs: number) => async (tell: Tell) => {
      for (let step = 1; step <= 8; step += 1) {
        await pause(eachMs)
        tell(Math.round((options.payloadBytes * step) / 8))
      }
    }
    await inStage('upload', copy(70))
    await inStage('build', async () => {
      for (const line of ['a builder would start here', 'it would read its inputs', 'it would be done']) {
        await pause(200)
        say(line)
      }
    })
    await inStage('download', copy(20))
    await inStage('verify', () => pause(50))
    const remote = { bootId: randomUUID(), kernel: 'demo' }
    return { ok: true, builder: builder.id, uri: builder.uri, remote, outPath: world.outPath, ...ended() }
  } catch (error) {
    const why = error instanceof Stopped ? error.problem : problem('nix.build-failed', { host: builder.host })
    if (!(error instanceof Stopped) && !signal.aborted) throw error
    const stage = stages.at(-1)?.id ?? 'evaluate'
    const where = { builder: builder.id, uri: builder.uri, stage, cancelled: signal.aborted }
    return { ok: false, problem: why, ...where, ...ended() }
  }
}

type Tell = (bytesDone: number) => void

/** Runs work as a stage: tells when it begins, moves bytes, ends or breaks, and keeps how long it took. */
function stageRecorder(expected: number, push: (event: TestBuildEvent) => void) {
  const stages: { id: StageId; ms: number }[] = []
  const inStage = async <T>(id: StageId, work: (tell: Tell) => Promise<T>): Promise<T> => {
    const began = performance.now()
    const record = { id, ms: 0 }
    stages.push(record)
    let done: number | null = null
    const show = (state: Stage['state']) => {
      record.ms = performance.now() - began
      const bytes = done === null ? {} : { bytes: { done, expected } }
      push({ type: 'stage', stage: { id, state, ms: record.ms, ...bytes } })
    }
    show('running')
    try {
      const value = await work((bytes) => {
        done = bytes
        show('running')
      })
      show('done')
      return value
    } catch (error) {
      show('failed')
      throw error
    }
  }
  return { stages, inStage }
}

/** What keeps Nix from the builder, asked of the demo's own SSH server; null where nothing does. */
async function wayTo(
  builder: Builder,
  { facts, hostKeyLine }: DemoTestBuildWorld,
  deadlineMs: number,
): Promise<Problem | null> {
  const off = facts.problems.find((one) => one.cause === 'laptop.distributed-builds-off')
  if (off !== undefined) return off
  const keyFile = facts.keys.get(builder.id) ?? { state: 'none-configured' }
  if (keyFile.state === 'missing') return problem('laptop.builder-key-missing', { key: keyFile.path })
  const target = { address: builder.address, displayHost: builder.host, keyFile, hostKeyLine, knownHosts: [] }
  // A limiter of its own: the demo's server counts nothing, and the monitor's probes must not wait for this one.
  return (await proveBuilder(target, deadlineMs, createProbeLimiter())).problem
}

class Stopped extends Error {
  readonly problem: Problem

  constructor(found: Problem) {
    super(found.cause)
    this.problem = found
  }
}
