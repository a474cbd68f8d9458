// The window's repairs in main: one guide, its end with its window, its proof by the window's own test build.
import { describe, expect, it, vi } from 'vitest'
import { createChanges } from '../../../src/main/changes.ts'
import { cutOffMessage } from '../../../src/main/repair-notice.ts'
import { proveByBuild } from '../../../src/main/repair-proof.ts'
import { createRepairs } from '../../../src/main/repairs.ts'
import { type Begin, createTestBuilds } from '../../../src/main/test-builds.ts'
import { trayView } from '../../../src/main/tray-view.ts'
import type { GuideState } from '../../../src/shared/guide.ts'
import { bad, good, type Outcome } from '../../../src/shared/outcome.ts'
import type { TestBuildResult } from '../../../src/shared/test-build.ts'
import { builder, check, noon, snapshot, trayState } from './snapshots.ts'

const base = { builder: 'b', host: 'desktop', port: 22 } as const
const plan = { builder: 'b', host: 'desktop', steps: [], unmended: [], partial: false }
const review: GuideState = {
  ...base,
  phase: 'review',
  admin: 'ana',
  plan,
  skipped: [],
  asksSudoPassword: false,
  problem: null,
}
const signIn: GuideState = {
  ...base,
  phase: 'sign-in',
  busy: false,
  problem: null,
  user: 'ana',
  agentKeys: 0,
  keyFiles: [],
  question: null,
  triesLeft: 3,
}
const stopped: Extract<GuideState, { phase: 'stopped' }> = {
  ...base,
  phase: 'stopped',
  at: 'review',
  cancelled: true,
  steps: [],
  problem: null,
}

/** A guide that does nothing but stand where it is put. */
function stubGuide() {
  const changes = createChanges()
  let state: GuideState = { phase: 'closed' }
  const put = (next: GuideState) => {
    state = next
    changes.emit()
  }
  const nothing = () => vi.fn(async () => undefined)
  const guide = {
    state: () => state,
    subscribe: changes.subscribe,
    open: vi.fn(async () => put(signIn)),
    retry: nothing(),
    trust: nothing(),
    signIn: nothing(),
    answer: vi.fn(),
    elevate: nothing(),
    choose: vi.fn(),
    apply: nothing(),
    back: nothing(),
    cancel: vi.fn(async () => put(stopped)),
    undo: nothing(),
    openLaptop: nothing(),
    applyLaptop: nothing(),
    skipLaptop: nothing(),
    undoLaptop: nothing(),
    close: vi.fn(async () => put({ phase: 'closed' })),
  }
  return { guide, put }
}

async function opened() {
  const { guide, put } = stubGuide()
  const makeGuide = vi.fn(async () => guide)
  const onEnd = vi.fn()
  const say = vi.fn()
  const makeKey = vi.fn(async (_path: string): Promise<Outcome<void>> => good(undefined))
  const repairs = createRepairs({ makeGuide, makeKey, onEnd, say })
  repairs.open('b')
  await expect.poll(() => repairs.state().phase).toBe('sign-in')
  return { guide, put, repairs, makeGuide, makeKey, onEnd, say }
}

