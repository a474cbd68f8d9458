// The app from its log to its orderly end, once Electron is ready and the first icon stands.
import { app, type Tray } from 'electron'
import { type RunningApp, startApp } from './app.ts'
import { surviveErrors } from './crash.ts'
import { hardenPages } from './harden.ts'
import { openLog } from './log.ts'
import type { Options } from './options.ts'
import type { Places } from './places.ts'
import { stopOnQuit } from './quit.ts'

/** Runs the app. Rejects, with the reason in the log, where it cannot start at all. */
export async function run(
  options: Options,
  places: Places,
  firstIcon: Promise<Tray | null>,
): Promise<RunningApp> {
  const log = openLog(places.paths.log)
  log.info('started', app.getVersion(), 'on Electron', process.versions['electron'])
  let running: RunningApp | undefined
  surviveErrors(log, (sentence) => running?.showError(sentence))
  hardenPages((sentence) => log.warn('refused the page:', sentence))
  stopOnQuit(() => running?.stop())
  try {
    running = await startApp(options, places, firstIcon, log)
    return running
  } catch (error) {
    log.error('the app could not start:', error)
    throw error
  }
}
