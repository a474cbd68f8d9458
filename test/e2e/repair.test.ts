// The guided repair in a real Electron against a real desktop: from the failed check to a passed test build.
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import type { RepairDrive, RepairSeen } from './fixture/drive-repair.ts'
import { keepPictures, runDriver, shotsFolder } from './fixture/lab-driver.ts'

const neighbour = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 another@laptop # no final newline'

let lab: Lab
let shots: string
beforeAll(async () => {
  lab = await openLab({ id: `e2e-repair-${process.pid}` })
  shots = shotsFolder('repair')
})
afterAll(async () => {
  await lab?.down()
  keepPictures(shots)
  rmSync(shots, { recursive: true, force: true })
})
beforeEach(async () => {
  await lab.mend()
  await lab.forgive()
})

async function drive(more: Partial<RepairDrive> & Pick<RepairDrive, 'end'>): Promise<RepairSeen> {
  const { user, password } = lab.state.admin
  const asked: RepairDrive = { admin: user, way: 'password', password, shots, ...more }
  const { seen } = await runDriver<RepairSeen>(lab, { driver: 'drive-repair', asked, timeoutMs: 200_000 })
  return seen
}

/** The builder's keys on the desktop; `add` is written to the end first. */
async function keysThere(add = ''): Promise<string> {
  const file = '~nix-builder/.ssh/authorized_keys'
  const ran = await lab.onDesktop(['sh', '-c', `printf %s "$1" >> ${file} && cat ${file}`, 'sh', add])
  expect(ran.code, ran.stderr).toBe(0)
  return ran.stdout
}

/** A key pair whose public half lets `user` in; the private half is readable for alice. */
async function admitKey(user: string, passphrase: string): Promise<string> {
  const key = join(shots, `key-${user}-${passphrase.length}`)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', key])
  chmodSync(key, 0o644)
  const script = `mkdir -p ~${user}/.ssh && cat >> ~${user}/.ssh/authorized_keys && chown -R ${user}: ~${user}/.ssh && chmod -R go= ~${user}/.ssh`
  const ran = await lab.onDesktop(['sh', '-c', script], { input: readFileSync(`${key}.pub`) })
  expect(ran.code, ran.stderr).toBe(0)
  return key
}

const paired = { phase: 'done', paired: true, key: 'accepted', build: 'passed' }

describe('a desktop that refuses the builder key', { timeout: 240_000 }, () => {
  it('is paired with a password and a sudo password, from the failed check to the passed test build', async () => {
    await lab.break('key-refused')
    const seen = await drive({ wrongPassword: 'wr0ng-p4ssphrase-4-test', end: 'pair' })
    expect(seen.last).toMatchObject({ phase: 'done', paired: true, key: 'accepted', build: 'passed' })
    expect(seen.heading).toBe('Paired')
    expect(await keysThere()).toMatch(/^restrict ssh-ed25519 /m)
    expect(seen.leaks).toEqual([])
  })

  it('is given back as it was by the undo', async () => {
    await lab.break('key-refused')
    const before = await keysThere(neighbour)
    const seen = await drive({ end: 'pair-and-undo' })
    expect(seen.last).toMatchObject({ phase: 'done', undo: { done: 'remove-key' } })
    expect(await keysThere()).toBe(before)
  })

  it('is left alone when the window is closed at the plan, and a notification says so', async () => {
    await lab.break('key-refused')
    const before = await keysThere(neighbour)
    const seen = await drive({ end: 'close-window' })
    expect(seen.last.phase).toBe('review')
    expect(seen.notifications).toContainEqual({
      summary: 'Repair of desktop stopped',
      body: 'Nothing was changed there.',
    })
    expect(await keysThere()).toBe(before)
    expect(seen.leaks).toEqual([])
  })
})

describe('a desktop that nobody has trusted yet', { timeout: 240_000 }, () => {
  async function untrusted(): Promise<string> {
    await lab.break('host-key-unknown')
    await lab.break('key-refused')
    const told = await lab.onDesktop(['ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub'])
    const fingerprint = told.stdout.split(' ')[1] ?? ''
    expect(fingerprint).toMatch(/^SHA256:/)
    return fingerprint
  }

  it('shows the fingerprint that its own ssh-keygen tells, and is paired after the yes', async () => {
    const trusts = await untrusted()
    // Nix's ssh runs as root, who knows the desktop.
    const scan = 'ssh-keyscan -t ed25519 desktop >> /root/.ssh/known_hosts'
    expect((await lab.runAsRoot(['sh', '-c', scan])).code).toBe(0)
    const seen = await drive({ trusts, end: 'pair' })
    expect(seen.last).toMatchObject(paired)
    expect(seen.phases).toContain('trust')
  })

  it('is not called paired while the ssh of Nix does not trust it', async () => {
    const seen = await drive({ trusts: await untrusted(), end: 'pair' })
    expect(seen.last).toMatchObject({ phase: 'done', paired: false, key: 'accepted', build: 'failed' })
    expect(seen.heading).toBe('Not paired yet')
  })
})

describe('the ways to sign in', { timeout: 240_000 }, () => {
  it('an agent, and sudo with a password: from no .ssh at all', async () => {
    await lab.break('no-authorized-keys')
    const key = await admitKey(lab.state.admin.user, '')
    const seen = await drive({ way: 'agent', key, end: 'pair' })
    expect(seen.last).toMatchObject(paired)
    expect(seen.phases).toContain('survey')
    expect(seen.leaks).toEqual([])
  })

  it('a key file with its passphrase: authorized_keys that everybody may write', async () => {
    await lab.break('authorized-keys-exposed')
    const passphrase = 'a-phrase-for-this-test-0nly'
    const key = await admitKey(lab.state.admin.user, passphrase)
    const seen = await drive({ way: 'key-file', key, passphrase, end: 'pair' })
    expect(seen.last).toMatchObject(paired)
    expect(seen.leaks).toEqual([])
  })

  it('root, who needs no sudo', async () => {
    await lab.break('key-refused')
    const key = await admitKey('root', '')
    const seen = await drive({ admin: 'root', way: 'agent', key, end: 'pair' })
    expect(seen.last).toMatchObject(paired)
  })

  it('the desktop’s own questions', async () => {
    await lab.break('key-refused')
    await questions('yes')
    const seen = await drive({ way: 'questions', end: 'pair' })
    await questions('no')
    expect(seen.last).toMatchObject(paired)
    expect(seen.leaks).toEqual([])
  })
})

async function questions(answer: 'yes' | 'no'): Promise<void> {
  const file = '/etc/ssh/sshd_config.d/00-questions.conf'
  const line = `KbdInteractiveAuthentication ${answer}`
  const script = `echo ${line} > ${file} && (systemctl reload ssh || systemctl reload sshd)`
  const ran = await lab.onDesktop(['sh', '-c', script])
  expect(ran.code, ran.stderr).toBe(0)
}
