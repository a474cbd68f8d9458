// Which PNG of a state the panel gets: one at its own scale, because Linux panels take the first bitmap only.
import { join } from 'node:path'
import type { Overall } from '../shared/status.ts'

/** Plasma draws 22 px, the other panels 24; screens that are scaled get the doubled picture. */
export function trayIconSize(desktop: string | undefined, scale: number): 22 | 24 | 44 | 48 {
  const plasma = /\bkde\b/i.test(desktop ?? '')
  if (scale > 1) return plasma ? 44 : 48
  return plasma ? 22 : 24
}

/** The file of a state's icon below the assets folder. */
export function trayIconFile(assets: string, icon: Overall, size: number): string {
  return join(assets, 'tray', 'png', `${icon}-${size}.png`)
}
