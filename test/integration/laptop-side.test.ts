// offload-repair laptop against a real laptop and desktop: each fault of this laptop's own settings is named, mended as root
// (by a stand-in for pkexec, named so), proven by a build, and gone from offload-status.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LaptopNeedId, LaptopPlan } from '../../src/shared/laptop-side.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { pkexecStandIn } from './pkexec.ts'
import { program } from './repair-cli.ts'
import { look } from './status-cli.ts'

const files = [
  '/etc/nix/nix.conf',
  '/etc/nix/machines',
  '/etc/hosts',
  '/etc/ssh/ssh_config.d/offload-tray.conf',
]

let lab: Lab
let path: string
beforeAll(async () => {
  lab = await openLab({ id: `laptop-side-${process.pid}` })
  path = await pkexecStandIn(lab)
})
afterAll(() => lab?.down())
afterEach(async () => {
  await lab.mend()
  await root(`rm -rf /lab/pkexec-answer /etc/ssh/ssh_config.d/offload-tray.conf /etc/nix/*.offload-backup-*
    cp -a /lab/golden/etc/nix/nix.conf /lab/golden/etc/nix/machines /etc/nix/
    cat /lab/golden/etc/hosts >/etc/hosts
    /lab/standin-root/systemctl restart nix-daemon.service`)
})

