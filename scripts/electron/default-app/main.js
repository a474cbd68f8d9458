// The app inside the registry's Electron: loads the app folder named on the command line, as Electron's own default app does.
// An ES module, because Electron waits for it: the app's first tick runs before 'ready', as it must for protocol schemes.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const require = createRequire(import.meta.url)

/** The app's folder or file (the first argument that is no flag) and the modules to load first (`-r`, Playwright's way in). */
function parse(argv) {
  const modules = []
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]
    if (arg === '-r' || arg === '--require') modules.push(argv[++i])
    else if (arg === '-v' || arg === '--version') return { print: `v${process.versions.electron}`, modules }
    else if (arg === '-a' || arg === '--abi') return { print: process.versions.modules, modules }
    else if (!arg.startsWith('-')) return { file: arg, modules }
  }
  return { modules }
}

/** Takes the app's name, version and folder from its package.json; gives the file to run. */
function describe(target) {
  const folder = path.resolve(target)
  const manifest = path.join(folder, 'package.json')
  if (!fs.existsSync(manifest)) {
    const file = require.resolve(folder)
    app.setAppPath(path.dirname(file))
    return file
  }
  const it = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  if (it.version) app.setVersion(it.version)
  if (it.productName || it.name) app.setName(it.productName || it.name)
  app.setDesktopName?.(it.desktopName || `${app.getName()}.desktop`)
  app.setAppPath(folder)
  return require.resolve(path.join(folder, it.main || 'index.js'))
}

const { print, file, modules } = parse(process.argv.slice(1))
if (print !== undefined) {
  console.log(print)
  process.exit(0)
} else if (file === undefined) {
  console.error('Name the folder of an app: electron FOLDER')
  process.exit(1)
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })
  try {
    const main = describe(file)
    for (const name of modules) require(path.resolve(name))
    await import(pathToFileURL(main).href)
  } catch (error) {
    console.error('The app could not be started:')
    console.error(error)
    process.exit(1)
  }
}
