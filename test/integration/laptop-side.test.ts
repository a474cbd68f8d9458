// offload-repair laptop against a real laptop and desktop: each fault of this laptop's own settings is named, mended as root
// (by a stand-in for pkexec, named so), proven by a build, and gone from offload-status.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LaptopNeedId } from '../../src/shared/laptop-side.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { adminOf, rootOf, runOnLaptop } from './laptop-rig.ts'
import { pkexecStandIn } from './pkexec.ts'
import { journalIsWhole, look } from './status-cli.ts'

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
    rm -rf /etc/ssh/ssh_known_hosts* /root/.ssh/*.offload-backup-* /lab/home/.local/state/offload-tray
    cp -a /lab/golden/root/.ssh/known_hosts /root/.ssh/
    cp -a /lab/golden/etc/nix/nix.conf /lab/golden/etc/nix/machines /etc/nix/
    cat /lab/golden/etc/hosts >/etc/hosts
    /lab/standin-root/systemctl restart nix-daemon.service`)
})

const root = (script: string) => rootOf(lab, script)
const run = (args: readonly string[], input = '', env: Record<string, string> = {}) =>
  runOnLaptop(lab, path, args, input, env)

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
  const signIn = () => adminOf(lab)

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

describe('a desktop with a new host key', () => {
  const offered = async () => {
    const told = await lab.onDesktop(['ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub'])
    return told.stdout.split(' ')[1] ?? ''
  }
  const trusts = '/etc/nix/machines /root/.ssh/known_hosts /etc/ssh/ssh_known_hosts'
  const trustedHere = () => root(`md5sum ${trusts} 2>/dev/null; ls /etc/nix /root/.ssh; true`)
  const credentials = async () => {
    const all = `${journalIsWhole}; journalctl -u ssh --no-pager`
    const said = (await lab.onDesktop(['sh', '-c', all])).stdout
    return said.split('\n').filter((line) => /authenticating|Accepted|Failed|publickey/.test(line)).length
  }

  it('is not taken without its yes, by none of the verbs: nothing changes, and nobody signs in', async () => {
    await lab.break('host-key-changed')
    const [before, asked] = [await trustedHere(), await credentials()]
    const [flags, input] = adminOf(lab)
    const wrong = ['--accept-host-key', `SHA256:${'A'.repeat(43)}`]
    for (const args of [
      ['laptop', '--yes'],
      ['apply', '--yes', ...flags, ...wrong],
    ]) {
      const said = await run(args, args[0] === 'laptop' ? '' : input)
      expect(said, said.said).toMatchObject({ code: 3, ok: false })
    }
    const plan = await run(['plan', ...flags, '--accept-host-key', await offered()], input)
    expect(plan, plan.said).toMatchObject({ code: 3, needs: ['renew-host-key'] })
    expect(await trustedHere()).toBe(before)
    expect(await credentials()).toBe(asked)
  })

  it('is pinned in its row once that was given; Nix then builds there, and it can be taken back', async () => {
    await lab.break('host-key-changed')
    const before = await bytes()
    const done = await run(['laptop', '--yes', '--accept-host-key', await offered()])
    expect(done, done.said).toMatchObject({ code: 0, ok: true, needs: ['renew-host-key'] })
    expect((await look(lab)).overall).toBe('ready')
    await root(done.undo.map((line) => line.replace(/^sudo /, '')).join('\n'))
    expect(await bytes()).toBe(before)
  })

  it('is put where no row pins anything: for ssh and for root, by whose word Nix builds; hashed names, too', async () => {
    await lab.break('host-key-changed')
    // Every file says the old key; the row says none.
    await root(`set -e
      sed -i 's/^\\(ssh-ng:.*\\) [^ ]*$/\\1 -/' /etc/nix/machines
      cp /root/.ssh/known_hosts /etc/ssh/ssh_known_hosts
      echo "10.99.0.1 $(cut -d ' ' -f 2,3 /root/.ssh/known_hosts | head -n 1)" >>/root/.ssh/known_hosts
      ssh-keygen -q -H -f /root/.ssh/known_hosts >/dev/null 2>&1; rm -f /root/.ssh/known_hosts.old`)
    const [flags, input] = adminOf(lab)
    const done = await run(['apply', '--yes', '--accept-host-key', await offered(), ...flags], input)
    expect(done, done.said).toMatchObject({ code: 0, ok: true, needs: ['renew-host-key', 'pin-host-key'] })
    expect(done.plan?.needs.map(({ id }) => id)).toContain('root-known-hosts')
    expect(done.said).toContain('/root/.ssh/known_hosts.offload-backup-')
    expect((await look(lab)).overall).toBe('ready')
    // As root's ssh sees it without the pin, and each of the two files by itself.
    const asRoot = (known: string) =>
      root(
        `ssh -o BatchMode=yes -o StrictHostKeyChecking=yes ${known} -i /etc/nix/builder_key nix-builder@desktop true && echo in`,
      )
    expect(await asRoot('-o GlobalKnownHostsFile=/dev/null')).toBe('in\n')
    expect(await asRoot('-o UserKnownHostsFile=/dev/null')).toBe('in\n')
    expect(await root('ssh-keygen -F 10.99.0.1 -f /root/.ssh/known_hosts | grep -c "^|"')).toBe('1\n')
  })

  it('leads a repair on to the desktop itself, once its row pins it', async () => {
    await lab.break('host-key-changed')
    await lab.break('key-refused')
    const [flags, input] = adminOf(lab)
    const done = await run(['apply', '--yes', '--accept-host-key', await offered(), ...flags], input)
    expect(done, done.said).toMatchObject({ code: 0, ok: true })
    expect(done.said).toContain('"push-key"')
    expect((await look(lab)).overall).toBe('ready')
  })
})
