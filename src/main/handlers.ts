// What each call of the window does.
import { clipboard } from 'electron'
import type { Monitor } from '../core/monitor/monitor.ts'
import { fill } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import type { Outcome } from '../shared/outcome.ts'
import type { StateStore } from './app-state.ts'
import type { Handlers } from './ipc.ts'
import type { TestBuilds } from './test-builds.ts'

interface Parts {
  readonly state: StateStore
  readonly monitor: Pick<Monitor, 'checkNow' | 'trustHostKey'>
  readonly testBuilds: TestBuilds
  readonly setDemoFault: (id: string, on: boolean) => Promise<void>
}

/** The answers to the contract's calls. */
export function createHandlers({ state, monitor, testBuilds, setDemoFault }: Parts): Handlers {
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
