// offload-repair against a real desktop: each way a key can be kept out is named, mended, proven by a build, and stays mended.
import type { ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CauseCode } from '../../src/shared/causes.ts'
import type { StepId } from '../../src/shared/repair.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { bytesOn, keysPath, program, repair, withPassword } from './repair-cli.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab({ id: `repair-${process.pid}` })
})
afterAll(() => lab?.down())
afterEach(async () => {
  await lab.mend()
  // What a repair itself changed in the builder's home is no fault's to bring back.
  await lab.break('ssh-folder-exposed')
  await lab.mend()
})

type Step = `${StepId} ${CauseCode}`
const push: Step = 'push-key desktop.authorized-keys-missing'
const modes: Step = 'mend-permissions desktop.authorized-keys-permissions'

const mended: readonly (readonly [fault: string, ...steps: Step[]])[] = [
  ['no-authorized-keys', 'create-ssh-folder desktop.authorized-keys-missing', push],
  ['key-refused', push],
  ['ssh-folder-exposed', modes],
  ['authorized-keys-exposed', modes],
  ['authorized-keys-of-root', modes],
  ['home-group-writable', 'mend-home desktop.authorized-keys-permissions'],
  ['keys-without-newline', push],
  ['keys-crlf', push],
  ['key-commented-out', push],
  ['key-from-elsewhere', 'push-key desktop.key-restricted'],
  ['key-in-other-file', 'push-key desktop.authorized-keys-ignored'],
  ['keys-linked', push],
  ['nologin-shell', 'set-builder-shell desktop.builder-shell'],
  ['builder-locked', 'unlock-builder desktop.builder-locked'],
  [
    'builder-missing',
    'create-builder-user desktop.builder-user-missing',
    'create-ssh-folder desktop.authorized-keys-missing',
    push,
  ],
]

describe('a repair of one fault', () => {
  it.each(mended)(
    '%s: planned, done, proven by a build, and the second time nothing is left to do',
    async (fault, ...steps) => {
      await lab.break(fault)
      const first = await repair(lab, 'apply', withPassword(lab, ['--yes']))
      expect(first, first.said).toMatchObject({ code: 0, ok: true, planned: steps, unmended: [] })
      expect(first.steps.filter((step) => !/ (done|unchanged)$/.test(step))).toEqual([])
      const second = await repair(lab, 'plan', withPassword(lab))
      expect(second, second.said).toMatchObject({ code: 0, planned: [], unmended: [] })
    },
  )

  it('on a read-only file system changes nothing and says why', async () => {
    await lab.break('keys-read-only')
    const before = await bytesOn(lab, keysPath)
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes']))
    expect(ran).toMatchObject({
      code: 1,
      ok: false,
      planned: [],
      unmended: ['desktop.read-only'],
      cause: 'desktop.read-only',
    })
    expect(await bytesOn(lab, keysPath)).toBe(before)
  })

  it('on a full disk leaves the old file whole and nothing half-made', async () => {
    await lab.break('keys-disk-full')
    const before = await bytesOn(lab, keysPath)
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes']))
    expect(ran).toMatchObject({ code: 1, ok: false, cause: 'desktop.disk-full', steps: ['push-key failed'] })
    expect(await bytesOn(lab, keysPath)).toBe(before)
    const left = await lab.onDesktop(['ls', '/var/lib/nix-builder/.ssh'])
    expect(left.stdout.split('\n').filter((name) => name !== '')).toEqual(['authorized_keys', 'filled'])
  })

  it('mends several at once, in one pass', async () => {
    for (const fault of ['no-authorized-keys', 'nologin-shell']) await lab.break(fault)
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes']))
    expect(ran, ran.said).toMatchObject({ code: 0, ok: true })
    expect(ran.planned).toHaveLength(3)
  })
})

