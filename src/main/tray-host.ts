// Is there a panel that shows tray icons? Asks the session bus for a StatusNotifierWatcher with a registered host,
// with whichever small D-Bus tool the system has (docs/adr: a library costs memory for the life of the app).
import { execFile } from 'node:child_process'

/** yes, no, or unknown: no session bus or no tool to ask it with. */
export type HostAnswer = 'yes' | 'no' | 'unknown'

export type AskHost = () => Promise<HostAnswer>

const watcher = 'org.kde.StatusNotifierWatcher'
const path = '/StatusNotifierWatcher'
const property = 'IsStatusNotifierHostRegistered'

/** The same question in the words of three tools; NixOS and Debian have the first two, GLib desktops the third. */
const questions: readonly (readonly [string, ...string[]])[] = [
  [
    'dbus-send',
    '--session',
    '--print-reply=literal',
    '--reply-timeout=2000',
    `--dest=${watcher}`,
    path,
    'org.freedesktop.DBus.Properties.Get',
    `string:${watcher}`,
    `string:${property}`,
  ],
  ['busctl', '--user', '--auto-start=no', '--timeout=2', 'get-property', watcher, path, watcher, property],
  [
    'gdbus',
    'call',
    '--session',
    '--timeout=2',
    `--dest=${watcher}`,
    `--object-path=${path}`,
    '--method=org.freedesktop.DBus.Properties.Get',
    watcher,
    property,
  ],
]

/** Asks once; at most about 3 s. A watcher without a host counts as no (kded may own the name alone). */
export async function askTrayHost(env: NodeJS.ProcessEnv = process.env): Promise<HostAnswer> {
  for (const [tool, ...args] of questions) {
    const answer = await ask(tool, args, env)
    if (answer !== 'no such tool') return answer
  }
  return 'unknown'
}

function ask(tool: string, args: string[], env: NodeJS.ProcessEnv): Promise<HostAnswer | 'no such tool'> {
  return new Promise((resolve) => {
    execFile(tool, args, { env: { ...env, LC_ALL: 'C' }, timeout: 3_000 }, (error, stdout) => {
      if (error !== null) resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such tool' : 'no')
      else resolve(/\btrue\b/.test(stdout) ? 'yes' : 'no')
    })
  })
}

export interface HostWatch {
  /** Ends the waiting. */
  stop(): void
}

interface WaitOptions {
  readonly ask: AskHost
  /** A panel is there: called once, and the watch ends. */
  readonly onHost: () => void
  /** The patience at login is over without a panel: called once; the watch goes on. */
  readonly onNone: () => void
  /** How long a login may take to bring its panel, in ms. */
  readonly patienceMs?: number
  /** Between questions while being patient, and after, in ms. */
  readonly quickMs?: number
  readonly slowMs?: number
}

/**
 * Waits for a panel: asks often while the session starts, then now and then. Where nothing can be asked ("unknown")
 * a panel is assumed, because an icon that may not show is better than none.
 */
export function waitForTrayHost(options: WaitOptions): HostWatch {
  const { patienceMs = 15_000, quickMs = 300, slowMs = 5_000 } = options
  const began = Date.now()
  let ended = false
  let saidNone = false
  let timer: NodeJS.Timeout | undefined
  const round = async (): Promise<void> => {
    const answer = await options.ask()
    if (ended) return
    if (answer !== 'no') {
      ended = true
      options.onHost()
      return
    }
    const patient = Date.now() - began < patienceMs
    if (!patient && !saidNone) {
      saidNone = true
      options.onNone()
    }
    timer = setTimeout(() => void round(), patient ? quickMs : slowMs)
  }
  void round()
  return {
    stop: () => {
      ended = true
      clearTimeout(timer)
    },
  }
}
