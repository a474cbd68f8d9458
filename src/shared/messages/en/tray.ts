// The words of the tray menu, its tooltip, and the notifications.
import type { Overall } from '../../status.ts'

const menu = {
  open: 'Open Offload Tray…',
  pause: 'Pause checking',
  startAtLogin: 'Start at login',
  /** The app's own command is not on PATH, so a desktop could not start it. */
  startAtLoginMissing: 'Start at login (offload-tray is not on your PATH)',
  quit: 'Quit',
  /** An action that is not allowed now, with the reason. */
  notNow: '{action} ({reason})',
  internalError: 'Something went wrong inside Offload Tray: see the log',
}

/** The menu of the window, which Alt shows. */
const windowMenu = {
  view: 'View',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  resetZoom: 'Actual size',
  fullScreen: 'Full screen',
  close: 'Close window',
}

const tooltip = {
  provenAfter: 'Last proven after {time}',
  provenNever: 'Not proven yet',
}

/** What a notification says first; the headline stands below. null: this state is no news by itself. */
const outage: Readonly<Record<Overall, string | null>> = {
  blocked: 'Builds will fail',
  local: 'Builds no longer reach your desktop',
  degraded: 'Offloading has a problem',
  building: null,
  ready: null,
  checking: null,
  unconfigured: null,
  paused: null,
}

const notices = {
  recovery: 'Offloading works again',
}

export const tray = { menu, windowMenu, tooltip, outage, notices }
