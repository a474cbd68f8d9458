// The program for root's shell, run by a real sh on real files: all or none, and back to the same bytes.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rootWay } from '../../../../src/core/laptop/root-way.ts'
import { applyToLaptop, undoOnLaptop } from '../../../../src/core/laptop-side/apply.ts'
import type { LaptopPlanned, Placement } from '../../../../src/core/laptop-side/plan.ts'
import { applyProgram } from '../../../../src/core/laptop-side/program.ts'
import { canRun } from '../../../needs.ts'
import { keyBlob } from '../desktop/keys.ts'

let folder: string
let env: NodeJS.ProcessEnv
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-tray-laptop-'))
  standIn('systemctl', 'echo "$@" >>"$STANDIN_LOG"')
  // Where the tests do not run as root, pkexec is played; chown to root then fails, so its part is played, too.
  standIn('pkexec', 'exec "$@"')
  if (process.getuid?.() !== 0) standIn('chown', ':')
  env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, STANDIN_LOG: join(folder, 'log') }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function standIn(name: string, body: string) {
  spawnSync('mkdir', ['-p', join(folder, 'bin')])
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

const at = (name: string) => join(folder, name)
const bytes = (name: string) => readFileSync(at(name)).toString('latin1')
const placement = (name: string, before: string | null, after: string): Placement => {
  if (before !== null) writeFileSync(at(name), Buffer.from(before, 'latin1'))
  return { path: at(name), before, after }
}
const plan = (
  ...placements: readonly Placement[]
): Pick<LaptopPlanned, 'placements' | 'makeKey' | 'restart' | 'rootHost'> => ({
  rootHost: null,
  placements,
  makeKey: null,
  restart: true,
})
const never = new AbortController().signal
/** What is there beside the stand-ins. */
const left = () =>
  readdirSync(folder)
    .filter((name) => name !== 'bin' && name !== 'log')
    .sort()

describe('a change of this laptop', () => {
  it('writes old and new files byte for byte, restarts the daemon, and keeps a copy of each old one', async () => {
    const odd = 'a\r\n\u0000b\u00ff\'"$(x)\\ \n no newline'
    const done = await applyToLaptop(
      plan(placement('nix.conf', odd, `${odd}\nmore\n`), placement('new.conf', null, odd)),
      env,
      never,
    )
    expect(done).toMatchObject({ ok: true, value: { restartNeeded: false } })
    expect(bytes('nix.conf')).toBe(`${odd}\nmore\n`)
    expect(bytes('new.conf')).toBe(odd)
    expect(statSync(at('new.conf')).mode & 0o777).toBe(0o644)
    const [old, made] = done.ok ? done.value.placed : []
    expect(made?.backup).toBeNull()
    expect(readFileSync(old?.backup ?? '').toString('latin1')).toBe(odd)
    expect(bytes('log')).toBe('restart nix-daemon.service\n')
  })

  it('is taken back to the same bytes, mode and emptiness', async () => {
    const odd = 'x\u00e9 \n\r\n'
    const planned = plan(placement('a', odd, 'y\n'), placement('b', null, 'new\n'))
    chmodSync(at('a'), 0o640)
    const done = await applyToLaptop(planned, env, never)
    if (!done.ok) throw new Error(JSON.stringify(done.problem))
    expect(await undoOnLaptop(done.value, env, never)).toEqual({ ok: true, value: undefined })
    expect(bytes('a')).toBe(odd)
    expect(statSync(at('a')).mode & 0o777).toBe(0o640)
    expect(left()).toEqual(['a'])
  })

  it('does not take back what somebody changed since', async () => {
    const done = await applyToLaptop(plan(placement('a', 'old\n', 'new\n')), env, never)
    if (!done.ok) throw new Error(JSON.stringify(done.problem))
    writeFileSync(at('a'), 'mine\n')
    const undone = await undoOnLaptop(done.value, env, never)
    expect(undone).toMatchObject({ ok: false, problem: { cause: 'laptop.change-failed' } })
    expect(bytes('a')).toBe('mine\n')
  })

  it('changes nothing where one file is no longer what was shown', async () => {
    const planned = plan(placement('a', 'old\n', 'new\n'), placement('b', 'old\n', 'new\n'))
    writeFileSync(at('b'), 'meanwhile\n')
    const done = await applyToLaptop(planned, env, never)
    expect(done).toMatchObject({
      ok: false,
      problem: {
        cause: 'laptop.change-failed',
        params: { what: expect.stringContaining('changed meanwhile') },
      },
    })
    expect([bytes('a'), bytes('b')]).toEqual(['old\n', 'meanwhile\n'])
    expect(left()).toEqual(['a', 'b'])
    expect(existsSync(at('log'))).toBe(false)
  })

  it('never writes over a file that came up meanwhile', async () => {
    const planned = plan({ path: at('a'), before: null, after: 'ours\n' })
    writeFileSync(at('a'), 'theirs\n')
    expect((await applyToLaptop(planned, env, never)).ok).toBe(false)
    expect(bytes('a')).toBe('theirs\n')
  })

  it('says so where the daemon cannot be restarted', async () => {
    standIn('systemctl', 'exit 1')
    standIn('rc-service', 'exit 1')
    standIn('sv', 'exit 1')
    const done = await applyToLaptop(plan(placement('a', 'old\n', 'new\n')), env, never)
    expect(done).toMatchObject({ ok: true, value: { restartNeeded: true } })
  })

  it.runIf(canRun('ssh-keygen'))(
    'makes the builder key where there is none, and never over another',
    async () => {
      const key = at('builder_key')
      const planned = { ...plan(), makeKey: key, restart: false }
      expect((await applyToLaptop(planned, env, never)).ok).toBe(true)
      const made = bytes('builder_key')
      expect(made).toContain('OPENSSH PRIVATE KEY')
      expect(bytes('builder_key.pub')).toMatch(/^ssh-ed25519 \S+ builder\n$/)
      expect(statSync(key).mode & 0o777).toBe(0o600)
      expect((await applyToLaptop(planned, env, never)).ok).toBe(true)
      expect(bytes('builder_key')).toBe(made)
      expect(left()).toEqual(['builder_key', 'builder_key.pub'])
    },
  )
})

describe('the way to root', () => {
  it.runIf(process.getuid?.() !== 0)('is pkexec, asked with the program on its stdin', async () => {
    expect(await rootWay(env)).toBe('pkexec')
    expect(await rootWay({ PATH: '' })).toBe('none')
    standIn('pkexec', 'exit 126')
    const refused = await applyToLaptop(plan(placement('a', 'x', 'y')), env, never)
    expect(refused).toMatchObject({ ok: false, problem: { cause: 'laptop.pkexec-refused' } })
  })

  it('carries nothing but the program: the shell reads it to its end before it begins', () => {
    const cut = applyProgram('t', plan(placement('a', 'x', 'y'))).slice(0, -20)
    const ran = spawnSync('sh', ['-s'], { input: cut, env })
    expect(ran.stdout.toString()).toBe('')
    expect(bytes('a')).toBe('x')
  })
})

describe('root’s own known_hosts', () => {
  const key = (name: string) => `ssh-ed25519 ${keyBlob(name).toString('base64')}`
  const never = new AbortController().signal
  const name = 'desktop'
  const file = () => at('root/.ssh/known_hosts')
  const renew = () =>
    applyToLaptop({ ...plan(), restart: false, rootHost: { name, key: key('new') } }, env, never)
  beforeEach(() => {
    // The home of root is where getent says.
    standIn('getent', `echo "root:x:0:0:root:${folder}/root:/bin/sh"`)
    mkdirSync(at('root/.ssh'), { recursive: true })
  })
  const write = (text: string) => writeFileSync(file(), text, { mode: 0o600 })
  const hashed = (host: string, of: string) => {
    const lines = at('hashed')
    writeFileSync(lines, `${host} ${key(of)}\n`)
    spawnSync('ssh-keygen', ['-q', '-H', '-f', lines])
    const text = readFileSync(lines, 'utf8')
    rmSync(lines)
    rmSync(`${lines}.old`, { force: true })
    return text
  }

  it('gets the new key in place of the old ones, hashed or not; every other line stays, and so does the mode', async () => {
    const kept = [
      `# a remark`,
      `@revoked desktop ${key('bad')}`,
      `* ${key('any')}`,
      `attic ${key('old')} it's "x"`,
    ]
    const text = [
      `desktop,10.0.0.2\t${key('old')}`,
      ...kept,
      hashed('desktop', 'older').trim(),
      hashed('attic', 'b'),
    ]
    write(text.join('\n'))
    const done = await renew()
    const now = [`10.0.0.2\t${key('old')}`, ...kept, text[6], `desktop ${key('new')}\n`]
    expect(readFileSync(file(), 'utf8')).toBe(now.join('\n').replace('\n\n', '\n'))
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    const [placed] = done.ok ? done.value.placed : []
    expect(placed).toMatchObject({ path: file(), backup: expect.stringContaining('.offload-backup-') })
    expect(
      (await undoOnLaptop({ placed: placed === undefined ? [] : [placed], restart: false }, env, never)).ok,
    ).toBe(true)
    expect(readFileSync(file(), 'utf8')).toBe(text.join('\n'))
    expect(readdirSync(at('root/.ssh'))).toEqual(['known_hosts'])
  })

  it.each([
    ['does not know the desktop', () => `attic ${key('old')}\n`],
    ['knows the new key already', () => `desktop ${key('new')}\n`],
    ['knows it by a wildcard alone', () => `desk* ${key('old')}\n`],
    ['knows it hashed already', () => hashed('desktop', 'new')],
    ['is empty', () => ''],
  ])('is left alone where it %s', async (_, text) => {
    const before = text()
    write(before)
    const done = await renew()
    expect(done).toMatchObject({ ok: true, value: { placed: [] } })
    expect(readFileSync(file(), 'utf8')).toBe(before)
    expect(readdirSync(at('root/.ssh'))).toEqual(['known_hosts'])
  })

  it('is not made where there is none', async () => {
    expect(await renew()).toMatchObject({ ok: true, value: { placed: [] } })
    expect(readdirSync(at('root/.ssh'))).toEqual([])
  })
})
