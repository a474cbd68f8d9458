// `npm start [-- args]`: builds what is out of date, finds Electron and what it needs, and starts the tray.
import { build, isStale } from './start/build.ts'
import { launch } from './start/launch.ts'
import { asksForHelp, usageOf } from './start/usage.ts'

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(`${usageOf('npm start [-- options]')}\nWhat is out of date is built first.`)
    return 0
  }
  if (isStale()) {
    console.error('Building the app…')
    if (!build()) {
      console.error('The build failed; the messages above say where.')
      return 1
    }
  }
  return launch(args)
}

process.exitCode = await main(process.argv.slice(2))
