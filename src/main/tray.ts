// The tray icon in Electron: its icon, tooltip and menu follow the views it is given.
import { Menu, type MenuItemConstructorOptions, nativeImage, screen, Tray } from 'electron'
import { trayIconFile, trayIconSize } from './tray-icons.ts'
import { trayPainter } from './tray-painter.ts'
import type { TrayCommand, TrayItem, TrayView } from './tray-view.ts'

export interface TrayFace {
  paint(view: TrayView): void
  /** Paints the menu anew even where the view is the same. */
  repaintMenu(view: TrayView): void
  destroy(): void
}

/**
 * Makes the icon. Only where a panel is there to show it (see tray-host.ts): one made before never appears.
 * Both ways of clicking work: the menu's first item, and `click` where the panel sends Activate.
 */
export function createTray(
  assets: string,
  first: TrayView,
  onCommand: (command: TrayCommand) => void,
): TrayFace {
  const scale = Math.max(...screen.getAllDisplays().map((display) => display.scaleFactor))
  const size = trayIconSize(process.env['XDG_CURRENT_DESKTOP'], scale)
  const image = (icon: TrayView['icon']) => nativeImage.createFromPath(trayIconFile(assets, icon, size))
  const tray = new Tray(image(first.icon))
  tray.setTitle('Offload Tray')
  tray.on('click', () => onCommand('open'))
  let icon: TrayView['icon'] = first.icon
  const painter = trayPainter({
    setIcon: (next) => {
      // The constructor has set the first one.
      if (next !== icon) tray.setImage(image(next))
      icon = next
    },
    setToolTip: (text) => tray.setToolTip(text),
    setMenu: (items) =>
      tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => menuItem(item, onCommand)))),
  })
  painter.paint(first)
  return {
    paint: painter.paint,
    repaintMenu: (view) => {
      painter.forgetMenu()
      painter.paint(view)
    },
    destroy: () => tray.destroy(),
  }
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
