// The typed stand-in for main: answers as the preload's object does and keeps what it was asked.
import type { AppState } from '../../../src/shared/app-state.ts'
import type { Api, InvokeName } from '../../../src/shared/ipc.ts'

export interface Call {
  readonly name: InvokeName
  readonly request?: unknown
}

export interface FakeMain {
  readonly calls: Call[]
  /** Tells the window a new state, as main does. */
  push(state: AppState): void
  /** The next calls of this name are refused with this message; null lets them pass again. */
  refuse(name: InvokeName, message: string | null): void
}

declare global {
  interface Window {
    fakeMain: FakeMain
  }
}

/** Runs in the page before anything else: puts the fake in place. Must stand alone, as it is sent as source. */
export function installFakeApi(first: AppState): void {
  const listeners = new Set<(state: AppState) => void>()
  const calls: Call[] = []
  const refusals = new Map<InvokeName, string>()
  let current = first
  const answer = async (name: InvokeName, request?: unknown): Promise<void> => {
    calls.push(request === undefined ? { name } : { name, request })
    const refusal = refusals.get(name)
    if (refusal !== undefined) throw new Error(refusal)
  }
  const fake = {
    getState: async () => current,
    onStateChanged: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    checkNow: () => answer('checkNow'),
    show: (view) => answer('show', view),
    trustHostKey: (request) => answer('trustHostKey', request),
    copy: (text) => answer('copy', text),
    startTestBuild: (request) => answer('startTestBuild', request),
    cancelTestBuild: () => answer('cancelTestBuild'),
    askRoot: () => answer('askRoot'),
    stopAskingRoot: () => answer('stopAskingRoot'),
    repairOpen: (request) => answer('repairOpen', request),
    repairRetry: () => answer('repairRetry'),
    repairMakeKey: () => answer('repairMakeKey'),
    repairTrust: (request) => answer('repairTrust', request),
    repairSignIn: (request) => answer('repairSignIn', request),
    repairAnswer: (request) => answer('repairAnswer', request),
    repairElevate: (request) => answer('repairElevate', request),
    repairChoose: (request) => answer('repairChoose', request),
    repairApply: (request) => answer('repairApply', request),
    repairBack: (request) => answer('repairBack', request),
    repairCancel: () => answer('repairCancel'),
    repairUndo: (request) => answer('repairUndo', request),
    repairClose: () => answer('repairClose'),
    laptopOpen: (request) => answer('laptopOpen', request),
    laptopApply: () => answer('laptopApply'),
    laptopSkip: () => answer('laptopSkip'),
    laptopUndo: () => answer('laptopUndo'),
    setDemoFault: (request) => answer('setDemoFault', request),
  } satisfies Api
  Object.defineProperty(window, 'offloadTray', { value: fake })
  window.fakeMain = {
    calls,
    push: (state) => {
      current = state
      for (const listener of listeners) listener(state)
    },
    refuse: (name, message) => {
      if (message === null) refusals.delete(name)
      else refusals.set(name, message)
    },
  }
}
