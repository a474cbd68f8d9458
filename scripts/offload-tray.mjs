#!/usr/bin/env node
// The command `offload-tray` of an npm-installed checkout: starts the built app with the Electron that `npm start` would use.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The scripts are TypeScript and Node 20 needs tsx for them; it comes with the checkout's own npm install.
const here = dirname(fileURLToPath(import.meta.url))
const { register } = await import('tsx/esm/api').catch(() => {
  console.error(`offload-tray needs its development packages. Run: npm install (in ${join(here, '..')})`)
  process.exit(1)
})
register()
const { launch } = await import('./start/launch.ts')
const { asksForHelp, usageOf } = await import('./start/usage.ts')
const args = process.argv.slice(2)
if (asksForHelp(args)) console.log(usageOf('offload-tray [options]'))
else process.exitCode = await launch(args)
