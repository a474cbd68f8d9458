// Keeps the tray icon in step with the state, from the moment a panel is there to show it.
import type { Tray } from 'electron'
import type { StateStore } from './app-state.ts'
import type { Log } from './log.ts'
import { dressIcon, makeIcon, type TrayFace } from './tray.ts'
import { askTrayHost, type HostWatch, waitForTrayHost } from './tray-host.ts'
import { type StartAtLogin, type TrayCommand, type TrayView, trayView } from './tray-view.ts'

interface TrayOptions {
  readonly assets: string
  readonly state: StateStore
  readonly log: Log
  /** The icon that was made before the app was loaded; null where there was no panel then. */
  readonly firstIcon: Promise<Tray | null>
  readonly startAtLogin: () => StartAtLogin
  readonly onCommand: (command: TrayCommand) => void
  /** The patience at login is over and no panel shows tray icons. */
  readonly onNone: () => void
}

export interface TrayFollower {
  /** Paints the menu anew, for what the state does not tell (start at login). */
  refresh(): void
  stop(): void
}

/** Takes over the first icon, or waits for a panel and makes one then; paints every change. */
export function followTray(options: TrayOptions): TrayFollower {
  const { assets, state, log } = options
  let tray: TrayFace | undefined
  let host: HostWatch | undefined
  let stopped = false
  const view = (): TrayView => trayView({ ...state.get(), startAtLogin: options.startAtLogin() }, new Date())

  const wear = (icon: Tray): void => {
    tray = dressIcon(icon, assets, view(), options.onCommand)
    state.set({ trayMissing: false })
    log.info('tray icon made')
  }
  const waitForHost = (): void => {
    host = waitForTrayHost({
      ask: askTrayHost,
      onHost: () => wear(makeIcon(assets)),
      onNone: () => {
        state.set({ trayMissing: true })
        log.warn('no panel shows tray icons here: the window is the only face')
        options.onNone()
      },
    })
  }

  options.firstIcon
    .then((icon) => {
      if (stopped) icon?.destroy()
      else if (icon === null) waitForHost()
      else wear(icon)
    })
    .catch((error: unknown) => log.error('the tray icon could not be made:', error))
  const unsubscribe = state.subscribe(() => tray?.paint(view()))
  return {
    refresh: () => tray?.repaintMenu(view()),
    stop: () => {
      stopped = true
      host?.stop()
      unsubscribe()
      tray?.destroy()
    },
  }
}
