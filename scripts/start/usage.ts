// What `npm start` and the command `offload-tray` say of themselves.

/** The help text. `command`: how it was started, such as "npm start [-- options]". */
export function usageOf(command: string): string {
  return `Usage: ${command}
Starts the tray. Without a display it runs offload-status instead, with the same options.

  --demo        try it with a desktop inside the program; no second machine needed
  --test-build  open the window at the test build; --repair: at the repair
  --hidden      start without a window, as at login
  --no-sandbox  start Chromium without its sandbox (always so as root)
  --help        this text
Other options go to Electron.

  ELECTRON_OVERRIDE_DIST_PATH  folder with an Electron of your own
  ELECTRON_MIRROR              where to download Electron from`
}

/** True where only the help is wanted. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h')
}
