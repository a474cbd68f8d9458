// The tray app's beginning, a table of contents: what needs no app, one instance, what Electron must know before it is ready, the first
// icon, and then the app, which is loaded only now.
import '../core/desktop/lookup-threads.ts'
import { app, protocol } from 'electron'
import { version } from '../../package.json'
import { showFirstIcon } from './first-icon.ts'
import { firstWords } from './first-words.ts'
import { type Options, readOptions } from './options.ts'
import { pageScheme } from './page.ts'
import { findPlaces } from './places.ts'
import { applySwitches } from './switches.ts'

const words = firstWords(process.argv, process.env, version)
if (words !== null) {
  const stream = words.code === 0 ? process.stdout : process.stderr
  stream.write(`${words.text}\n`)
  process.exit(words.code)
}

const options = readOptions(process.argv)
const places = findPlaces(options.demo)

applySwitches(app.commandLine)
app.setPath('userData', places.profile)

// A second start hands over what it was asked for (its argv would arrive reordered). All the rest is in the else: code
// after app.quit() still runs.
if (!app.requestSingleInstanceLock({ ...options })) {
  app.quit()
} else {
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }])
  const { icon, settled } = showFirstIcon(places.assets)
  // No top-level await: it would keep the app from ever becoming ready.
  const running = settled.then(() => import('./run.ts')).then(({ run }) => run(options, places, icon))

  app.on('second-instance', (_event, _argv, _folder, asked) => {
    const { hidden, view } = asked as Options
    if (!hidden) running.then((one) => one.open(view)).catch(() => undefined)
  })
  // Closing the window does not end the app: the tray stays.
  app.on('window-all-closed', () => undefined)
  running.catch((error: unknown) => {
    console.error('offload-tray could not start:', error)
    app.exit(1)
  })
}
