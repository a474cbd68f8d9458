// The guide's phases over an engine that is played: each phase ends when its condition holds, and only then.
import { describe, expect, it } from 'vitest'
import type { HostKeyVerdict } from '../../../../src/core/desktop/results.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import type { SurveyFacts } from '../../../../src/core/repair/survey-facts.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import type { StepProgress } from '../../../../src/shared/repair.ts'
import { barePlan } from '../../shared/plans.ts'
import { keyBlob, offered } from '../desktop/keys.ts'
import { factsOf } from './facts.ts'
import { hostKey, playedEngine, playedSession, trusted, unknown } from './played-engine.ts'
import { repairTarget } from './target.ts'

interface Played {
  readonly engine: RepairEngine
  readonly calls: string[]
  closed: number
}

function play(over: Partial<RepairEngine> & { facts?: () => SurveyFacts } = {}): Played {
  const calls: string[] = []
  const played = { calls, closed: 0 }
  let wrong = false
  const session = playedSession({
    giveSudoPassword: (password) => {
      calls.push('sudo password')
      wrong = password === 'wrong'
    },
    sudoPasswordWasWrong: () => wrong,
    close: async () => {
      played.closed += 1
    },
  })
  const { facts = () => factsOf({}), ...rest } = over
  const smooth = playedEngine({ survey: async () => good(facts()), ...rest }, session)
  const run: RepairEngine['run'] = (...words) => {
    calls.push('run')
    return smooth.run(...words)
  }
  return Object.assign(played, { engine: { ...smooth, run } })
}

const missingKey = () => factsOf({ keys: 'ssh-rsa AAAA other\n' })