describe('a healthy desktop', () => {
  it('is left as it is, to the byte', async () => {
    const hashes = () =>
      lab.onDesktop([
        'sh',
        '-c',
        'find /etc /var/lib/nix-builder -xdev -type f -exec sha256sum {} + | sort -k2; ls -laR /var/lib/nix-builder',
      ])
    const before = await hashes()
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes']))
    expect(ran, ran.said).toMatchObject({ code: 0, ok: true, planned: [], steps: [] })
    expect((await hashes()).stdout).toBe(before.stdout)
  })

  it('tells who may write to a private group apart from a fault, as its sshd does', async () => {
    await lab.onDesktop(['chmod', '770', '/var/lib/nix-builder'])
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes', '--no-test-build']))
    expect(ran, ran.said).toMatchObject({ code: 0, ok: true, planned: [] })
  })
})

/** Attributes as any kernel keeps them: the label of a file is one, and is kept as one where no SELinux runs. */
const attributes = {
  put: `import os, sys
os.setxattr(sys.argv[1], 'security.selinux', b'system_u:object_r:ssh_home_t:s0\\0')
os.setxattr(sys.argv[1], 'trusted.lab', b'mine')`,
  list: `import os, sys
print({name: os.getxattr(sys.argv[1], name) for name in sorted(os.listxattr(sys.argv[1])) if 'overlay' not in name})`,
}

describe('taking it back', () => {
  it('removes our line and gives the bytes of before; push and removal keep security.selinux (no SELinux kernel)', async () => {
    await lab.break('keys-crlf')
    const before = await bytesOn(lab, keysPath)
    const label = async (what: keyof typeof attributes) =>
      (await lab.onDesktop(['python3', '-c', attributes[what], keysPath])).stdout
    await label('put')
    const labelled = await label('list')
    expect(labelled).toContain('ssh_home_t')
    expect(labelled).toContain('mine')
    expect(await repair(lab, 'apply', withPassword(lab, ['--yes', '--no-test-build']))).toMatchObject({
      ok: true,
    })
    expect(await bytesOn(lab, keysPath)).not.toBe(before)
    expect(await label('list')).toBe(labelled)
    const gone = await repair(lab, 'remove', withPassword(lab, ['--yes']))
    expect(gone, gone.said).toMatchObject({ code: 0, ok: true })
    expect(await bytesOn(lab, keysPath)).toBe(before)
    expect(await label('list')).toBe(labelled)
  })
})

describe('an admin without sudo', () => {
  it('is root by doas that asks for nothing', async () => {
    for (const fault of ['doas-nopass', 'no-authorized-keys']) await lab.break(fault)
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes', '--no-test-build']))
    expect(ran, ran.said).toMatchObject({ code: 0, ok: true })
    expect(ran.steps).toEqual(['create-ssh-folder done', 'push-key done'])
  })

  it.each([
    ['doas-asks', 'desktop.doas-needs-terminal'],
    ['doas-denies', 'desktop.sudo-denied'],
  ] as const)('is told why: %s, in the plan as well', async (fault, cause) => {
    for (const one of [fault, 'key-refused']) await lab.break(one)
    const planned = await repair(lab, 'plan', withPassword(lab))
    expect(JSON.parse(planned.said)).toMatchObject({ partial: true, problem: { cause } })
    const before = await bytesOn(lab, keysPath)
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes', '--no-test-build']))
    expect(ran, ran.said).toMatchObject({ code: 1, ok: false, cause, steps: [] })
    expect(await bytesOn(lab, keysPath)).toBe(before)
  })
})

describe('what a person leaves out or decides', () => {
  it('is not done: --only, and push-key=leave', async () => {
    await lab.break('no-authorized-keys')
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes', '--only', 'create-ssh-folder']))
    expect(ran).toMatchObject({ ok: false, steps: ['create-ssh-folder done', 'push-key skipped'] })
    await lab.mend()
    await lab.break('key-from-elsewhere')
    const before = await bytesOn(lab, keysPath)
    const left = await repair(lab, 'apply', withPassword(lab, ['--yes', '--choose', 'push-key=leave']))
    expect(left).toMatchObject({ ok: false, steps: ['push-key unchanged'] })
    expect(await bytesOn(lab, keysPath)).toBe(before)
  })

  it('needs a yes', async () => {
    await lab.break('key-refused')
    expect(await repair(lab, 'apply', withPassword(lab))).toMatchObject({ code: 3, ok: false, steps: [] })
    expect(await bytesOn(lab, keysPath)).toBe('')
  })
})