async function root(script: string): Promise<string> {
  const ran = await lab.runAsRoot(['sh', '-c', script])
  if (ran.code !== 0) throw new Error(`${script}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

interface Said {
  readonly code: number
  readonly plan: LaptopPlan | undefined
  readonly needs: readonly LaptopNeedId[]
  readonly cause: string | undefined
  readonly problem: string | undefined
  readonly ok: boolean
  readonly undo: readonly string[]
  readonly said: string
}

async function run(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Said> {
  await lab.forgive()
  const argv = [process.execPath, program, ...args, '--json']
  const ran = await lab.runAsAlice(argv, { env: { PATH: path, ...env }, input, timeoutMs: 60_000 })
  const events = ran.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const plan: LaptopPlan | undefined = events.find((one) => one.type === 'laptop')?.laptop
  const result = events.find((one) => one.type === 'result')
  return {
    code: ran.code,
    plan,
    needs: plan?.needs.filter((need) => !need.advice).map((need) => need.id) ?? [],
    cause: result?.problem?.cause,
    problem: events.find((one) => one.type === 'problem')?.problem.cause,
    ok: result?.ok ?? false,
    undo: result?.summary?.undo.laptop ?? [],
    said: `${ran.stdout}${ran.stderr}`,
  }
}

const bytes = () =>
  root(`for file in ${files.join(' ')}; do echo "$file"; od -An -v -tx1 <"$file" 2>/dev/null; done; true`)
const cacheKeyNow = async () => (await lab.onDesktop(['cat', '/var/cache-pub-key.pem'])).stdout.trim()

type Row = readonly [fault: string, need: LaptopNeedId, ...args: string[]]
const byItself: readonly Row[] = [
  ['no-substituter', 'substituter'],
  // One test build in this group is enough: the status rests on its word from then on.
  ['no-fallback', 'fallback', '--no-test-build'],
  ['distributed-builds-off', 'distributed-builds', '--no-test-build'],
  ['moved', 'new-address', '--no-test-build', '--new-address', '10.77.0.2'],
]

describe('a fault of this laptop, by offload-repair laptop', () => {
  it.each(byItself)('%s: named as %s, mended, and ready', async (fault, need, ...args) => {
    await lab.break(fault)
    const first = await run(['laptop', '--yes', ...args])
    expect(first, first.said).toMatchObject({ code: 0, ok: true, needs: [need] })
    const now = await look(lab)
    expect(now.overall, JSON.stringify(now.snapshot)).toBe('ready')
    const second = await run(['laptop'])
    expect(second, second.said).toMatchObject({ code: 0, needs: [], plan: { needs: [], changes: [] } })
  })

  it('cache-key-untrusted: the key is not guessed; given, it is taken', async () => {
    await lab.break('cache-key-untrusted')
    const first = await run(['laptop', '--yes', '--no-test-build'])
    expect(first.plan?.needs, first.said).toContainEqual({
      id: 'cache-key',
      params: {},
      advice: false,
      unknown: true,
    })
    const second = await run(['laptop', '--yes', '--no-test-build', '--cache-key', await cacheKeyNow()])
    expect(second, second.said).toMatchObject({ code: 0, ok: true, needs: ['cache-key'] })
    expect((await look(lab)).overall).toBe('ready')
  })

  it('a healthy laptop: nothing is needed but advice, which is shown and changes nothing by itself', async () => {
    const before = await bytes()
    const shown = await run(['laptop'])
    expect(shown, shown.said).toMatchObject({ code: 0, needs: [] })
    expect(await bytes()).toBe(before)
  })

  it('says that nobody gave the password, and changes nothing', async () => {
    await lab.break('no-fallback')
    await root('echo refuse >/lab/pkexec-answer; chmod 644 /lab/pkexec-answer')
    const before = await bytes()
    const refused = await run(['laptop', '--yes'])
    expect(refused, refused.said).toMatchObject({ code: 1, ok: false, cause: 'laptop.pkexec-refused' })
    expect(await bytes()).toBe(before)
  })

  it('without pkexec names that, with the commands, which do the same by hand', async () => {
    await lab.break('no-fallback')
    const shown = await run(['laptop', '--yes'], '', { PATH: path.replace('/lab/standin:', '') })
    expect(shown, shown.said).toMatchObject({ code: 1, cause: 'laptop.pkexec-missing' })
    const byHand = shown.plan?.byHand ?? []
    await root(`PATH=/lab/standin-root:$PATH; sudo() { "$@"; }
      systemctl() { /lab/standin-root/systemctl restart nix-daemon.service; }
      ${byHand.join('\n')}`)
    expect((await run(['laptop'])).needs).toEqual([])
  })

  it('is taken back to the same bytes by the commands of its summary', async () => {
    await lab.break('no-substituter')
    const before = await bytes()
    const done = await run(['laptop', '--yes', '--no-test-build'])
    expect(await bytes()).not.toBe(before)
    await root(done.undo.map((line) => line.replace(/^sudo /, '')).join('\n'))
    expect(await bytes()).toBe(before)
  })

  it('takes no other machine for the desktop at a new address', async () => {
    await lab.break('moved')
    const before = await bytes()
    const wrong = await run(['laptop', '--yes', '--new-address', '10.77.0.98'])
    expect(wrong.code).toBe(1)
    expect(wrong.cause).toMatch(/^net\./)
    expect(await bytes()).toBe(before)
  })

  it('makes a first row from a host and a user', async () => {
    await lab.break('machines-missing')
    const done = await run(['laptop', '--yes', '--first', 'nix-builder@desktop'])
    expect(done, done.said).toMatchObject({ code: 0, ok: true })
    expect(done.needs).toContain('builder-row')
    expect(await root('cat /etc/nix/machines')).toContain('ssh-ng://nix-builder@desktop x86_64-linux')
  })
})

describe('a fault of this laptop, at the end of a repair of the desktop', () => {
  const signIn = () => {
    const { user, password } = lab.state.admin
    const flags = ['--admin', `${user}@desktop`, '--password-stdin', '--sudo-password-stdin']
    return [flags, `${password}\n${password}\n`] as const
  }

  it.each([
    ['cache-key-untrusted', 'cache-key'],
    ['cache-regenerated', 'cache-key-renewed'],
  ] as const)('%s: the key that the desktop has now is read there, and %s is mended', async (fault, need) => {
    await lab.break(fault)
    const [flags, input] = signIn()
    const done = await run(['apply', '--yes', ...flags], input)
    expect(done, done.said).toMatchObject({ code: 0, ok: true, needs: [need] })
    expect(await root('cat /etc/nix/nix.conf')).toContain(await cacheKeyNow())
    expect((await look(lab)).overall).toBe('ready')
    expect(done.said).not.toContain(lab.state.admin.password)
    expect(done.said).not.toContain('PRIVATE KEY')
  })

  it('host-key-unknown: the key that was compared is pinned, and Nix’s own ssh then builds with it', async () => {
    await lab.break('host-key-unknown')
    const told = await lab.onDesktop(['ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub'])
    const [flags, input] = signIn()
    const accept = ['--accept-host-key', told.stdout.split(' ')[1] ?? '']
    const done = await run(['apply', '--yes', ...accept, ...flags], input)
    expect(done, done.said).toMatchObject({ code: 0, ok: true, needs: ['pin-host-key'] })
    const line = (
      await lab.onDesktop(['cut', '-d ', '-f1,2', '/etc/ssh/ssh_host_ed25519_key.pub'])
    ).stdout.trim()
    expect(await root('cat /etc/nix/machines')).toContain(Buffer.from(line).toString('base64'))
    await root('rm -rf /lab/home/.local/state/offload-tray')
  })

  it('leaves this laptop alone where that is asked for', async () => {
    await lab.break('no-fallback')
    const before = await bytes()
    const [flags, input] = signIn()
    const done = await run(['apply', '--yes', '--no-laptop', '--no-test-build', ...flags], input)
    expect(done, done.said).toMatchObject({ code: 0, needs: ['fallback'] })
    expect(await bytes()).toBe(before)
  })
})
