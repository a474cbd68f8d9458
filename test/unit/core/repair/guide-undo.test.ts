// Taking a repair back: what was taken back is told as such, and what could not be still stands.
import { describe, expect, it } from 'vitest'
import type { AdminSession } from '../../../../src/core/repair/admin-session.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import { bad, good, type Outcome } from '../../../../src/shared/outcome.ts'
import { keyBlob, offered } from '../desktop/keys.ts'
import { factsOf } from './facts.ts'
import { repairTarget } from './target.ts'

async function repaired(undo: () => Promise<Outcome<void>>) {
  const session: AdminSession = {
    user: 'admin',
    params: {},
    run: async () => bad('desktop.survey-failed'),
    giveSudoPassword: () => {},
    sudoPasswordWasWrong: () => false,
    execs: () => 0,
    close: async () => {},
  }
  const engine: RepairEngine = {
    find: async () => good(repairTarget(22)),
    hostKey: async () => good({ state: 'trusted', offered: offered(keyBlob('host')), source: 'x:1' }),
    trust: async () => good(undefined),
    ways: async () => ({ agentKeys: 1, keyFiles: [] }),
    signIn: async () => good(session),
    survey: async () => good(factsOf({ keys: 'ssh-rsa AAAA other\n' })),
    plan: makePlan,
    run: async (_session, { plan }) => {
      const steps = plan.steps.map(({ id }) => ({ id, state: 'done', output: '', ms: 1 }) as const)
      return { steps, problem: null, cancelled: false }
    },
    undo,
    prove: async () => null,
    testBuild: async () => null,
  }
  const guide = createGuide(engine)
  await guide.open('desktop')
  await guide.signIn('admin', { kind: 'agent' })
  await guide.apply()
  expect(guide.state()).toMatchObject({ phase: 'done', steps: [{ id: 'push-key', state: 'done' }] })
  await guide.undo('remove-key')
  return guide.state()
}

describe('taking the key out', () => {
  it('tells the push as undone, and nothing to take back any more', async () => {
    expect(await repaired(async () => good(undefined))).toMatchObject({
      paired: false,
      steps: [{ id: 'push-key', state: 'rolled-back' }],
      undo: { done: 'remove-key', can: [] },
    })
  })

  it('that failed leaves the push standing, to be tried again', async () => {
    const failed = async () => bad('desktop.read-only', { host: 'desktop', file: 'x' })
    expect(await repaired(failed)).toMatchObject({
      paired: true,
      steps: [{ id: 'push-key', state: 'done' }],
      undo: { done: null, can: ['remove-key'], problem: { cause: 'desktop.read-only' } },
    })
  })
})
