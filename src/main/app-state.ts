// Puts the one AppState together from those who own its parts, and tells when any of them changes.
import type { AppState, DemoFault } from '../shared/app-state.ts'
import type { GuideState } from '../shared/guide.ts'
import type { Locale } from '../shared/locale.ts'
import type { Snapshot } from '../shared/status.ts'
import type { TestBuildRun, TestBuildState } from '../shared/test-build.ts'
import { createChanges } from './changes.ts'

export interface StateParts {
  readonly version: string
  readonly locale: Locale
  readonly monitor: {
    state(): { readonly snapshot: Snapshot; readonly checking: boolean }
    subscribe(listener: () => void): () => void
  }
  readonly testBuilds: {
    state(): TestBuildState
    history(): readonly TestBuildRun[]
    subscribe(listener: () => void): () => void
  }
  readonly repairs: {
    state(): GuideState
    subscribe(listener: () => void): () => void
  }
  readonly canMakeKey?: boolean
  readonly configProblems: readonly string[]
  readonly demoFaults?: () => readonly DemoFault[]
}

/** The parts that main itself owns. */
export type OwnParts = Pick<AppState, 'view' | 'trayMissing' | 'internalError'>

export interface StateStore {
  get(): AppState
  /** Changes main's own parts; a change that changes nothing tells nobody. */
  set(change: Partial<OwnParts>): void
  /** For a part that tells of no change itself (the demo's faults). */
  touch(): void
  subscribe(listener: () => void): () => void
}

/** The store. Listeners are told once per turn of the event loop, however many parts changed in it. */
export function createStateStore(parts: StateParts): StateStore {
  const changes = createChanges()
  let own: OwnParts = { view: 'status', trayMissing: false }
  let told = true
  const touch = () => {
    if (!told) return
    told = false
    setImmediate(() => {
      told = true
      changes.emit()
    })
  }
  parts.monitor.subscribe(touch)
  parts.testBuilds.subscribe(touch)
  parts.repairs.subscribe(touch)
  return {
    get: () => ({
      version: parts.version,
      locale: parts.locale,
      ...own,
      ...parts.monitor.state(),
      testBuild: parts.testBuilds.state(),
      history: parts.testBuilds.history(),
      repair: parts.repairs.state(),
      configProblems: parts.configProblems,
      ...(parts.canMakeKey === true ? { canMakeKey: true } : {}),
      ...(parts.demoFaults === undefined ? {} : { demo: { faults: parts.demoFaults() } }),
    }),
    set: (change) => {
      const next = { ...own, ...change }
      if (JSON.stringify(next) === JSON.stringify(own)) return
      own = next
      touch()
    },
    touch,
    subscribe: changes.subscribe,
  }
}
