// The mirror follows main, and a late first answer never wins over a newer push.
import { describe, expect, it } from 'vitest'
import { attempt, connect, useMirror } from '../../../src/renderer/store.ts'
import type { AppState } from '../../../src/shared/app-state.ts'
import { appState } from '../../ui/rig/states.ts'

const older = appState({ version: 'older' })
const newer = appState({ version: 'newer' })

function fakeMain() {
  let answer: (state: AppState) => void = () => {}
  const listeners = new Set<(state: AppState) => void>()
  return {
    getState: () =>
      new Promise<AppState>((done) => {
        answer = done
      }),
    onStateChanged: (listener: (state: AppState) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    answer: (state: AppState) => answer(state),
    push: (state: AppState) => {
      for (const listener of listeners) listener(state)
    },
    listeners,
  }
}

describe('the mirror', () => {
  it('shows the first state', async () => {
    const main = fakeMain()
    const stop = connect(main)
    main.answer(older)
    await expect.poll(() => useMirror.getState().state?.version).toBe('older')
    stop()
  })

  it('keeps the newer push when the first answer comes late', async () => {
    const main = fakeMain()
    const stop = connect(main)
    main.push(newer)
    main.answer(older)
    await new Promise((done) => setTimeout(done, 10))
    expect(useMirror.getState().state?.version).toBe('newer')
    stop()
    expect(main.listeners.size).toBe(0)
  })

  it('tells why a call failed, until one goes well', async () => {
    expect(await attempt(Promise.reject(new Error('main is gone')))).toBe(false)
    expect(useMirror.getState().failure).toBe('main is gone')
    await attempt(
      Promise.reject(new Error("Error invoking remote method 'offload-tray:copy': Error: too long")),
    )
    expect(useMirror.getState().failure).toBe('too long')
    expect(await attempt(Promise.resolve())).toBe(true)
    expect(useMirror.getState().failure).toBeNull()
  })
})
