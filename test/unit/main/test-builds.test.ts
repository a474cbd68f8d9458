// The window's test build in main: one at a time, followed live, kept at its end.
import { describe, expect, it, vi } from 'vitest'
import {
  type Begin,
  createTestBuilds,
  type RootQuestion,
  type Running,
} from '../../../src/main/test-builds.ts'
import { bad, good, type Outcome, problem } from '../../../src/shared/outcome.ts'
import type { TestBuildEvent, TestBuildResult, TestBuildRun } from '../../../src/shared/test-build.ts'

const passed: TestBuildResult = {
  ok: true,
  builder: 'a',
  uri: 'ssh-ng://a',
  ms: 900,
  stages: [],
  remote: { bootId: 'b', kernel: '6' },
  outPath: '/nix/store/x',
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

/** A build that runs until it is told how it ends. */
function stage() {
  let emit: (event: TestBuildEvent) => void = () => undefined
  let finish: (result: TestBuildResult) => void = () => undefined
  const cancel = vi.fn(async () => undefined)
  const begin = vi.fn<Begin>(async (_builder, onEvent) => {
    emit = onEvent
    const done = new Promise<TestBuildResult>((resolve) => {
      finish = resolve
    })
    return good({ done, cancel, payloadBytes: 1_000, reproduce: 'nix build' })
  })
  const keep = vi.fn(async (_run: TestBuildRun) => undefined)
  const onResult = vi.fn()
  const say = vi.fn()
  const amend = vi.fn(async (_run: TestBuildRun) => undefined)
  const builds = createTestBuilds({ begin, history: [], keep, amend, onResult, say })
  return {
    builds,
    begin,
    keep,
    amend,
    onResult,
    say,
    cancel,
    emit: (event: TestBuildEvent) => emit(event),
    finish: (r: TestBuildResult) => finish(r),
  }
}

describe('the test build of the window', () => {
  it('shows stages and log as they come, then the verdict, and keeps the run', async () => {
    const { builds, emit, finish, keep, onResult } = stage()
    builds.start('a')
    await turn()
    emit({ type: 'stage', stage: { id: 'upload', state: 'running', ms: 20 } })
    emit({ type: 'log', line: 'copying' })
    const running = builds.state()
    expect(running.phase === 'running' && running.stages.find((one) => one.id === 'upload')?.state).toBe(
      'running',
    )
    finish(passed)
    await turn()
    expect(builds.state()).toMatchObject({
      phase: 'ended',
      result: passed,
      log: ['copying'],
      reproduce: 'nix build',
    })
    expect(builds.history()).toHaveLength(1)
    expect(keep).toHaveBeenCalledWith(expect.objectContaining({ result: passed, payloadBytes: 1_000 }))
    expect(onResult).toHaveBeenCalledWith(passed)
  })

  it('runs one at a time', async () => {
    const { builds, begin } = stage()
    builds.start()
    builds.start()
    await turn()
    expect(begin).toHaveBeenCalledTimes(1)
  })

  it('cancels a build even while it is just beginning', async () => {
    const { builds, cancel } = stage()
    builds.start()
    await builds.cancel()
    expect(cancel).toHaveBeenCalledTimes(1)
  })

  it('is cancelled at once while the laptop is still looked at, and ends what begins after that', async () => {
    const { builds, begin, cancel, keep } = stage()
    let begun: (running: Outcome<Running>) => void = () => undefined
    let speak: (event: TestBuildEvent) => void = () => undefined
    begin.mockImplementationOnce((_builder, onEvent) => {
      speak = onEvent
      return new Promise((resolve) => {
        begun = resolve
      })
    })
    builds.start()
    const cancelled = builds.cancel()
    await vi.waitFor(() =>
      expect(builds.state()).toMatchObject({ phase: 'ended', result: { cancelled: true } }),
    )
    expect(keep).toHaveBeenCalledTimes(1)
    builds.start()
    speak({ type: 'log', line: 'of the first' })
    begun(good({ done: new Promise(() => undefined), cancel, payloadBytes: 1, reproduce: '' }))
    await cancelled
    expect(cancel).toHaveBeenCalledTimes(1)
    expect(builds.state()).toMatchObject({ phase: 'running', log: [] })
  })

  it('ends with the problem where there is no builder, and keeps that verdict as any other', async () => {
    const none: Begin = async () => bad('laptop.no-builder')
    const { keep, onResult, ...rest } = stage()
    const builds = createTestBuilds({ ...rest, keep, onResult, begin: none, history: [] })
    builds.start()
    await expect.poll(() => keep).toHaveBeenCalled()
    const result = { ok: false, builder: null, stages: [], problem: { cause: 'laptop.no-builder' } }
    expect(builds.state()).toMatchObject({ phase: 'ended', result, reproduce: '' })
    expect(builds.history()).toMatchObject([{ payloadBytes: 0, result }])
    expect(keep).toHaveBeenCalledWith(builds.history()[0])
    expect(onResult).toHaveBeenCalledWith(expect.objectContaining({ ok: false }))
  })

  it('learns of runs that others made, each once, and tells the window', async () => {
    const { builds, finish } = stage()
    builds.start()
    await turn()
    finish(passed)
    await vi.waitFor(() => expect(builds.history()).toHaveLength(1))
    const [own] = builds.history()
    const other: TestBuildRun = { at: '2026-11-23T09:00:00.000Z', payloadBytes: 1, result: passed }
    const told = vi.fn()
    builds.subscribe(told)
    const runs = own === undefined ? [] : [own, other]
    expect(builds.learn(runs)).toBe(true)
    expect(builds.history()).toEqual(runs)
    expect(builds.learn(runs)).toBe(false)
    expect(told).toHaveBeenCalledTimes(1)
  })

  it('is idle again after an error nobody expected, and says it', async () => {
    const { say } = stage()
    const broken: Begin = () => Promise.reject(new Error('no nix'))
    const builds = createTestBuilds({ ...stage(), begin: broken, history: [], say })
    builds.start()
    await turn()
    expect(builds.state().phase).toBe('idle')
    expect(say).toHaveBeenCalledWith(expect.stringContaining('no nix'))
  })

  it('cuts a long log at its beginning', async () => {
    const { builds, emit } = stage()
    builds.start()
    await turn()
    for (let line = 0; line < 700; line++) emit({ type: 'log', line: String(line) })
    const state = builds.state()
    expect(state.phase === 'running' && [state.log.length, state.log.at(-1)]).toEqual([500, '699'])
  })
})

const hidden = {
  ok: false,
  builder: 'a',
  uri: 'ssh-ng://a',
  problem: problem('nix.no-answer', { host: 'a' }, 'unexpected end-of-file'),
  stage: 'connect',
  ms: 1,
  stages: [],
  cancelled: false,
} satisfies TestBuildResult
type Hidden = Parameters<RootQuestion['ask']>[0]

/** A build that ended without a reason; root says what `answer` is given, once it is given. */
async function unexplained() {
  let answer: (result: Hidden) => void = () => undefined
  const ask = vi.fn<RootQuestion['ask']>((result, signal) => {
    signal.addEventListener('abort', () => answer(result))
    return new Promise((resolve) => {
      answer = resolve
    })
  })
  const begin: Begin = async () =>
    good({
      done: Promise.resolve(hidden),
      cancel: async () => undefined,
      payloadBytes: 1,
      reproduce: 'nix',
      rootQuestion: async (result) => (result === hidden ? { command: 'ssh -v', ask } : null),
    })
  const keep = vi.fn(async () => undefined)
  const amend = vi.fn(async (_run: TestBuildRun) => undefined)
  const onResult = vi.fn()
  const say = vi.fn()
  const builds = createTestBuilds({ begin, history: [], keep, amend, onResult, say })
  builds.start()
  await turn()
  return { builds, ask, amend, onResult, answer: (result: Hidden) => answer(result) }
}
const told: Hidden = { ...hidden, problem: problem('nix.not-found'), asRoot: { state: 'told' } }

describe('asking root why it failed', () => {
  it('is offered with what would run, and runs only when it is asked for', async () => {
    const { builds, ask } = await unexplained()
    expect(builds.state()).toMatchObject({ rootQuestion: { command: 'ssh -v', asking: false } })
    expect(ask).not.toHaveBeenCalled()
    builds.askRoot()
    builds.askRoot()
    expect(ask).toHaveBeenCalledTimes(1)
    expect(builds.state()).toMatchObject({ rootQuestion: { command: 'ssh -v', asking: true } })
  })

  it('ends in the cause for the window, the history, its file, and the state of the builder', async () => {
    const { builds, answer, amend, onResult } = await unexplained()
    builds.askRoot()
    answer(told)
    await turn()
    expect(builds.state()).toMatchObject({ phase: 'ended', result: told })
    expect(builds.state()).not.toHaveProperty('rootQuestion')
    expect(builds.history().map(({ result }) => result)).toEqual([told])
    expect(amend.mock.calls).toEqual([[builds.history()[0]]])
    expect(onResult.mock.calls).toEqual([[hidden], [told]])
  })

  it('may be asked again where nobody became root, and then nothing new is kept', async () => {
    const { builds, answer, amend, onResult } = await unexplained()
    builds.askRoot()
    const refused: Hidden = {
      ...hidden,
      asRoot: { state: 'refused', problem: problem('laptop.pkexec-refused') },
    }
    answer(refused)
    await turn()
    expect(builds.state()).toMatchObject({ result: refused, rootQuestion: { asking: false } })
    expect(onResult).toHaveBeenCalledTimes(1)
    expect(amend).not.toHaveBeenCalled()
    builds.askRoot()
    expect(builds.state()).toMatchObject({ rootQuestion: { asking: true } })
  })

  it('can be stopped, and is as before then', async () => {
    const { builds, amend } = await unexplained()
    builds.askRoot()
    builds.stopAskingRoot()
    await turn()
    expect(builds.state()).toMatchObject({ result: hidden, rootQuestion: { asking: false } })
    expect(amend).not.toHaveBeenCalled()
  })

  it('is over with the next build, whose verdict a late answer leaves alone', async () => {
    const { builds, answer, amend } = await unexplained()
    builds.askRoot()
    builds.start()
    answer(told)
    await turn()
    expect(builds.state()).toMatchObject({ result: hidden, rootQuestion: { asking: false } })
    expect(amend).not.toHaveBeenCalled()
  })

  it('is not possible where nothing is hidden', async () => {
    const { builds, finish } = stage()
    builds.start()
    await turn()
    builds.askRoot()
    finish(passed)
    await turn()
    builds.askRoot()
    expect(builds.state()).toMatchObject({ phase: 'ended', result: passed })
  })
})
