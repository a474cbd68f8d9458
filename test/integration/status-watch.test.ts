// offload-status --watch against a real desktop: what changes is seen in time, by heartbeat or by the kernel's word.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDerivation } from '../lab/builds.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { assertBuilt } from './status-cli.ts'
import { beatFast, hardlyBeating, heartbeatMs, is, slackMs, type Watching, watch } from './watching.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let lab: Lab
let watching: Watching

beforeAll(async () => {
  assertBuilt()
  lab = await openLab()
  await beatFast(lab)
})
afterAll(() => lab?.down())

beforeEach(async () => {
  await lab.forgive()
  watching = watch(lab)
  await watching.until(is('ready'), 30_000)
})
afterEach(async () => {
  watching.end()
  await lab.mend()
})

describe('a watch', () => {
  it.each([
    ['sshd-stopped', 'local'],
    ['cache-stopped', 'degraded'],
    ['cache-narinfo-500', 'degraded'],
    ['silent', 'local'],
  ] as const)('sees %s, and its end, within one heartbeat', async (fault, overall) => {
    const probeMs = fault === 'silent' ? 4500 : 500
    await lab.break(fault)
    await watching.until(is(overall), heartbeatMs + probeMs + slackMs)
    await lab.mend()
    await lab.forgive()
    await watching.until(is('ready'), heartbeatMs + probeMs + slackMs)
  })

  it.each([
    ['machines-broken', 'blocked'],
    ['builder-key-exposed', 'local'],
    ['machines-missing', 'unconfigured'],
  ] as const)('sees %s in /etc/nix at once, without waiting for a heartbeat', async (fault, overall) => {
    watching.end()
    watching = watch(lab, await hardlyBeating(lab))
    await watching.until(is('ready'), 30_000)
    await lab.break(fault)
    await watching.until(is(overall), 30_000)
    await lab.mend()
    await watching.until(is('ready'), 30_000)
  })

  it('sees builds of others start and end on the desktop', async () => {
    const held = freshDerivation().replace(
      'read b',
      'until [ -e /tmp/lab-go ]; do /bin/sleep 0.05; done; read b',
    )
    const build = lab.spawnAsRoot(['nix-build', '--no-out-link', '--max-jobs', '0', '-E', held])
    const over = new Promise((resolve) => build.on('close', resolve))
    await new Promise<void>((resolve, reject) => {
      let said = ''
      build.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (/^building .* on 'ssh-ng:/m.test(said)) resolve()
      })
      build.on('close', () => reject(new Error(`it was not built there: ${said}`)))
    })
    await watching.until(is('building'), slackMs)
    expect(watching.seen.at(-1)?.snapshot.builders[0]?.slots.busy).toBe(1)
    await lab.onDesktop(['touch', '/tmp/lab-go'])
    expect(await over).toBe(0)
    await watching.until(is('ready'), slackMs)
  })

  it('prints a line only when something changed', async () => {
    // The first look may tell in several lines.
    for (let lines = 0; lines !== watching.seen.length; ) {
      lines = watching.seen.length
      await pause(heartbeatMs / 2)
    }
    const before = watching.seen.length
    await pause(2 * heartbeatMs + 1000)
    expect(watching.seen.length).toBe(before)
  })
})
