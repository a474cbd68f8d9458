// The lab itself: is it as real as it says?
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBase } from './base.ts'
import { freshDerivation, narinfo, offload } from './builds.ts'
import { type Lab, openLab } from './lab.ts'
import { repoDir, sourceDir } from './places.ts'
import { hostFacts } from './traces.ts'

const id = `real-${process.pid}`
let lab: Lab
const before = hostFacts()

beforeAll(async () => {
  await ensureBase('trixie', console.log)
  await ensureBase('bookworm', console.log)
  lab = await openLab({ id, desktops: 2 })
})
afterAll(() => lab?.down())

describe('a lab that is up', () => {
  it("builds alice's derivation on a desktop, as the boot id that the build saw proves", async () => {
    const ran = await offload(lab)
    expect(ran.stderr).toMatch(/on 'ssh-ng:\/\/nix-builder@desktop2?'/)
    const seen = (await lab.runAsAlice(['cat', ran.stdout.trim()])).stdout.trim()
    expect(lab.state.desktops.map((desktop) => desktop.bootId)).toContain(seen)
    expect(seen).not.toBe(lab.state.laptop.bootId)
    const own = await lab.runAsAlice(['cat', '/proc/sys/kernel/random/boot_id'])
    expect(own.stdout.trim()).toBe(lab.state.laptop.bootId)
  })

  it('gives the laptop a path of the desktop by the signed cache, verified by Nix', async () => {
    const built = await lab.onDesktop(['nix-build', '--no-out-link', '-E', freshDerivation()])
    const path = built.stdout.trim()
    expect((await lab.runAsAlice(['ls', path])).code).not.toBe(0)
    const fetched = await lab.runAsAlice(['nix-store', '-r', path])
    expect(fetched.stderr).toContain("from 'http://desktop:5000'")
    expect((await lab.runAsAlice(['cat', path])).stdout.trim()).toBe(lab.state.desktops[0]?.bootId)
  })

  it('does not let alice read the builder key, and lets her see that it is there', async () => {
    expect((await lab.runAsAlice(['cat', '/etc/nix/builder_key'])).stderr).toContain('Permission denied')
    expect((await lab.runAsAlice(['cat', '/etc/nix/builder_key.pub'])).stdout).toMatch(/^ssh-ed25519 /)
  })

  it('answers for a narinfo at once when it was asked before', async () => {
    expect((await narinfo(lab)).body).toContain(`Sig: ${lab.state.cacheKeys[0]?.split(':')[0]}:`)
    const url = `http://desktop:5000/${lab.state.sharedPath?.slice(11, 43)}.narinfo`
    const ask = `for i in 1 2 3 4 5 6 7 8 9 10; do curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' ${url}; done`
    const fastest = async () => {
      const { stdout } = await lab.runAsAlice(['sh', '-c', ask])
      const seconds = [...stdout.matchAll(/^200 (.+)$/gm)].map(([, time]) => Number(time))
      return seconds.length === 10 ? Math.min(...seconds) : stdout
    }
    // The fastest of all: other work on this machine is no fault of the cache.
    await expect.poll(fastest, { timeout: 60_000 }).toBeLessThan(0.02)
  })

  it('has an admin who needs the password for sudo', async () => {
    const { user, password } = lab.state.admin
    const asAdmin = (input: string) =>
      lab.onDesktop(
        ['setpriv', `--reuid=${user}`, '--regid=1000', '--init-groups', 'sudo', '-S', '-k', 'id', '-u'],
        { input },
      )
    expect((await asAdmin(`${password}\n`)).stdout.trim()).toBe('0')
    expect((await asAdmin('wrong\n')).code).not.toBe(0)
  })

  it('runs systemd with every unit well on every desktop', async () => {
    for (const desktop of [1, 2]) {
      const ran = await lab.onDesktop(['systemctl', 'is-system-running', '--wait'], { desktop })
      expect(ran.stdout.trim()).toBe('running')
    }
  })

  it('shows the host nothing: no mount, link, name, rule or changed file', async () => {
    await expect.poll(hostFacts).toEqual(before)
  })

  it('kills what it runs when the deadline passes', async () => {
    const ran = await lab.runAsAlice(['sh', '-c', 'sleep 600.125 & sleep 600.125'], { timeoutMs: 300 })
    expect(ran).toMatchObject({ code: 124, timedOut: true })
    expect((await lab.runAsRoot(['pgrep', '-f', '600\\.125'])).stdout).toBe('')
  })
})

describe('other labs', () => {
  it('run beside it under another name, with their own keys and addresses of the same numbers', async () => {
    const other = await openLab({ id: `${id}-b`, scheme: 'ssh' })
    try {
      expect(other.id).not.toBe(lab.id)
      expect(other.addresses.desktops).toEqual(['10.77.0.2'])
      expect(other.state.cacheKeys[0]).not.toBe(lab.state.cacheKeys[0])
      expect((await offload(other)).stderr).toContain("on 'ssh://nix-builder@desktop'")
      await other.break('sshd-stopped')
      expect((await offload(lab)).code).toBe(0)
    } finally {
      await other.down()
    }
  })

  it('can give the laptop the Nix of another Debian, and the desktop another OpenSSH', async () => {
    const other = await openLab({ id: `${id}-b`, laptopRelease: 'trixie', release: 'bookworm' })
    try {
      expect((await other.runAsAlice(['nix', '--version'])).stdout).toContain('2.26')
      expect((await other.onDesktop(['nix', '--version'])).stdout).toContain('2.8')
      expect((await other.runAsAlice(['node', '--version'])).stdout.trim()).toBe(process.version)
      expect((await offload(other)).stderr).toContain("on 'ssh-ng://nix-builder@desktop'")
    } finally {
      await other.down()
    }
  })

  it('are found from inside their laptop, where they can be broken and mended too', async () => {
    const code = `const { attachLab } = await import(${JSON.stringify(join(sourceDir, 'lab.ts'))})
      const lab = attachLab()
      await lab.break('sshd-stopped')
      const ran = await lab.runAsAlice(['bash', '-c', 'id -un; echo </dev/tcp/desktop/22'])
      await lab.mend()
      console.log(JSON.stringify({ id: lab.id, ...ran }))`
    const argv = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', code]
    const ran = await lab.runAsRoot(argv, { cwd: repoDir })
    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout)).toMatchObject({
      id: lab.id,
      stdout: 'alice\n',
      stderr: expect.stringContaining('refused'),
    })
  })

  it('are refused under a name that is taken', async () => {
    await expect(openLab({ id: lab.id })).rejects.toThrow(/is up already/)
    expect((await offload(lab)).code).toBe(0)
  })

  it('can be a bare Debian with Nix: no builder, no cache', async () => {
    const bare = await openLab({ id: `${id}-b`, profile: 'bare' })
    try {
      expect((await bare.onDesktop(['id', 'nix-builder'])).code).not.toBe(0)
      expect((await bare.onDesktop(['ss', '-Hltn', 'sport = :5000'])).stdout).toBe('')
      expect((await offload(bare)).code).not.toBe(0)
      expect((await bare.onDesktop(['nix-build', '--no-out-link', '-E', freshDerivation()])).code).toBe(0)
    } finally {
      await bare.down()
    }
  })
})
