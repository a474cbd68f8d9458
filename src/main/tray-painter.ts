// Paints a TrayView, and only where it differs from what is painted: a set without a change makes panels flicker and
// closes the menu under the pointer.
import type { TrayItem, TrayView } from './tray-view.ts'

/** The three things a tray can be told. */
export interface TrayDriver {
  setIcon(icon: TrayView['icon']): void
  setToolTip(text: string): void
  setMenu(items: readonly TrayItem[]): void
}

export interface TrayPainter {
  /** Brings the tray to a view with as few calls as that takes. */
  paint(view: TrayView): void
  /** The menu no longer shows what was painted: a clicked checkbox ticks itself, whatever came of the click. */
  forgetMenu(): void
}

/** Knows what is painted; `icon` is there from the making. */
export function trayPainter(icon: TrayView['icon'], driver: TrayDriver): TrayPainter {
  let painted: Partial<TrayView> = { icon }
  return {
    paint: (view) => {
      const before = painted
      painted = view
      if (before.icon !== view.icon) driver.setIcon(view.icon)
      if (before.tooltip !== view.tooltip) driver.setToolTip(view.tooltip)
      if (!sameItems(before.items, view.items)) driver.setMenu(view.items)
    },
    forgetMenu: () => {
      const { items: _forgotten, ...rest } = painted
      painted = rest
    },
  }
}

function sameItems(a: readonly TrayItem[] | undefined, b: readonly TrayItem[]): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b)
}
