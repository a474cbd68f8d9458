// What the command line asks of the app.
import type { View } from '../shared/app-state.ts'

export interface Options {
  /** Watch the demo desktop inside the app in place of the laptop's real one. */
  readonly demo: boolean
  /** Start without a window (autostart). */
  readonly hidden: boolean
  readonly view: View
}

/** Reads the flags; unknown ones are Chromium's and stay for it. */
export function readOptions(argv: readonly string[]): Options {
  return {
    demo: argv.includes('--demo'),
    hidden: argv.includes('--hidden'),
    view: argv.includes('--test-build') ? 'test-build' : argv.includes('--repair') ? 'repair' : 'status',
  }
}
