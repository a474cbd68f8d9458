// "Is this allowed now?": the menu, the window's buttons and the command line tools ask the same function.
import type { AppState } from './app-state.ts'
import { type CauseCode, causes } from './causes.ts'

const actionIds = [
  'check-now',
  'run-test-build',
  'cancel-test-build',
  'ask-root',
  'stop-asking-root',
  'trust-host-key',
] as const
export type ActionId = (typeof actionIds)[number]

/** Why an action is not allowed now; the words stand in messages (actions.reasons). */
const refusals = [
  'checking',
  'test-build-running',
  'no-test-build',
  'nothing-hidden',
  'asking-root',
  'not-asking-root',
  'no-builder',
  'no-offered-key',
  'paused',
] as const
export type Refusal = (typeof refusals)[number]

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly why: Refusal }

type ActionState = Pick<AppState, 'snapshot' | 'checking'> & {
  readonly testBuild: { readonly phase: string; readonly rootQuestion?: { readonly asking: boolean } }
}

const yes: Permission = { allowed: true }
const no = (why: Refusal): Permission => ({ allowed: false, why })

/** Whether an action may be started now, and if not, why. */
export function permission(action: ActionId, state: ActionState): Permission {
  switch (action) {
    case 'check-now':
      return state.checking ? no('checking') : yes
    case 'run-test-build':
      if (state.testBuild.phase === 'running') return no('test-build-running')
      return state.snapshot.builders.length === 0 ? no('no-builder') : yes
    case 'cancel-test-build':
      return state.testBuild.phase === 'running' ? yes : no('no-test-build')
    case 'ask-root':
      if (state.testBuild.phase === 'running') return no('test-build-running')
      if (state.testBuild.rootQuestion === undefined) return no('nothing-hidden')
      return state.testBuild.rootQuestion.asking ? no('asking-root') : yes
    case 'stop-asking-root':
      return state.testBuild.rootQuestion?.asking === true ? yes : no('not-asking-root')
    case 'trust-host-key':
      return state.snapshot.builders.some((builder) => builder.checks.some(offersHostKey))
        ? yes
        : no('no-offered-key')
    default:
      return action satisfies never
  }
}

/** What our own commands do here: one that a terminal would be told is a button in the window. */
const ofCommand: Readonly<Record<string, 'run-test-build' | 'check-now'>> = {
  'offload-test-build': 'run-test-build',
  'offload-status': 'check-now',
}

/** The action that does what a cause's command does; null where that is another program's, or ours with options. */
export function actionFor(cause: CauseCode): 'run-test-build' | 'check-now' | null {
  return ofCommand[causes[cause].command ?? ''] ?? null
}

function offersHostKey(check: { readonly id: string; readonly cause?: string }): boolean {
  return check.id === 'host-key' && check.cause === 'ssh.host-key-unknown'
}
