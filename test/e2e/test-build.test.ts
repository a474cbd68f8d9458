// A test build from the menu, in a real Electron on the lab's laptop, built on the lab's desktop by its real Nix.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stageIds } from '../../src/shared/test-build.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { BuildDrive, BuildSeen } from './fixture/drive-test-build.ts'
import { keepPictures, runDriver, shotsFolder } from './fixture/lab-driver.ts'

let lab: Lab
let shots: string
beforeAll(async () => {
  lab = await openLab({ id: `e2e-test-build-${process.pid}` })
  shots = shotsFolder('test-build')
})
afterAll(async () => {
  await lab?.down()
  keepPictures(shots)
  rmSync(shots, { recursive: true, force: true })
})
beforeEach(async () => {
  await lab.mend()
  // Each app that starts shows the key and hangs up, which sshd counts against the laptop: three within seconds are many.
  await lab.forgive()
})

/** Keeps every upload to the desktop waiting, as another person's long one would, until a file is there. */
function holdUploads(mark: string) {
  const lock = '/nix/var/nix/current-load/ssh-ng:__nix-builder@desktop.upload-lock'
  const wait = `until [ -e ${mark} ]; do sleep 0.05; done`
  return lab.runAsRoot(['flock', lock, 'timeout', '180', 'sh', '-c', wait], { timeoutMs: 200_000 })
}

async function drive(how: Pick<BuildDrive, 'name' | 'window' | 'locale'>): Promise<BuildSeen> {
  const asked: BuildDrive = { ...how, shots, mark: join(shots, `${how.name}.mark`) }
  const held = holdUploads(asked.mark)
  const { seen } = await runDriver<BuildSeen>(lab, { driver: 'drive-test-build', asked, timeoutMs: 200_000 })
  expect((await held).code, 'uploads were held until the driver was ready').toBe(0)
  return seen
}

/** What holds after a passed build, whoever watched it. */
function expectBuiltOnce(seen: BuildSeen, words: { title: string; verdict: RegExp }): void {
  const bootId = lab.state.desktops[0]?.bootId ?? 'none'
  expect(seen.verdict).toMatch(words.verdict)
  expect(seen.proof).toContain(bootId)
  expect(seen.notifications).toEqual([{ summary: words.title, body: expect.stringMatching(words.verdict) }])
  expect(seen.runs).toHaveLength(1)
  expect(seen.runs[0]?.result).toMatchObject({ ok: true, remote: { bootId } })
  expect(seen.historyRows).toBe(1)
  const [builder] = seen.status.builders
  expect(builder?.checks.find((check) => check.id === 'remote-nix')).toMatchObject({ state: 'pass' })
  expect(seen.log).not.toMatch(/error/i)
}

describe('a test build asked for in the menu', { timeout: 240_000 }, () => {
  it('runs on the desktop, is followed live in the window, and is proof for offload-status', async () => {
    const seen = await drive({ name: 'passed', window: 'stays', locale: 'en' })
    expectBuiltOnce(seen, { title: 'Test build', verdict: /^Built on desktop in \d+\.\d\u00a0s$/ })
    expect(seen.stages.filter((line) => line.endsWith(' done'))).toEqual(stageIds.map((id) => `${id} done`))
    expect(seen.reproduce).toContain('nix-build --max-jobs 0')
  })

  it('goes on when its window is closed, and its notification opens the verdict; all in Portuguese', async () => {
    const seen = await drive({ name: 'closed', window: 'closed-meanwhile', locale: 'pt-BR' })
    expect(seen.phaseAtClose).toBe('running')
    expectBuiltOnce(seen, {
      title: 'Build de teste',
      verdict: /^Construído em desktop em \d+,\d\u00a0s$/,
    })
  })

  it('tells why it was not built there, and leads to the repair', async () => {
    await lab.break('not-trusted')
    const seen = await drive({ name: 'failed', window: 'stays', locale: 'en' })
    expect(seen.verdict).toBe('Not built on desktop: Nix on desktop does not trust nix-builder')
    expect(seen.stages.at(-1)).toBe('upload failed')
    expect(seen.runs.map(({ result }) => result.ok)).toEqual([false])
    expect(seen.ledTo).toBe('Sign in to desktop')
  })
})
