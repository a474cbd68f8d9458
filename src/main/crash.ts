// An error that nobody caught must not take the tray with it: it is logged and shown, and the app lives on.
import type { Log } from './log.ts'

/** Calls `onError` with one sentence for each error that nobody caught, in place of Node's abrupt end. */
export function surviveErrors(log: Log, onError: (sentence: string) => void): void {
  const survive = (kind: string) => (error: unknown) => {
    log.error(kind, error)
    onError(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
  process.on('uncaughtException', survive('uncaught exception'))
  process.on('unhandledRejection', survive('unhandled rejection'))
}
