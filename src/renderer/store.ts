// The window's mirror of main's state. Main owns the truth: nothing here is ever changed by the window itself.
import { create } from 'zustand'
import type { AppState } from '../shared/app-state.ts'
import type { Api } from '../shared/ipc.ts'

interface Mirror {
  readonly state: AppState | null
  /** What went wrong with the last call to main, in its own words; null when nothing did. */
  readonly failure: string | null
}

export const useMirror = create<Mirror>()(() => ({ state: null, failure: null }))

/** Follows main's state; returns how to stop. A late answer to `getState` never overwrites a newer push. */
export function connect(api: Pick<Api, 'getState' | 'onStateChanged'>): () => void {
  let pushed = false
  const unsubscribe = api.onStateChanged((state) => {
    pushed = true
    useMirror.setState({ state })
  })
  void attempt(
    api.getState().then((state) => {
      if (!pushed) useMirror.setState({ state })
    }),
  )
  return unsubscribe
}

/** Shows why a call to main failed; a call that succeeds clears an older failure. Returns whether it went well. */
export async function attempt(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    useMirror.setState({ failure: null })
    return true
  } catch (error) {
    useMirror.setState({ failure: wordsOf(error) })
    return false
  }
}

/** Electron puts the channel before the words of an error that crossed over; the person need not read it. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  return words.replace(/^Error invoking remote method '[^']*': (?:Error: )?/, '')
}

/** Takes the failure off the screen. */
export function dismissFailure(): void {
  useMirror.setState({ failure: null })
}

/** The state, or a part of it. Only below App, which waits for the first state. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useMirror(({ state }) => {
    if (state === null) throw new Error('no state yet: render below App only')
    return select(state)
  })
}
