// `npm start [-- args]`: builds what is out of date, finds Electron and what it needs, and starts the tray.
import { build, isStale } from './start/build.ts'
import { launch } from './start/launch.ts'

const usage = `Usage: npm start [-- options]
Builds the app where it is out of date, finds (or downloads) Electron, and starts the tray.
Without a display it runs offload-status instead, with the same options.

  --demo        try it with a desktop inside the program; no second machine needed
  --no-sandbox  start Chromium without its sandbox (always so as root)
  --help        this text
Other options go to the app.

  ELECTRON_OVERRIDE_DIST_PATH  folder with an Electron of your own
  ELECTRON_MIRROR              where to download Electron from`

async function main(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage)
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
