// Sends the window each new state, whole, while there is a window.
import type { StateStore } from './app-state.ts'
import { pushTo } from './ipc.ts'
import type { WindowFace } from './window.ts'

/** A running test build changes many times a second; a person reads no faster than this. */
const everyMs = 50

/** Follows the state until the returned function is called. */
export function pushState(state: StateStore, window: Pick<WindowFace, 'target'>): () => void {
  let timer: NodeJS.Timeout | undefined
  const send = (): void => {
    timer = undefined
    const target = window.target()
    if (target !== null) pushTo(target, 'stateChanged', state.get())
  }
  const unsubscribe = state.subscribe(() => {
    if (window.target() !== null) timer ??= setTimeout(send, everyMs)
  })
  return () => {
    clearTimeout(timer)
    unsubscribe()
  }
}
