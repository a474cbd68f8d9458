// The least that an Electron tray can be: what ours is measured against. One icon, a tooltip, a menu, nothing else.
const { app, Menu, nativeImage, Tray } = require('electron')

app.whenReady().then(() => {
  const tray = new Tray(nativeImage.createFromPath(process.argv.at(-1)))
  tray.setToolTip('bare tray')
  tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', click: () => app.quit() }]))
  globalThis.tray = tray // Else the icon is collected with the variable.
})
