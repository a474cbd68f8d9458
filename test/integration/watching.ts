// Runs offload-status --watch on the laptop and waits for what it says.
import { createInterface } from 'node:readline'
import type { Snapshot } from '../../src/shared/status.ts'
import type { Lab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { program } from './status-cli.ts'

/** The shortest heartbeat there is, and what `until` is given for it. */
export const heartbeatMs = 5000
/** What a machine under load may add to a heartbeat and a round; with both it is less than any wait between questions. */
export const slackMs = 15_000

export interface Watching {
  /** Every line so far. */
  readonly seen: readonly { readonly snapshot: Snapshot; readonly at: number }[]
  /** The time in ms until the newest snapshot is as asked. Throws with what was seen when it takes too long. */
  until(isRight: (snapshot: Snapshot) => boolean, deadlineMs: number): Promise<number>
  end(): void
}

/** Sets alice's heartbeat to the shortest. */
export async function beatFast(lab: Lab): Promise<void> {
  await settings(lab, '/lab/home/.config', heartbeatMs / 1000)
}

/** What makes a watch beat but once a day: what it sees then, it was told. */
export async function hardlyBeating(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const folder = '/lab/home/.config-of-one-a-day'
  await settings(lab, folder, 24 * 3600)
  return { XDG_CONFIG_HOME: folder }
}

async function settings(lab: Lab, folder: string, seconds: number): Promise<void> {
  const write = 'mkdir -p "$1/offload-tray" && echo "heartbeatSeconds = $2" >"$1/offload-tray/config.toml"'
  await lab.runAsAlice(['sh', '-c', write, 'sh', folder, String(seconds)])
}

/** Begins to watch; end() it. */
export function watch(lab: Lab, env: Readonly<Record<string, string>> = {}): Watching {
  const seen: { readonly snapshot: Snapshot; readonly at: number }[] = []
  const heard: (() => void)[] = []
  const child = lab.spawnAsAlice([process.execPath, program, '--watch', '--json'], { env })
  if (child.stdout === null) throw new Error('no output to read')
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push({ snapshot: JSON.parse(line) as Snapshot, at: performance.now() })
    for (const tell of heard.splice(0)) tell()
  })
  const until: Watching['until'] = async (isRight, deadlineMs) => {
    const from = performance.now()
    for (;;) {
      const last = seen.at(-1)
      if (last !== undefined && isRight(last.snapshot)) return Math.max(0, last.at - from)
      const left = deadlineMs - (performance.now() - from)
      if (left <= 0)
        throw new Error(`not in ${deadlineMs} ms; seen: ${seen.map((one) => one.snapshot.overall)}`)
      await new Promise<void>((resolve) => {
        heard.push(resolve)
        setTimeout(resolve, left)
      })
    }
  }
  return { seen, until, end: () => killGroup(child) }
}

export const is = (overall: Snapshot['overall']) => (snapshot: Snapshot) => snapshot.overall === overall
