// The tray icon in Electron: its icon, tooltip and menu follow the views it is given.
import { Menu, type MenuItemConstructorOptions, nativeImage, screen, Tray } from 'electron'
import type { Overall } from '../shared/status.ts'
import { trayIconFile, trayIconSize } from './tray-icons.ts'
import { trayPainter } from './tray-painter.ts'
import type { TrayCommand, TrayItem, TrayView } from './tray-view.ts'

export interface TrayFace {
  paint(view: TrayView): void
  /** Paints the menu anew even where the view is the same. */
  repaintMenu(view: TrayView): void
  destroy(): void
}

/** What the icon shows before anything is known. */
const first: Overall = 'checking'

/** Makes the bare icon. Only where a panel is there to show it (see tray-host.ts): one made before never appears. */
export function makeIcon(assets: string): Tray {
  return new Tray(image(assets, first))
}

/**
 * Gives an icon its menu and keeps it in step. Both ways of clicking work: the menu's first item, and `click` where
 * the panel sends Activate.
 */
export function dressIcon(
  tray: Tray,
  assets: string,
  view: TrayView,
  onCommand: (command: TrayCommand) => void,
): TrayFace {
  tray.on('click', () => onCommand('open'))
  const painter = trayPainter(first, {
    setIcon: (icon) => tray.setImage(image(assets, icon)),
    setToolTip: (text) => tray.setToolTip(text),
    setMenu: (items) =>
      tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => menuItem(item, onCommand)))),
  })
  painter.paint(view)
  return {
    paint: painter.paint,
    repaintMenu: (next) => {
      painter.forgetMenu()
      painter.paint(next)
    },
    destroy: () => tray.destroy(),
  }
}

function image(assets: string, icon: Overall): Electron.NativeImage {
  const scale = Math.max(...screen.getAllDisplays().map((display) => display.scaleFactor))
  const size = trayIconSize(process.env['XDG_CURRENT_DESKTOP'], scale)
  return nativeImage.createFromPath(trayIconFile(assets, icon, size))
}

function menuItem(item: TrayItem, onCommand: (command: TrayCommand) => void): MenuItemConstructorOptions {
  if (item.kind === 'separator') return { type: 'separator' }
  const shared = {
    // '&' marks a mnemonic in Electron's labels.
    label: item.label.replaceAll('&', '&&'),
    enabled: item.enabled,
    click: () => onCommand(item.command),
  }
  return item.kind === 'checkbox' ? { ...shared, type: 'checkbox', checked: item.checked } : shared
}
