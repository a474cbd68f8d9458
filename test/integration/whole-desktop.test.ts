// One pass over a bare Debian desktop: Nix and a closed firewall, no builder, no key, no cache. Afterwards offload-status is ready.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { pkexecStandIn } from './pkexec.ts'
import { type Repaired, repair, withPassword } from './repair-cli.ts'
import { look } from './status-cli.ts'

let lab: Lab
let path: string
beforeAll(async () => {
  lab = await openLab({ id: `whole-${process.pid}`, profile: 'bare' })
  path = await pkexecStandIn(lab)
})
afterAll(() => lab?.down())

const run = (verb: 'plan' | 'apply', ...more: readonly string[]): Promise<Repaired> =>
  repair(lab, verb, {
    ...withPassword(lab, verb === 'plan' ? more : ['--yes', ...more]),
    env: { PATH: path },
  })

const onDesktop = async (script: string) => (await lab.onDesktop(['sh', '-c', script])).stdout.trim()

/** Every file that a repair may change, and the rules that are in force. */
const hashes = () =>
  onDesktop(`find /etc /var/lib/nix-builder /var/*.pem /usr/local -xdev -type f ! -path '/etc/mtab' -exec sha256sum {} + | sort -k2
    find /etc /var/lib/nix-builder /usr/local -xdev -printf '%p %m %u:%g\\n' | sort
    iptables -S; ip6tables -S; systemctl is-active nix-serve ssh nix-daemon.socket; systemctl is-enabled nix-serve`)

const whole = [
  'create-builder-user desktop.builder-user-missing',
  'create-ssh-folder desktop.authorized-keys-missing',
  'push-key desktop.authorized-keys-missing',
  'trust-builder nix.not-trusted',
  'make-cache-key desktop.cache-key-missing',
  'install-cache desktop.cache-service-missing',
  'open-firewall desktop.firewall-blocks',
]

describe('a bare Debian desktop', () => {
  it('is told by the survey of a plan to lack all of it, and is left as it is', async () => {
    const before = await hashes()
    const plan = await run('plan')
    expect(plan, plan.said).toMatchObject({ code: 0, planned: whole, unmended: [] })
    expect(await hashes()).toBe(before)
  })

  it('builds and serves after one pass of less than a minute, and this laptop is ready', async () => {
    const done = await run('apply')
    expect(done, done.said).toMatchObject({ code: 0, ok: true, unmended: [] })
    expect(done.steps).toEqual(whole.map((one) => `${one.split(' ')[0]} done`))
    expect(done.ms).toBeLessThan(60_000)
    const seen = await look(lab)
    expect(seen, JSON.stringify(seen)).toMatchObject({ code: 0 })
    expect(JSON.stringify(seen.snapshot)).not.toMatch(/"state":"(fail|warn|unknown)"/)
  })

  it('keeps to itself what is secret: neither the cache’s key nor a password is said or kept on the laptop', async () => {
    const secret = (await onDesktop('cut -d: -f2 /var/cache-priv-key.pem')).trim()
    expect(secret).toHaveLength(88)
    const { password } = lab.state.admin
    const builderKey = (await lab.runAsRoot(['sed', '-n', '3p', '/etc/nix/builder_key'])).stdout.trim()
    expect(builderKey).not.toBe('')
    const found = await lab.runAsRoot([
      'sh',
      '-c',
      'grep -rlF -e "$1" -e "$2" -e "$3" /lab/home /lab/nix-daemon.log /etc/nix /etc/ssh 2>/dev/null | grep -v "^/etc/nix/builder_key$"',
      'sh',
      secret,
      password,
      builderKey,
    ])
    expect(found.stdout).toBe('')
    const journal = await onDesktop('journalctl --sync; journalctl --no-pager -o cat')
    for (const one of [secret, password, builderKey]) expect(journal).not.toContain(one)
  })

  it('is healthy then: an empty plan that changes nothing', async () => {
    const before = await hashes()
    const again = await run('apply', '--no-test-build')
    expect(again, again.said).toMatchObject({ code: 0, ok: true, planned: [], steps: [], unmended: [] })
    expect(await hashes()).toBe(before)
  })

  it('stays so over a restart of its services and rules', async () => {
    await onDesktop('systemctl restart lab-firewall nix-serve nix-daemon.socket ssh')
    // The cache listens a moment after its start.
    await expect.poll(() => look(lab), { timeout: 60_000, interval: 500 }).toMatchObject({ code: 0 })
  })
})
