// The running app: the core, the faces that show it, and the lines between them.
import { app, ipcMain, Menu, powerMonitor, protocol, session, type Tray } from 'electron'
import type { View } from '../shared/app-state.ts'
import { asksForRepair } from '../shared/repairable.ts'
import { createStateStore, type StateStore } from './app-state.ts'
import { startAtLogin } from './autostart.ts'
import { createCommands } from './commands.ts'
import { type Core, startCore } from './core.ts'
import { createHandlers } from './handlers.ts'
import { hardenSession } from './harden.ts'
import { serveContract } from './ipc.ts'
import type { Log } from './log.ts'
import { followNews } from './news.ts'
import { showNotification } from './notify.ts'
import type { Options } from './options.ts'
import { isOwnPage, pageFiles, pageScheme, servePage } from './page.ts'
import type { Places } from './places.ts'
import { pushState } from './push-state.ts'
import { cutOffMessage } from './repair-notice.ts'
import { followTray } from './tray-follower.ts'
import { followVerdicts } from './verdict-notice.ts'
import { createWindowFace } from './window.ts'
import { windowMenu } from './window-menu.ts'

export interface RunningApp {
  open(view: View): void
  showError(sentence: string): void
  stop(): Promise<void>
}

/** Starts everything; to be called once Electron is ready. */
export async function startApp(
  options: Options,
  places: Places,
  firstIcon: Promise<Tray | null>,
  log: Log,
): Promise<RunningApp> {
  const [core, login] = await Promise.all([startCore(places.paths, options.demo, log), startAtLogin()])
  const state = storeOf(core)
  const window = createWindowFace({
    log,
    sizeFile: places.windowSize,
    icon: places.appIcon,
    beforeFirst: () => {
      prepareSession(places.renderer)
      Menu.setApplicationMenu(Menu.buildFromTemplate(windowMenu(core.locale)))
    },
    // Without an icon a closed window would leave an app that nobody can reach.
    onClosed: () => {
      // A window that died is made anew before the old one goes: its repair goes on.
      if (!window.isOpen()) endRepair(core, places, log, () => open('repair'))
      if (state.get().trayMissing) app.quit()
    },
  })
  const open = (view: View): void => {
    core.monitor.glanced()
    state.set({ view })
    window.open()
  }
  serveWindow(core, state, log)
  const onLoginChanged = () => tray.refresh()
  const commands = createCommands({ core, log, login, openView: open, onLoginChanged })
  const tray = followTray({
    assets: places.assets,
    state,
    log,
    firstIcon,
    startAtLogin: commands.startAtLogin,
    onCommand: commands.run,
    onNone: () => open(state.get().view),
  })
  const stops = [tray.stop, pushState(state, window), followNotices(core, state, places, log, open)]
  powerMonitor.on('resume', () => core.monitor.woke())
  app.on('browser-window-focus', core.monitor.glanced)
  core.monitor.start()
  if (!options.hidden) open(options.view)
  return {
    open,
    showError: (internalError) => state.set({ internalError }),
    stop: async () => {
      for (const stop of stops) stop()
      await core.stop()
    },
  }
}

/** A repair ends with its window; what was done is told, for nobody saw it. */
function endRepair(core: Core, places: Places, log: Log, onClick: () => void): void {
  const tell = async (): Promise<void> => {
    const stopped = await core.repairs.windowClosed()
    if (stopped === null) return
    showNotification({ ...cutOffMessage(stopped, core.locale), onClick }, places.appIcon, log)
  }
  tell().catch((error: unknown) => log.error('the repair did not end well:', error))
}

function storeOf(core: Core): StateStore {
  return createStateStore({
    version: app.getVersion(),
    locale: core.locale,
    monitor: core.monitor,
    testBuilds: core.testBuilds,
    repairs: core.repairs,
    canMakeKey: core.canMakeKey,
    configProblems: core.configProblems,
    ...(core.demo === null ? {} : { demoFaults: core.demo.faults }),
  })
}

/**
 * Shuts the session and answers app:// from the map of the built window. Only before the first window: the session's
 * mere existence costs an idle tray 10 MB.
 */
function prepareSession(folder: string): void {
  hardenSession(session.defaultSession)
  const files = pageFiles(folder)
  protocol.handle(pageScheme, async (request) => servePage(await files, request.url))
}

function serveWindow(core: Core, state: StateStore, log: Log): void {
  const setDemoFault = async (id: string, on: boolean) => core.demo?.setFault(id, on)
  serveContract(ipcMain, createHandlers({ ...core, state, setDemoFault }), {
    isTrusted: isOwnPage,
    onRefused: (sentence) => log.warn('refused a call:', sentence),
  })
}

function followNotices(
  core: Core,
  state: StateStore,
  places: Places,
  log: Log,
  open: (view: View) => void,
): () => void {
  if (!core.config.notifications) return () => undefined
  const show = (message: Parameters<typeof showNotification>[0]) =>
    showNotification(message, places.appIcon, log)
  const stops = [
    // What can be repaired leads to its repair.
    followNews({ state, show, openWindow: () => open(asksForRepair(state.get()) ? 'repair' : 'status') })
      .stop,
    followVerdicts({
      testBuilds: core.testBuilds,
      builders: () => core.monitor.state().snapshot.builders,
      locale: core.locale,
      isProof: () => core.repairs.state().phase === 'proof',
      show,
      openView: () => open('test-build'),
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
