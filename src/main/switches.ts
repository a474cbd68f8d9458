// Chromium's switches that make an idle tray small. Measured against a bare Electron tray: docs/adr/011.
import type { CommandLine } from 'electron'

const switches: readonly (readonly [string, string?])[] = [
  // The network service only serves our own pages: as a process of its own it costs 11 MB.
  ['enable-features', 'NetworkServiceInProcess2'],
  // One plain window gains nothing from a GPU; its driver and the software GL in its place cost 10 MB and more.
  ['disable-gpu'],
  ['disable-software-rasterizer'],
]

/** Must run before the app is ready. A value that was given on the command line is kept beside ours. */
export function applySwitches(commandLine: CommandLine): void {
  for (const [name, value] of switches) {
    const given = commandLine.getSwitchValue(name)
    const joined = [given, value].filter((one) => one !== undefined && one !== '').join(',')
    commandLine.appendSwitch(name, ...(joined === '' ? [] : [joined]))
  }
}
