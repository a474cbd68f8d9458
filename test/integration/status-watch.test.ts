// offload-status --watch against a real desktop: what changes is seen in time, by heartbeat or by the kernel's word.
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/shared/status.ts'
import { freshDerivation } from '../lab/builds.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { assertBuilt, program } from './status-cli.ts'

const heartbeatMs = 5000
/** What a machine under load may add to a heartbeat and a round. */
const slackMs = 3000

let lab: Lab
let child: ChildProcess
let seen: { readonly snapshot: Snapshot; readonly at: number }[]
let heard: (() => void)[] = []

beforeAll(async () => {
  assertBuilt()
  lab = await openLab()
  const settings =
    'mkdir -p ~/.config/offload-tray && echo heartbeatSeconds = 5 > ~/.config/offload-tray/config.toml'
  await lab.runAsAlice(['sh', '-c', settings])
})
afterAll(() => lab?.down())

beforeEach(async () => {
  await lab.forgive()
  seen = []
  child = lab.spawnAsAlice([process.execPath, program, '--watch', '--json'])
  if (child.stdout === null) throw new Error('no output to read')
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push({ snapshot: JSON.parse(line) as Snapshot, at: performance.now() })
    for (const tell of heard.splice(0)) tell()
  })
  await until((snapshot) => snapshot.overall === 'ready', 8000)
})
afterEach(async () => {
  killGroup(child)
  heard = []
  await lab.mend()
})

/** The time in ms until the newest snapshot is as asked. Throws with what was seen when it takes too long. */
async function until(isRight: (snapshot: Snapshot) => boolean, deadlineMs: number): Promise<number> {
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
const is = (overall: Snapshot['overall']) => (snapshot: Snapshot) => snapshot.overall === overall

describe('a watch', () => {
  it.each([
    ['sshd-stopped', 'local'],
    ['cache-stopped', 'degraded'],
    ['cache-narinfo-500', 'degraded'],
    ['silent', 'local'],
  ] as const)('sees %s, and its end, within one heartbeat', async (fault, overall) => {
    const probeMs = fault === 'silent' ? 4500 : 500
    await lab.break(fault)
    await until(is(overall), heartbeatMs + probeMs + slackMs)
    await lab.mend()
    await lab.forgive()
    await until(is('ready'), heartbeatMs + probeMs + slackMs)
  })

  it.each([
    ['machines-broken', 'blocked'],
    ['builder-key-exposed', 'local'],
    ['machines-missing', 'unconfigured'],
  ] as const)('sees %s in /etc/nix at once, without waiting for a heartbeat', async (fault, overall) => {
    await lab.break(fault)
    expect(await until(is(overall), heartbeatMs)).toBeLessThan(3000)
    await lab.mend()
    await until(is('ready'), heartbeatMs + slackMs)
  })

  it('sees builds of others start and end on the desktop', async () => {
    const slow = freshDerivation().replace(
      'read b',
      'i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done; read b',
    )
    const build = lab.runAsRoot(['nix-build', '--no-out-link', '--max-jobs', '0', '-E', slow], {
      timeoutMs: 60_000,
    })
    const noticed = await until(is('building'), heartbeatMs)
    expect(noticed).toBeLessThan(3000)
    expect(seen.at(-1)?.snapshot.builders[0]?.slots.busy).toBe(1)
    expect((await build).code).toBe(0)
    await until(is('ready'), heartbeatMs)
  })

  it('prints a line only when something changed', async () => {
    const before = seen.length
    await new Promise((resolve) => setTimeout(resolve, 2 * heartbeatMs + 1000))
    expect(seen.length).toBe(before)
  })
})
