// The tray app's beginning, a table of contents: one instance, the page scheme, then the app, and its orderly end.
import { app, protocol } from 'electron'
import { prepareApp, type RunningApp, startApp } from './app.ts'
import { surviveErrors } from './crash.ts'
import { hardenPages } from './harden.ts'
import { openLog } from './log.ts'
import { type Options, readOptions } from './options.ts'
import { pageScheme } from './page.ts'
import { findPlaces } from './places.ts'
import { stopOnQuit } from './quit.ts'
import { applySwitches } from './switches.ts'

const options = readOptions(process.argv)
const places = findPlaces(options.demo)

applySwitches(app.commandLine)
app.setPath('userData', places.profile)

// A second start hands over what it was asked for (its argv would arrive reordered). All the rest is in the else: code
// after app.quit() still runs.
if (!app.requestSingleInstanceLock({ ...options })) {
  app.quit()
} else {
  const log = openLog(places.paths.log)
  let running: Promise<RunningApp> | undefined

  surviveErrors(log, (sentence) => {
    running?.then((one) => one.showError(sentence)).catch(() => undefined)
  })
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }])
  hardenPages((sentence) => log.warn('refused the page:', sentence))
  stopOnQuit(() => running?.then((one) => one.stop()))
  // Closing the window does not end the app: the tray stays.
  app.on('window-all-closed', () => undefined)
  app.on('second-instance', (_event, _argv, _folder, asked) => {
    const { hidden, view } = asked as Options
    if (!hidden) running?.then((one) => one.open(view)).catch(() => undefined)
  })

  // No top-level await: it would keep the app from ever becoming ready.
  running = Promise.all([prepareApp(options, places, log), app.whenReady()]).then(([prepared]) => {
    log.info('started', app.getVersion(), 'on Electron', process.versions['electron'])
    return startApp(prepared, options, places, log)
  })
  running.catch((error: unknown) => {
    log.error('the app could not start:', error)
    app.exit(1)
  })
}