describe('the window’s repairs', () => {
  it('make no guide before one is asked for', async () => {
    const makeGuide = vi.fn(async () => stubGuide().guide)
    const repairs = createRepairs({ makeGuide, makeKey: vi.fn(), onEnd: vi.fn(), say: vi.fn() })
    repairs.retry()
    repairs.cancel()
    await repairs.close()
    expect(await repairs.windowClosed()).toBeNull()
    expect(repairs.state()).toEqual({ phase: 'closed' })
    expect(makeGuide).not.toHaveBeenCalled()
  })

  it('go on with a repair that is under way, and begin anew with another or after an end', async () => {
    const { repairs, guide, put, makeGuide } = await opened()
    repairs.open('b')
    expect(guide.open).toHaveBeenCalledTimes(1)
    repairs.open('other')
    await expect.poll(() => guide.open).toHaveBeenCalledTimes(2)
    put(stopped)
    repairs.open('b')
    await expect.poll(() => guide.open).toHaveBeenCalledTimes(3)
    expect(makeGuide).toHaveBeenCalledTimes(1)
  })

  it('have the checks look again once at each end', async () => {
    const { put, onEnd } = await opened()
    put(review)
    expect(onEnd).not.toHaveBeenCalled()
    put(stopped)
    put({ ...stopped })
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('have the checks look again once a host key was trusted', async () => {
    const { put, onEnd } = await opened()
    const offered = { keyType: 'ssh-ed25519', fingerprint: 'SHA256:a', expected: [] }
    put({ ...base, phase: 'trust', busy: true, problem: null, offered })
    expect(onEnd).not.toHaveBeenCalled()
    put(signIn)
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('put no secret into the log when a call fails', async () => {
    const { repairs, guide, say } = await opened()
    guide.signIn.mockRejectedValueOnce(new Error('no connection'))
    repairs.signIn('ana', { kind: 'password', password: 's3cret' })
    await expect.poll(() => say).toHaveBeenCalled()
    expect(JSON.stringify(say.mock.calls)).not.toContain('s3cret')
  })
})

describe('a missing builder key', () => {
  const find: GuideState = { ...base, phase: 'find', busy: false, problem: null }
  const params = { host: 'desktop', key: '/etc/nix/builder_key' }

  it('is made at the place that the guide misses it, and the guide goes on', async () => {
    const { repairs, guide, put, makeKey } = await opened()
    put({ ...find, problem: { cause: 'laptop.builder-key-missing', params } })
    expect(await repairs.makeKey()).toEqual({ ok: true, value: undefined })
    expect(makeKey).toHaveBeenCalledWith('/etc/nix/builder_key')
    expect(guide.retry).toHaveBeenCalledTimes(1)
  })

  it('is made nowhere else, and the guide stays where it could not be made', async () => {
    const { repairs, guide, put, makeKey } = await opened()
    await repairs.makeKey()
    put({ ...find, problem: { cause: 'net.timeout', params } })
    await repairs.makeKey()
    expect(makeKey).not.toHaveBeenCalled()
    put({ ...find, problem: { cause: 'laptop.builder-key-missing', params } })
    makeKey.mockResolvedValueOnce(bad('laptop.file-unreadable', { file: 'x' }, 'dismissed'))
    expect(await repairs.makeKey()).toMatchObject({ ok: false })
    expect(guide.retry).not.toHaveBeenCalled()
  })
})

describe('the closing of the window', () => {
  it('cancels what was under way, and gives what came of it', async () => {
    const { repairs, guide, put } = await opened()
    put(review)
    expect(await repairs.windowClosed()).toEqual(stopped)
    expect(guide.cancel).toHaveBeenCalled()
    // To be read when the window is opened from the notification.
    expect(repairs.state()).toEqual(stopped)
  })

  it('is silent where nobody had signed in, and forgets', async () => {
    const { repairs, guide } = await opened()
    expect(await repairs.windowClosed()).toBeNull()
    expect(guide.close).toHaveBeenCalled()
    expect(repairs.state()).toEqual({ phase: 'closed' })
  })

  it('ends the session of a repair that was done', async () => {
    const { repairs, guide, put } = await opened()
    const undo = { can: [], busy: false, done: null, problem: null }
    const proof = { key: 'accepted', build: 'passed', problem: null } as const
    put({ ...base, phase: 'done', paired: true, ...proof, steps: [], undo })
    expect(await repairs.windowClosed()).toBeNull()
    expect(guide.close).toHaveBeenCalled()
  })
})

describe('the notification of a repair that was cut off', () => {
  const done = { id: 'create-ssh-folder', state: 'done', output: '', ms: 1 } as const
  const left = { id: 'push-key', state: 'pending', output: '', ms: 0 } as const

  it('says what was and what was not done', () => {
    expect(cutOffMessage({ ...stopped, steps: [done, left] }, 'en')).toEqual({
      title: 'Repair of desktop stopped',
      body: 'Done: Make the folder for keys. Not done: Put this laptop’s key in place.',
    })
  })

  it('says of a switch that the desktop goes back by itself', () => {
    const goingBack = { state: 'waiting', seconds: 60, look: 'tail' } as const
    const cancelled = { id: 'switch-system', state: 'cancelled', output: '', ms: 1 } as const
    expect(cutOffMessage({ ...stopped, goingBack, steps: [done, cancelled] }, 'en').body).toBe(
      'It goes back to the system of before by itself.',
    )
  })

  it('says that nothing was changed, or that only the proof is missing', () => {
    expect(cutOffMessage(stopped, 'en').body).toBe('Nothing was changed there.')
    expect(cutOffMessage({ ...stopped, steps: [done] }, 'pt-BR').body).toBe(
      'Feito: Criar a pasta das chaves. Falta a comprovação.',
    )
  })
})

const passed: TestBuildResult = {
  ok: true,
  builder: 'desktop',
  uri: 'ssh-ng://desktop',
  ms: 1,
  stages: [],
  remote: { bootId: '1', kernel: '6' },
  outPath: '/nix/store/x',
}

function builds(begin: Begin) {
  const nothing = vi.fn(async () => undefined)
  return createTestBuilds({
    begin,
    history: [],
    keep: nothing,
    amend: nothing,
    onResult: vi.fn(),
    say: vi.fn(),
  })
}

describe('the proof by a test build', () => {
  const running = (done: Promise<TestBuildResult>, cancel = async () => undefined) =>
    good({ done, cancel, payloadBytes: 1, reproduce: '' })

  it('is the window’s own, on the repaired builder, and null when it passed', async () => {
    const begin = vi.fn(async () => running(Promise.resolve(passed)))
    const testBuilds = builds(begin)
    expect(await proveByBuild(testBuilds, 'b', new AbortController().signal)).toBeNull()
    expect(begin).toHaveBeenCalledWith('b', expect.any(Function))
    expect(testBuilds.state().phase).toBe('ended')
  })

  it('gives the problem of one that failed or could not begin', async () => {
    const refused = builds(async () => bad('laptop.daemon-down'))
    expect(await proveByBuild(refused, 'b', new AbortController().signal)).toEqual({
      cause: 'laptop.daemon-down',
    })
  })

  it('waits for one that runs already, for it began before the repair', async () => {
    let finish = (_result: TestBuildResult) => {}
    const first = new Promise<TestBuildResult>((resolve) => {
      finish = resolve
    })
    const begin = vi
      .fn<Begin>()
      .mockResolvedValueOnce(running(first))
      .mockResolvedValueOnce(running(Promise.resolve(passed)))
    const testBuilds = builds(begin)
    testBuilds.start('other')
    const proof = proveByBuild(testBuilds, 'b', new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(begin).toHaveBeenCalledTimes(1)
    finish(passed)
    expect(await proof).toBeNull()
    expect(begin.mock.calls.map(([builderId]) => builderId)).toEqual(['other', 'b'])
  })

  it('is cancelled with the repair, and waited for until it has left', async () => {
    let finish = (_result: TestBuildResult) => {}
    const done = new Promise<TestBuildResult>((resolve) => {
      finish = resolve
    })
    const cancel = vi.fn(async () => {
      const problem = { cause: 'nix.cancelled' } as const
      const nothing = { ms: 1, stages: [], uri: null, builder: null }
      finish({ ok: false, problem, stage: 'build', cancelled: true, ...nothing })
      return undefined
    })
    const testBuilds = builds(async () => running(done, cancel))
    const given = new AbortController()
    const proof = proveByBuild(testBuilds, 'b', given.signal)
    await new Promise((resolve) => setTimeout(resolve, 10))
    given.abort()
    expect(await proof).toEqual({ cause: 'nix.cancelled' })
    expect(cancel).toHaveBeenCalledTimes(1)
  })
})

describe('the tray’s line for a repair', () => {
  const has = (parts: Parameters<typeof trayState>[0]) =>
    trayView(trayState(parts), new Date(noon)).items.some(
      (item) => item.kind === 'command' && item.command === 'repair',
    )

  it('is there while a builder asks for it or a guide is open, and only then', () => {
    const refused = builder([check('builder-key', 'fail', 'ssh.key-refused', { host: 'desktop' })])
    expect(has({})).toBe(false)
    expect(has({ snapshot: snapshot('local', { builders: [refused] }) })).toBe(true)
    expect(has({ repair: review })).toBe(true)
    const unreachable = builder([check('reachable', 'fail', 'net.timeout', { host: 'desktop' })])
    expect(has({ snapshot: snapshot('local', { builders: [unreachable] }) })).toBe(false)
  })
})
