// The state that the window gets: put together from its parts, told once a turn.
import { describe, expect, it, vi } from 'vitest'
import { createStateStore } from '../../../src/main/app-state.ts'
import { createChanges } from '../../../src/main/changes.ts'
import { snapshot } from './snapshots.ts'

function store() {
  const monitor = createChanges()
  const testBuilds = createChanges()
  const made = createStateStore({
    version: '1.0.0',
    locale: 'en',
    monitor: {
      state: () => ({ snapshot: snapshot('ready'), checking: false }),
      subscribe: monitor.subscribe,
    },
    testBuilds: { state: () => ({ phase: 'idle' }), history: () => [], subscribe: testBuilds.subscribe },
    repairs: { state: () => ({ phase: 'closed' }), subscribe: createChanges().subscribe },
    configProblems: [],
  })
  const told = vi.fn()
  made.subscribe(told)
  return { made, told, monitor, testBuilds }
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('the app’s state', () => {
  it('is put together from its parts, with no demo where there is none', () => {
    expect(store().made.get()).toMatchObject({ version: '1.0.0', view: 'status', trayMissing: false })
    expect(store().made.get()).not.toHaveProperty('demo')
  })

  it('tells once, however many parts change in one turn', async () => {
    const { told, monitor, testBuilds } = store()
    monitor.emit()
    monitor.emit()
    testBuilds.emit()
    await turn()
    expect(told).toHaveBeenCalledTimes(1)
    monitor.emit()
    await turn()
    expect(told).toHaveBeenCalledTimes(2)
  })

  it('tells nobody of a change that changes nothing', async () => {
    const { made, told } = store()
    made.set({ view: 'status' })
    await turn()
    expect(told).not.toHaveBeenCalled()
    made.set({ view: 'test-build', internalError: 'TypeError: x' })
    await turn()
    expect(told).toHaveBeenCalledTimes(1)
    expect(made.get()).toMatchObject({ view: 'test-build', internalError: 'TypeError: x' })
  })
})
