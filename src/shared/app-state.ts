// What the window knows: one object, made by main, replaced whole on each change.

import type { GuideState } from './guide.ts'
import type { Locale } from './locale.ts'
import type { Snapshot } from './status.ts'
import type { TestBuildRun, TestBuildState } from './test-build.ts'

export const views = ['status', 'test-build', 'repair'] as const
export type View = (typeof views)[number]

export interface DemoFault {
  readonly id: string
  readonly on: boolean
}

export interface AppState {
  readonly version: string
  readonly locale: Locale
  readonly view: View
  readonly snapshot: Snapshot
  /** A round of checks is under way. */
  readonly checking: boolean
  readonly testBuild: TestBuildState
  readonly history: readonly TestBuildRun[]
  /** The guided repair; never holds a secret. */
  readonly repair: GuideState
  /** Present where this app can make a missing builder key itself; elsewhere it shows how. */
  readonly canMakeKey?: true
  /** No panel shows a tray icon on this desktop, so the window is the only face. */
  readonly trayMissing: boolean
  /** Problems in the user's own settings file, one sentence each; empty when all is well. */
  readonly configProblems: readonly string[]
  /** The last unexpected error inside the app itself, in its own words; the log holds the rest. */
  readonly internalError?: string
  /** Present in `--demo`: the faults that can be switched on. */
  readonly demo?: { readonly faults: readonly DemoFault[] }
}
