// What the app says in a terminal before it starts, and in place of starting.

export const start = {
  usageTitle: 'Usage:',
  about: 'Starts the tray icon that shows whether your Nix builds run on the desktop.',
  options: {
    '--demo': 'try it with a desktop inside the program; no second machine needed',
    '--test-build': 'open the window at the test build',
    '--repair': 'open the window at the repair',
    '--hidden': 'start without a window, as at login',
    '--no-sandbox': 'start Chromium without its sandbox',
    '--version': 'the version',
    '--help': 'this text',
  },
  others:
    'Other options go to Electron. In a terminal alone: offload-status, offload-test-build, offload-repair.',
  noDisplay:
    'There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so there can be no tray icon. Run offload-status instead.',
}
