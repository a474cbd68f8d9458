// The tray follows the lab: real faults of a real desktop and laptop, seen in the icon that a real panel shows.
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import type { TraySight } from './fixture/drive-tray.ts'
import { patienceMs, until } from './fixture/processes.ts'
import { readableElectron } from './fixture/readable-electron.ts'

const root = join(import.meta.dirname, '../..')

let lab: Lab
let driver: ChildProcess
let complaints = ''
const sights: TraySight[] = []
beforeAll(async () => {
  lab = await openLab({ id: `e2e-faults-${process.pid}` })
  driver = lab.spawnAsAlice(
    [process.execPath, '--import', 'tsx', join(root, 'test/e2e/fixture/drive-tray.ts')],
    { cwd: root, env: { ELECTRON_OVERRIDE_DIST_PATH: await readableElectron() } },
  )
  driver.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  if (driver.stdout === null) throw new Error('the driver has no output')
  createInterface({ input: driver.stdout }).on('line', (line) => {
    sights.push(JSON.parse(line) as TraySight)
  })
})
afterAll(async () => {
  driver?.stdin?.end()
  await until(() => driver.exitCode !== null, patienceMs, 'the driver has ended').catch(() =>
    killGroup(driver),
  )
  await lab?.down()
})

/**
 * Waits until the tray is seen so: one heartbeat of 5 s and a round's deadlines, or, for what only the SSH proof sees
 * (another host key), its 30 s. All are the shortest that the settings allow; a slow machine takes longer.
 */
function shown(what: string, holds: (sight: TraySight) => boolean): Promise<TraySight> {
  const now = () => sights.at(-1)
  const held = () => {
    const sight = now()
    return sight !== undefined && holds(sight) ? sight : null
  }
  return until(held, 120_000, `the tray ${what}`).catch((error: Error) => {
    throw new Error(`${error.message}; it says: ${now()?.says}\n${complaints.slice(-2000)}`)
  }) as Promise<TraySight>
}

describe('the tray, while the lab is broken and mended', () => {
  it.each([
    ['sshd-stopped', 'Builds run on this laptop: '],
    ['desktop-off', 'Builds run on this laptop: '],
    ['cache-stopped', 'Builds run on desktop, but: '],
    ['cache-narinfo-500', 'Builds run on desktop, but: '],
    ['machines-missing', 'No builder is set up yet'],
    ['machines-broken', 'Builds will fail: '],
    ['host-key-changed', 'Builds run on this laptop: '],
  ])(
    '%s: says “%s” with another icon, and is ready again when that is mended',
    { timeout: 300_000 },
    async (fault, headline) => {
      const ready = await shown('is ready', ({ says }) => says === 'Builds run on desktop')
      await lab.break(fault)
      // Icon and words are two questions to the bus: between them one of both may be old.
      const isBroken = ({ says, icon }: TraySight) => says.startsWith(headline) && icon !== ready.icon
      await shown(`says “${headline}” with another icon`, isBroken)
      await lab.mend(fault)
      await shown('is ready again', ({ says, icon }) => says === ready.says && icon === ready.icon)
    },
  )
})
