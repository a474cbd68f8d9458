// The window's own menu, which Alt shows. Electron's default would offer reloading, developer tools and its own web site.
import type { MenuItemConstructorOptions } from 'electron'
import type { Locale } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'

/** What the menu of the window holds, in the user's language: zoom for who needs it, full screen, and the two ways out. */
export function windowMenu(locale: Locale): MenuItemConstructorOptions[] {
  const { windowMenu: words, menu } = messagesFor(locale).tray
  return [
    {
      label: words.view,
      submenu: [
        { role: 'zoomIn', label: words.zoomIn },
        // The same key without Shift; two accelerators need two entries.
        { role: 'zoomIn', label: words.zoomIn, accelerator: 'CommandOrControl+=', visible: false },
        { role: 'zoomOut', label: words.zoomOut },
        { role: 'resetZoom', label: words.resetZoom },
        { type: 'separator' },
        { role: 'togglefullscreen', label: words.fullScreen },
        { type: 'separator' },
        { role: 'close', label: words.close, accelerator: 'CommandOrControl+W' },
        { role: 'quit', label: menu.quit, accelerator: 'CommandOrControl+Q' },
      ],
    },
  ]
}
