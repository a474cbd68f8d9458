// Paints a TrayView, and only where it differs from what is painted: a set without a change makes panels flicker and
// closes the menu under the pointer.
import type { TrayItem, TrayView } from './tray-view.ts'

/** The three things a tray can be told. */
export interface TrayDriver {
  setIcon(icon: TrayView['icon']): void
  setToolTip(text: string): void
  setMenu(items: readonly TrayItem[]): void
}

/** A function that brings the tray to a view with as few calls as that takes. */
export function trayPainter(driver: TrayDriver): (view: TrayView) => void {
  let painted: TrayView | undefined
  return (view) => {
    const before = painted
    painted = view
    if (before?.icon !== view.icon) driver.setIcon(view.icon)
    if (before?.tooltip !== view.tooltip) driver.setToolTip(view.tooltip)
    if (!sameItems(before?.items, view.items)) driver.setMenu(view.items)
  }
}

function sameItems(a: readonly TrayItem[] | undefined, b: readonly TrayItem[]): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b)
}
