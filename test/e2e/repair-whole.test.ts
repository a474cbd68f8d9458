// A whole desktop set up in the window, by a real Electron: from a bare Debian, and from a (stand-in) NixOS without the module.
import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pkexecStandIn } from '../integration/pkexec.ts'
import { look } from '../integration/status-cli.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { Profile } from '../lab/state.ts'
import type { RepairDrive, RepairSeen } from './fixture/drive-repair.ts'
import { keepPictures, runDriver, shotsFolder } from './fixture/lab-driver.ts'

let shots: string
beforeAll(() => {
  shots = shotsFolder('whole')
})
afterAll(() => rmSync(shots, { recursive: true, force: true }))

let lab: Lab | undefined
afterEach(async () => {
  await lab?.down()
  lab = undefined
})

async function wholePass(profile: Profile): Promise<{ seen: RepairSeen; lab: Lab }> {
  lab = await openLab({ id: `e2e-${profile}-${process.pid}`, profile })
  const PATH = await pkexecStandIn(lab)
  const { user, password } = lab.state.admin
  const asked: RepairDrive = {
    admin: user,
    way: 'password',
    password,
    shots,
    changesLaptop: true,
    end: 'pair',
  }
  try {
    const run = { driver: 'drive-repair', asked, env: { PATH }, timeoutMs: 200_000 } as const
    return { ...(await runDriver<RepairSeen>(lab, run)), lab }
  } finally {
    keepPictures(shots, `${profile}-`)
  }
}

const steps = (seen: RepairSeen) =>
  'steps' in seen.last ? seen.last.steps.map(({ id, state }) => `${id} ${state}`) : []

describe('the guided window', { timeout: 240_000 }, () => {
  it('makes a builder and a cache of a bare Debian desktop, and this laptop is ready', async () => {
    const { seen, lab } = await wholePass('bare')
    expect(seen.last).toMatchObject({ phase: 'done', paired: true, key: 'accepted', build: 'passed' })
    expect(steps(seen)).toEqual([
      'create-builder-user done',
      'create-ssh-folder done',
      'push-key done',
      'trust-builder done',
      'make-cache-key done',
      'install-cache done',
      'open-firewall done',
    ])
    expect(seen.leaks).toEqual([])
    expect((await look(lab)).overall).toBe('ready')
  })

  it('sets a stand-in NixOS desktop up by its own configuration, and this laptop is ready', async () => {
    const { seen, lab } = await wholePass('nixos')
    expect(seen.last).toMatchObject({ phase: 'done', paired: true, key: 'accepted', build: 'passed' })
    expect(steps(seen)).toEqual([
      'place-module done',
      'import-module done',
      'set-module done',
      'build-system done',
      'switch-system done',
    ])
    expect(seen.leaks).toEqual([])
    expect((await look(lab)).overall).toBe('ready')
  })
})
