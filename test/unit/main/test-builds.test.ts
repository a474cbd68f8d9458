// The window's test build in main: one at a time, followed live, kept at its end.
import { describe, expect, it, vi } from 'vitest'
import { type Begin, createTestBuilds } from '../../../src/main/test-builds.ts'
import { bad, good } from '../../../src/shared/outcome.ts'
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
  const builds = createTestBuilds({ begin, history: [], keep, onResult, say })
  return {
    builds,
    begin,
    keep,
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

  it('ends with the problem where there is no builder', async () => {
    const none: Begin = async () => bad('laptop.no-builder')
    const builds = createTestBuilds({ ...stage(), begin: none, history: [] })
    builds.start()
    await turn()
    expect(builds.state()).toMatchObject({
      phase: 'ended',
      result: { ok: false, problem: { cause: 'laptop.no-builder' } },
    })
    expect(builds.history()).toHaveLength(0)
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
