// The icon comes first: where a panel is there it is shown before the app itself is even loaded.
import { app, type Tray } from 'electron'
import { makeIcon } from './tray.ts'
import { askTrayHost } from './tray-host.ts'

/** The app is loaded at the latest this long after Electron is ready, in ms, whether the panel has answered or not. */
const patienceMs = 150
/** An icon makes itself known in a few calls back and forth; loading the app in between would hold them up, in ms. */
const registrationMs = 60

export interface FirstIcon {
  /** null: there is no panel yet. */
  readonly icon: Promise<Tray | null>
  /** The icon is made and known, or it takes too long to wait for. */
  readonly settled: Promise<void>
}

/** Asks for a panel at once, and makes the icon as soon as Electron can. */
export function showFirstIcon(assets: string): FirstIcon {
  const answer = askTrayHost()
  const ready = app.whenReady()
  const icon = ready.then(async () => ((await answer) === 'no' ? null : makeIcon(assets)))
  const known = icon.then((made) => (made === null ? undefined : pause(registrationMs)))
  return { icon, settled: Promise.race([known, ready.then(() => pause(patienceMs))]) }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
