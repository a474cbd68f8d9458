// Keeps the tray icon in step with the state, from the moment a panel is there to show it.
import type { StateStore } from './app-state.ts'
import type { Log } from './log.ts'
import { createTray, type TrayFace } from './tray.ts'
import { type AskHost, waitForTrayHost } from './tray-host.ts'
import { type StartAtLogin, type TrayCommand, type TrayView, trayView } from './tray-view.ts'

interface TrayOptions {
  readonly assets: string
  readonly state: StateStore
  readonly log: Log
  readonly askHost: AskHost
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

/** Waits for a panel, makes the icon then, and paints every change. */
export function followTray(options: TrayOptions): TrayFollower {
  let tray: TrayFace | undefined
  const view = (): TrayView =>
    trayView({ ...options.state.get(), startAtLogin: options.startAtLogin() }, new Date())
  const paint = (): void => tray?.paint(view())
  const host = waitForTrayHost({
    ask: options.askHost,
    onHost: () => {
      tray = createTray(options.assets, view(), options.onCommand)
      options.state.set({ trayMissing: false })
      options.log.info('tray icon made')
    },
    onNone: () => {
      options.state.set({ trayMissing: true })
      options.log.warn('no panel shows tray icons here: the window is the only face')
      options.onNone()
    },
  })
  const unsubscribe = options.state.subscribe(paint)
  return {
    refresh: () => tray?.repaintMenu(view()),
    stop: () => {
      host.stop()
      unsubscribe()
      tray?.destroy()
    },
  }
}
