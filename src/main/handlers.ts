// What each call of the window does.
import { clipboard } from 'electron'
import type { Monitor } from '../core/monitor/monitor.ts'
import { permission } from '../shared/actions.ts'
import { fill } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import type { Outcome } from '../shared/outcome.ts'
import type { StateStore } from './app-state.ts'
import type { Handlers } from './ipc.ts'
import type { Repairs } from './repairs.ts'
import type { TestBuilds } from './test-builds.ts'

interface Parts {
  readonly state: StateStore
  readonly monitor: Pick<Monitor, 'checkNow' | 'trustHostKey'>
  readonly testBuilds: TestBuilds
  readonly repairs: Repairs
  readonly setDemoFault: (id: string, on: boolean) => Promise<void>
}

/** The answers to the contract's calls. */
export function createHandlers({ state, monitor, testBuilds, repairs, setDemoFault }: Parts): Handlers {
  return {
    getState: () => state.get(),
    checkNow: async () => {
      await monitor.checkNow()
    },
    show: (view) => state.set({ view }),
    trustHostKey: async ({ builder, fingerprint }) => {
      orThrow(await monitor.trustHostKey(builder, fingerprint), state)
    },
    copy: (text) => clipboard.writeText(text),
    startTestBuild: ({ builder }) => testBuilds.start(builder),
    cancelTestBuild: () => testBuilds.cancel(),
    askRoot: () => {
      if (permission('ask-root', state.get()).allowed) testBuilds.askRoot()
    },
    stopAskingRoot: () => testBuilds.stopAskingRoot(),
    repairOpen: ({ builder }) => {
      repairs.open(builder)
      state.set({ view: 'repair' })
    },
    repairRetry: () => repairs.retry(),
    repairMakeKey: async () => {
      const made = await repairs.makeKey()
      if (made.ok) return
      const { keyNotMade } = messagesFor(state.get().locale).repairView
      throw new Error([keyNotMade, made.problem.raw].filter((one) => one !== undefined).join(': '))
    },
    repairTrust: ({ fingerprint }) => repairs.trust(fingerprint),
    repairSignIn: ({ user, how }) => repairs.signIn(user, how),
    repairAnswer: ({ answers }) => repairs.answer(answers),
    repairElevate: ({ sudoPassword }) => repairs.elevate(sudoPassword),
    repairChoose: ({ step, ...wish }) => repairs.choose(step, wish),
    repairApply: (yes) => repairs.apply(yes),
    repairBack: ({ phase }) => repairs.back(phase),
    repairCancel: () => repairs.cancel(),
    repairUndo: ({ kind }) => repairs.undo(kind),
    repairClose: async () => {
      state.set({ view: 'status' })
      await repairs.close()
    },
    laptopOpen: (wish) => {
      repairs.openLaptop(wish)
      state.set({ view: 'repair' })
    },
    laptopApply: () => repairs.applyLaptop(),
    laptopSkip: () => repairs.skipLaptop(),
    laptopUndo: () => repairs.undoLaptop(),
    setDemoFault: async ({ id, on }) => {
      await setDemoFault(id, on)
      state.touch()
      // Whoever breaks the demo wants to see it break, not the next heartbeat.
      await monitor.checkNow()
    },
  }
}

/** Errors are values up to here; over Electron's wire only a thrown one reaches the window as a failure. */
function orThrow(outcome: Outcome<void>, state: StateStore): void {
  if (outcome.ok) return
  const { cause, params } = outcome.problem
  throw new Error(fill(messagesFor(state.get().locale).causes[cause].title, params))
}