describe('two repairs at once', () => {
  it('both end well, with the key in place once', async () => {
    await lab.break('keys-without-newline')
    const before = await bytesOn(lab, keysPath)
    await lab.forgive()
    const how = { ...withPassword(lab, ['--yes', '--no-test-build']), unforgiven: true } as const
    const run = () => repair(lab, 'apply', how)
    const [one, two] = await Promise.all([run(), run()])
    expect([one.ok, two.ok], `${one.said}${two.said}`).toEqual([true, true])
    const after = Buffer.from(await bytesOn(lab, keysPath), 'hex').toString()
    expect(after.startsWith(Buffer.from(before, 'hex').toString())).toBe(true)
    expect(after.match(/^restrict /gm)).toHaveLength(1)
  })
})

describe('a link that is cut', () => {
  it('leaves the old file or the new one, and no lock, at twenty moments', { timeout: 300_000 }, async () => {
    await lab.break('keys-crlf')
    const old = await bytesOn(lab, keysPath)
    const asBefore = `import sys
open(sys.argv[1], 'wb').write(bytes.fromhex(sys.argv[2]))`
    const putBack = () => lab.onDesktop(['python3', '-c', asBefore, keysPath, old])
    // How long an uncut one takes decides where the cuts are: a busy machine is as good as a quick one.
    const whole = pushing()
    const [begins, ends] = [await whole.comes('running'), await whole.comes('done')]
    await whole.over
    await putBack()
    // Five before the step, fourteen in it, one after it. A run may be slower than the whole one: the step is waited for.
    const cuts = Array.from({ length: 20 }, (_, cut) => async (run: Pushing) => {
      if (cut < 5) return pause(begins * (0.3 + cut * 0.15))
      if (cut === 19) return void (await run.comes('done'))
      await run.comes('running')
      return pause(((ends - begins) * (cut - 5)) / 13)
    })
    const seen = new Set<string>()
    for (const [cut, isThere] of cuts.entries()) {
      const run = pushing()
      await isThere(run)
      killGroup(run.child)
      await run.over
      await noLock()
      const now = await bytesOn(lab, keysPath)
      seen.add(now)
      expect(now.startsWith(old)).toBe(true)
      expect(Buffer.from(now.slice(old.length), 'hex').toString()).toMatch(
        /^$|^restrict ssh-ed25519 \S+ \S+\n$/,
      )
      await putBack()
      if (cut % 3 === 2) await lab.forgive()
    }
    // Some cuts came before the change and some after, or the test has cut nothing.
    expect(seen.size).toBe(2)
  })
})

interface Pushing {
  readonly child: ChildProcess
  /** When the step of the key said so, in ms since the start; or the end of all, where it never did. */
  comes(state: 'running' | 'done'): Promise<number>
  readonly over: Promise<unknown>
}

/** A repair that puts the key there, by itself. */
function pushing(): Pushing {
  const { args = [], secrets = [] } = withPassword(lab, ['--yes', '--no-test-build', '--json'])
  const began = performance.now()
  const child = lab.spawnAsAlice([process.execPath, program, 'apply', ...args])
  child.stdin?.on('error', () => {})
  child.stdin?.end(secrets.map((one) => `${one}\n`).join(''))
  const over = new Promise((resolve) => child.on('close', resolve))
  const came = new Map<string, number>()
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    for (const state of ['running', 'done'])
      if (!came.has(state) && said.includes(`"id":"push-key","state":"${state}"`))
        came.set(state, performance.now() - began)
  })
  return {
    child,
    over,
    async comes(state) {
      while (!came.has(state) && child.exitCode === null && child.signalCode === null) await pause(2)
      return came.get(state) ?? performance.now() - began
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A script that lost its link ends by itself within seconds. */
async function noLock(): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const found = await lab.onDesktop([
      'sh',
      '-c',
      'ls -a /var/lib/nix-builder/.ssh | grep -E "lock|-new-|-cut-"; pgrep -u root -af "^sh -s"',
    ])
    if (found.stdout === '') return
    await pause(100)
  }
  throw new Error('a script, a lock or a half-made file stayed')
}