describe('the guide', () => {
  it('leads from find to paired, and tells each phase on its way', async () => {
    const { engine } = play({ facts: missingKey })
    const guide = createGuide(engine)
    const phases: string[] = []
    guide.subscribe(() => {
      const { phase } = guide.state()
      if (phases.at(-1) !== phase) phases.push(phase)
    })
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    expect(guide.state()).toMatchObject({ phase: 'review', plan: { steps: [{ id: 'push-key' }] } })
    await guide.apply()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: true, undo: { can: ['remove-key'] } })
    expect(phases).toEqual(['closed', 'find', 'sign-in', 'survey', 'review', 'repair', 'proof', 'done'])
  })

  it('stops at an unknown host key until exactly that fingerprint is trusted', async () => {
    let verdict: HostKeyVerdict = unknown
    const { engine } = play({
      hostKey: async () => good(verdict),
      trust: async () => {
        verdict = trusted
        return good(undefined)
      },
    })
    const guide = createGuide(engine)
    await guide.open('desktop')
    expect(guide.state()).toMatchObject({ phase: 'trust', problem: { cause: 'ssh.host-key-unknown' } })
    await guide.signIn('admin', { kind: 'agent' })
    await guide.trust('SHA256:another')
    expect(guide.state().phase).toBe('trust')
    await guide.trust(hostKey.fingerprint)
    expect(guide.state().phase).toBe('sign-in')
  })

  it('takes no second key in place of the one that was trusted', async () => {
    const other: HostKeyVerdict = {
      state: 'changed',
      offered: offered(keyBlob('b')),
      expected: [{ fingerprint: hostKey.fingerprint, source: 'x' }],
    }
    const seen = [unknown, other]
    const { engine } = play({ hostKey: async () => good(seen.shift() ?? other) })
    const guide = createGuide(engine)
    await guide.open('desktop')
    await guide.trust(hostKey.fingerprint)
    expect(guide.state()).toMatchObject({ phase: 'trust', problem: { cause: 'ssh.host-key-changed' } })
  })

  it('counts wrong sign-ins down and takes no fourth', async () => {
    let tries = 0
    const { engine } = play({
      signIn: async () => {
        tries += 1
        return bad('ssh.sign-in-refused', { host: 'desktop', user: 'admin' })
      },
    })
    const guide = createGuide(engine)
    await guide.open('desktop')
    for (let n = 0; n < 5; n++) await guide.signIn('admin', { kind: 'password', password: 'p' })
    expect(tries).toBe(3)
    expect(guide.state()).toMatchObject({
      phase: 'sign-in',
      triesLeft: 0,
      problem: { cause: 'ssh.sign-in-refused' },
    })
  })

  it('shows questions, takes their answers, and goes on', async () => {
    const heard: (readonly string[] | null)[] = []
    const { engine } = play({
      signIn: async (_target, _user, _how, ask) => {
        heard.push(await ask({ title: '', instructions: '', prompts: [{ text: 'Code:', echo: true }] }))
        return bad('ssh.sign-in-refused')
      },
    })
    const guide = createGuide(engine)
    await guide.open('desktop')
    const signing = guide.signIn('admin', { kind: 'keyboard-interactive' })
    await Promise.resolve()
    expect(guide.state()).toMatchObject({
      phase: 'sign-in',
      busy: true,
      question: { prompts: [{ text: 'Code:' }] },
    })
    guide.answer(['123'])
    await signing
    expect(heard).toEqual([['123']])
    expect(guide.state()).toMatchObject({ question: null, busy: false })
  })

  it('asks for the sudo password, thrice at most, and can go on without', async () => {
    const { engine, calls } = play({ facts: () => factsOf({ rights: 'needs-password' }) })
    const guide = createGuide(engine)
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    expect(guide.state()).toMatchObject({
      phase: 'survey',
      asksSudoPassword: true,
      triesLeft: 3,
      problem: null,
    })
    for (let n = 0; n < 5; n++) await guide.elevate('wrong')
    expect(calls).toHaveLength(3)
    expect(guide.state()).toMatchObject({
      asksSudoPassword: false,
      problem: { cause: 'desktop.sudo-password-wrong' },
    })
    await guide.elevate(null)
    expect(guide.state()).toMatchObject({ phase: 'review', asksSudoPassword: true, plan: { partial: true } })
  })

  it('runs nothing that was not shown: a fuller plan needs a yes of its own', async () => {
    let asRoot = false
    const { engine, calls } = play({
      facts: () => (asRoot ? missingKey() : factsOf({ rights: 'needs-password' })),
    })
    const guide = createGuide(engine)
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.elevate(null)
    asRoot = true
    await guide.apply({ sudoPassword: 'right' })
    expect(calls).not.toContain('run')
    expect(guide.state()).toMatchObject({
      phase: 'review',
      plan: { partial: false, steps: [{ id: 'push-key' }] },
    })
    await guide.apply()
    expect(calls).toContain('run')
  })

  it('does not begin without the right to be root', async () => {
    const { engine, calls } = play({ facts: () => factsOf({ rights: 'none', keys: '' }) })
    const guide = createGuide(engine)
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.apply()
    expect(calls).toEqual([])
    expect(guide.state()).toMatchObject({ phase: 'review', problem: { cause: 'desktop.sudo-denied' } })
  })

  it('is paired only when the key and the test build have passed', async () => {
    const build = problem('nix.not-trusted', { host: 'desktop', user: 'nix-builder' })
    const failing = createGuide(play({ facts: missingKey, testBuild: async () => build }).engine)
    await failing.open('desktop')
    await failing.signIn('admin', { kind: 'agent' })
    await failing.apply()
    expect(failing.state()).toMatchObject({
      phase: 'done',
      paired: false,
      key: 'accepted',
      build: 'failed',
      problem: build,
    })
    const refused = problem('ssh.key-refused', { host: 'desktop', user: 'nix-builder', key: 'k' })
    const kept = createGuide(play({ prove: async () => refused }).engine)
    await kept.open('desktop')
    await kept.signIn('admin', { kind: 'agent' })
    await kept.apply()
    expect(kept.state()).toMatchObject({ phase: 'done', paired: false, key: 'failed', build: 'waiting' })
  })

  it('cancels a run, says what was and was not done, and ends the session', async () => {
    const played = play({
      facts: missingKey,
      run: (_session, { plan }, _skipped, onProgress, signal) =>
        new Promise((resolve) => {
          const [first] = plan.steps
          const steps: readonly StepProgress[] = first
            ? [{ id: first.id, state: 'running', output: '', ms: 0 }]
            : []
          onProgress(steps)
          signal.addEventListener('abort', () => resolve({ steps, problem: null, cancelled: true }))
        }),
    })
    const guide = createGuide(played.engine)
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    const running = guide.apply()
    await guide.cancel()
    await running
    expect(guide.state()).toMatchObject({
      phase: 'stopped',
      at: 'repair',
      cancelled: true,
      steps: [{ id: 'push-key' }],
    })
    expect(played.closed).toBe(1)
  })

  it('goes back and closes without leaving a session', async () => {
    const played = play({ facts: missingKey })
    const guide = createGuide(played.engine)
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.back('sign-in')
    expect(guide.state().phase).toBe('sign-in')
    expect(played.closed).toBe(1)
    await guide.signIn('admin', { kind: 'agent' })
    guide.choose('push-key', { skip: true })
    expect(guide.state()).toMatchObject({ skipped: ['push-key'] })
    await guide.close()
    expect(guide.state()).toEqual({ phase: 'closed' })
    expect(played.closed).toBe(2)
  })
})

