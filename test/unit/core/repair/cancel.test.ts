// A repair that the person cancels: what was taken back is told as such, and a switch is watched until it is back.
import { describe, expect, it } from 'vitest'
import type { ScriptLimits } from '../../../../src/core/repair/admin-session.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import type { Planned } from '../../../../src/core/repair/plan.ts'
import { runSteps } from '../../../../src/core/repair/run.ts'
import type { GoingBack } from '../../../../src/shared/guide.ts'
import { good } from '../../../../src/shared/outcome.ts'
import type { RepairStep, StepId } from '../../../../src/shared/repair.ts'
import { factsOf } from './facts.ts'
import { playedEngine, playedSession } from './played-engine.ts'

const ids: readonly StepId[] = ['set-module', 'build-system', 'switch-system']
const planned = {
  plan: {
    builder: 'x',
    host: 'desktop',
    partial: false,
    unmended: [],
    steps: ids.map((id) => ({ id }) as RepairStep),
  },
  codes: new Map(ids.map((id) => [id, { id, check: 'false', run: [':'], undo: [] }])),
  key: null,
} as Planned

interface Play {
  /** What the desktop tells before the person cancels, and what it still tells then. */
  readonly before: readonly object[]
  readonly after: readonly object[]
  /** What it says of its guard, in turn. */
  readonly guard?: readonly string[]
}

/** Runs the steps on a desktop that is played, and cancels amid them. */
async function cancelled({ before, after, guard = [] }: Play) {
  const person = new AbortController()
  const says = [...guard]
  const end = (stdout: string, code: number) =>
    good({ code, ended: 'exit' as const, stdout, stderr: '', rights: { kind: 'root' as const, said: '' } })
  const run = async (program: string, _want: string, { onOutput, hangUp, signal }: ScriptLimits) => {
    const token = /^begin '([0-9a-f]+)'/m.exec(program)?.[1]
    if (token === undefined) return end(`guard: ${says.shift() ?? 'rolled-back'}\n`, 0)
    const tell = (news: readonly object[]) => {
      for (const one of news) onOutput?.(`@${token} ${JSON.stringify(one)}\n`)
    }
    tell(before)
    const hungUp = new Promise((resolve) => hangUp?.addEventListener('abort', resolve))
    person.abort()
    await hungUp
    // It is heard to its end: only who does not come to one is cut off.
    expect(signal?.aborted).toBe(false)
    tell(after)
    return end('', 143)
  }
  const session = { ...playedSession({ run }), again: async () => good(playedSession({ run })) }
  const ended = await runSteps(session, planned, [], () => {}, person.signal)
  const states = (steps: typeof ended.steps) =>
    steps.map(({ state, takenBack }) => (takenBack === undefined ? state : `${state} ${takenBack}`))
  return {
    ...ended,
    states: states(ended.steps),
    follow: async () => {
      const followed = await ended.left?.follow?.(new AbortController().signal)
      return followed === undefined ? null : [followed.state, ...states(followed.steps)]
    },
  }
}

const done = (id: StepId) => ({ id, state: 'done' })
const running = (id: StepId) => ({ id, state: 'running' })
const armed = { id: 'switch-system', guard: '/run/offload-tray.abcdef', seconds: 90 }

describe('a step that is cancelled', () => {
  it('is told as cancelled and taken back, with the edits before it', async () => {
    const end = await cancelled({
      before: [done('set-module'), running('build-system')],
      after: [{ id: 'build-system', state: 'cancelled' }],
    })
    expect(end).toMatchObject({ cancelled: true, problem: null })
    expect(end.states).toEqual(['rolled-back', 'cancelled', 'pending'])
    expect(end.left).toBeUndefined()
  })

  it('is told as what stays where it cannot be taken back', async () => {
    const { states } = await cancelled({
      before: [running('build-system')],
      after: [{ id: 'build-system', state: 'cancelled', takenBack: 'no' }],
    })
    expect(states[1]).toBe('cancelled no')
  })

  it('is not called taken back where the desktop said nothing of it', async () => {
    const { states } = await cancelled({ before: [running('build-system')], after: [] })
    expect(states[1]).toBe('failed')
  })
})

describe('a switch that is cancelled', () => {
  const before = [done('set-module'), done('build-system'), running('switch-system'), armed]

  it('is left to the desktop: within how long, how to see it, and that it is back', async () => {
    const end = await cancelled({ before, after: [], guard: ['going-back', 'rolled-back'] })
    expect(end).toMatchObject({ cancelled: true, problem: null })
    expect(end.states).toEqual(['done', 'done', 'cancelled coming'])
    expect(end.left?.goingBack).toEqual({
      state: 'waiting',
      seconds: 90,
      look: 'tail -f /run/offload-tray.abcdef/guard.log',
    })
    expect(await end.follow()).toEqual(['back', 'rolled-back', 'rolled-back', 'cancelled'])
  })

  it('that was confirmed in the same moment stays, and is said to', async () => {
    const end = await cancelled({ before, after: [], guard: ['keeping', 'confirmed'] })
    expect(await end.follow()).toEqual(['stayed', 'done', 'done', 'done'])
  })
})

/** A promise that is kept from outside. */
function later<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((keep) => {
    resolve = keep
  })
  return { promise, resolve: (value: T) => resolve(value) }
}

describe('the guide', () => {
  const goingBack: GoingBack = { state: 'waiting', seconds: 60, look: 'tail' }

  /** At the review, with a switch that comes back when it is told to. */
  async function switching() {
    let closed = 0
    const back = later<'back'>()
    const session = playedSession({
      close: async () => {
        closed += 1
      },
    })
    const run: RepairEngine['run'] = async (_session, _planned, _skipped, onProgress, signal) => {
      onProgress([{ id: 'switch-system', state: 'running', output: '', ms: 1 }])
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      const follow = async (other: AbortSignal) => {
        const gone = new Promise<'unknown'>((resolve) =>
          other.addEventListener('abort', () => resolve('unknown')),
        )
        return { state: await Promise.race([back.promise, gone]), steps: [] }
      }
      return { steps: [], problem: null, cancelled: true, left: { goingBack, follow } }
    }
    const facts = factsOf({ keys: 'ssh-rsa AAAA other\n' })
    const guide = createGuide(playedEngine({ survey: async () => good(facts), run }, session))
    await guide.open('x')
    await guide.signIn('admin', { kind: 'agent' })
    const applied = guide.apply()
    await guide.cancel()
    await applied
    return { guide, back, closed: () => closed }
  }

  it('says at once that the desktop goes back, stays signed in to see it, and signs out then', async () => {
    const { guide, back, closed } = await switching()
    expect(guide.state()).toMatchObject({
      phase: 'stopped',
      cancelled: true,
      goingBack: { state: 'waiting' },
    })
    expect(closed()).toBe(0)
    back.resolve('back')
    await expect.poll(() => guide.state()).toMatchObject({ phase: 'stopped', goingBack: { state: 'back' } })
    await expect.poll(closed).toBe(1)
  })

  it('waits no longer when it is told so once more, or closed', async () => {
    const twice = await switching()
    await twice.guide.cancel()
    expect(twice.guide.state()).toMatchObject({ phase: 'stopped', goingBack: { state: 'unknown' } })
    expect(twice.closed()).toBe(1)
    const closing = await switching()
    await closing.guide.close()
    expect(closing.guide.state()).toEqual({ phase: 'closed' })
    expect(closing.closed()).toBe(1)
  })
})
