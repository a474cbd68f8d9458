// An engine that is played, for the guide's tests: a healthy desktop with which all goes well, but for what a test says.
import type { HostKeyVerdict } from '../../../../src/core/desktop/results.ts'
import type { AdminSession } from '../../../../src/core/repair/admin-session.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import { bad, good } from '../../../../src/shared/outcome.ts'
import { keyBlob, offered } from '../desktop/keys.ts'
import { factsOf } from './facts.ts'
import { repairTarget } from './target.ts'

/** What the desktop shows. */
export const hostKey = offered(keyBlob('host'))
export const trusted: HostKeyVerdict = { state: 'trusted', offered: hostKey, source: '/home/a/known_hosts:3' }
export const unknown: HostKeyVerdict = { state: 'unknown', offered: hostKey }

/** A session with nobody at the other end: what it is asked to run fails. */
export function playedSession(over: Partial<AdminSession> = {}): AdminSession {
  return {
    user: 'admin',
    params: {},
    run: async () => bad('desktop.survey-failed'),
    giveSudoPassword: () => undefined,
    sudoPasswordWasWrong: () => false,
    execs: () => 0,
    close: async () => undefined,
    ...over,
  }
}

/** The real planner between parts that answer at once; each step of a run is done. */
export function playedEngine(over: Partial<RepairEngine> = {}, session = playedSession()): RepairEngine {
  return {
    find: async () => good(repairTarget(22)),
    hostKey: async () => good(trusted),
    trust: async () => good(undefined),
    ways: async () => ({ agentKeys: 1, keyFiles: [] }),
    signIn: async () => good(session),
    survey: async () => good(factsOf({})),
    plan: makePlan,
    run: async (_session, { plan }, _skipped, onProgress) => {
      const steps = plan.steps.map(({ id }) => ({ id, state: 'done', output: '', ms: 1 }) as const)
      onProgress(steps)
      return { steps, problem: null, cancelled: false }
    },
    undo: async () => good(undefined),
    prove: async () => null,
    testBuild: async () => null,
    ...over,
  }
}
