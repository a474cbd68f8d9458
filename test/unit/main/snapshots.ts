// Snapshots for the tests of main, as short as can be.
import type { TrayState } from '../../../src/main/tray-view.ts'
import type { AppState } from '../../../src/shared/app-state.ts'
import type { BuilderStatus, Check, CheckId, Overall, Snapshot } from '../../../src/shared/status.ts'
import { check as checkThen } from '../shared/snapshots.ts'

export const noon = '2026-03-01T12:03:20.000Z'

export function check<Id extends CheckId>(...words: Parameters<typeof checkThen<Id>>): Check<Id> {
  return { ...checkThen(...words), at: noon }
}

export function builder(checks: BuilderStatus['checks'], host = 'desktop', busy = 0): BuilderStatus {
  const uri = `ssh-ng://nix-builder@${host}`
  return { id: uri, uri, host, port: 22, user: 'nix-builder', slots: { busy, max: 4 }, checks }
}

export const healthy = builder([
  check('reachable', 'pass'),
  check('host-key', 'pass'),
  check('builder-key', 'pass'),
])

export function snapshot(overall: Overall, parts: Partial<Snapshot> = {}): Snapshot {
  const laptop = { checks: [], localBuilds: true, fallback: true, survivesDeadCache: false }
  return { schema: 1, at: noon, overall, builders: [healthy], caches: [], laptop, ...parts }
}

export function trayState(parts: Partial<TrayState> = {}): TrayState {
  return {
    snapshot: snapshot('ready'),
    checking: false,
    testBuild: { phase: 'idle' },
    repair: { phase: 'closed' },
    locale: 'en',
    startAtLogin: 'off',
    ...parts,
  }
}

export function appState(overall: Overall): AppState {
  return {
    version: '1.0.0',
    locale: 'en',
    view: 'status',
    snapshot: snapshot(overall),
    checking: false,
    testBuild: { phase: 'idle' },
    history: [],
    repair: { phase: 'closed' },
    trayMissing: false,
    configProblems: [],
  }
}