describe('a plan of many steps in the guide', () => {
  const many = () => ({ plan: barePlan, codes: new Map(), key: null })
  const report = { host: 'desktop', partial: false, sections: [] }

  it('leaves out with a step what needs it, takes it in again with what it needs, and runs what is shown', async () => {
    let left: readonly string[] = []
    const run: RepairEngine['run'] = async (_session, _planned, skipped) => {
      left = skipped
      return { steps: [], problem: null, cancelled: false }
    }
    const guide = createGuide(play({ plan: many, run }).engine)
    await guide.open('x')
    await guide.signIn('admin', { kind: 'agent' })
    guide.choose('create-builder-user', { skip: true })
    expect(guide.state()).toMatchObject({
      skipped: ['create-builder-user', 'create-ssh-folder', 'push-key'],
    })
    guide.choose('create-ssh-folder', { skip: false })
    expect(guide.state()).toMatchObject({ skipped: ['push-key'] })
    await guide.apply()
    expect(left).toEqual(['push-key'])
  })

  it('is told at its end with what was planned and what was found, done or stopped', async () => {
    const { engine } = play({ plan: many, report: () => report as never })
    const guide = createGuide(engine)
    await guide.open('x')
    await guide.signIn('admin', { kind: 'agent' })
    expect(guide.state()).toMatchObject({ phase: 'review', report })
    await guide.apply()
    expect(guide.state()).toMatchObject({ phase: 'done', plan: barePlan, report })
    const failing = createGuide(
      play({
        plan: many,
        run: async () => ({ steps: [], problem: problem('desktop.repair-failed'), cancelled: false }),
      }).engine,
    )
    await failing.open('x')
    await failing.signIn('admin', { kind: 'agent' })
    await failing.apply()
    expect(failing.state()).toMatchObject({ phase: 'stopped', plan: barePlan })
  })

  it('that failed midway can be taken back while somebody is signed in, and not after', async () => {
    const { plan } = makePlan(missingKey(), repairTarget(22), {})
    const steps = plan.steps.map(({ id }) => ({ id, state: 'done', output: '', ms: 1 }) as const)
    const kinds: string[] = []
    const play2 = () =>
      play({
        facts: missingKey,
        run: async () => ({ steps, problem: problem('desktop.repair-failed'), cancelled: false }),
        undo: async (_session, _planned, kind) => {
          kinds.push(kind)
          return good(undefined)
        },
      })
    const failed = async () => {
      const guide = createGuide(play2().engine)
      await guide.open('x')
      await guide.signIn('admin', { kind: 'agent' })
      await guide.apply()
      return guide
    }
    const guide = await failed()
    expect(guide.state()).toMatchObject({ phase: 'stopped', undo: { can: ['remove-key'], done: null } })
    await guide.undo('remove-key')
    expect(kinds).toEqual(['remove-key'])
    expect(guide.state()).toMatchObject({
      phase: 'stopped',
      undo: { done: 'remove-key' },
      steps: [{ id: 'push-key', state: 'rolled-back' }],
    })
    const left = await failed()
    await left.cancel()
    expect(left.state()).toMatchObject({ phase: 'stopped', cancelled: false })
    expect(left.state()).not.toHaveProperty('undo')
  })
})
