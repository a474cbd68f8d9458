// offload-repair against the stand-in NixOS desktop: from "what is missing" to builds in one pass, and back where it fails.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { handOn } from './desktop-hand.ts'
import { program, type Repaired, repair, withPassword } from './repair-cli.ts'

/** How long a desktop waits that nobody can reach, in s. */
const guard = 6
/** The same where that time must not be over before the test ends. */
const long = 600
/** For what must come, in ms: a switch that takes longer than its guard is given 30 s more. */
const patience = { timeout: 90_000, interval: 250 }

let lab: Lab
beforeAll(async () => {
  lab = await openLab({ id: `nixos-${process.pid}`, profile: 'nixos' })
})
afterAll(() => lab?.down())

const onDesktop = async (...argv: readonly string[]) => (await lab.onDesktop(argv)).stdout.trim()
const sh = (script: string) => onDesktop('sh', '-c', script)

/** /etc/nixos in a shape, the first generation running, and what the next rebuilds are to do. */
async function given(shape: string, ...faults: readonly string[]): Promise<void> {
  await lab.onDesktop(['offload-lab-nixos', 'shape', shape])
  await lab.onDesktop(['offload-lab-nixos', 'fault', ...faults])
}

const env = (seconds: number) => ({ OFFLOAD_REPAIR_GUARD_SECONDS: String(seconds) })
const run = (verb: 'apply', more: readonly string[] = [], seconds = long): Promise<Repaired> =>
  repair(lab, verb, { ...withPassword(lab, ['--yes', '--no-laptop', ...more]), env: env(seconds) })

/** systemd's units of it, which go a moment after the last of them has ended. */
const guards = () => sh('systemctl list-units --all --no-legend "offload-guard-*"')

/** Everything that a repair may change and has to bring back. The key pair of a cache is made once and stays. */
const state = () =>
  sh(`cd /etc; own="! -path ./mtab ! -path ./offload-lab/* ! -path */.git/* ! -name *-"; set -f
    find . -xdev $own ! -type d -printf '%p %l %u:%m\\n' | sort
    find . -xdev $own -type f -exec sha256sum {} + | sort -k2; find -L ./nix ./ssh -type f -exec sha256sum {} + | sort -k2
    git=/run/current-system/sw/bin/git; [ ! -d /etc/nixos/.git ] || $git -C /etc/nixos status --short
    readlink -f /run/current-system; readlink /nix/var/nix/profiles/system; iptables -S; getent passwd nix-builder
    systemctl is-active ssh nix-serve`)

const whole = ['place-module', 'import-module', 'set-module', 'build-system', 'switch-system']
const ids = (ran: Repaired) => ran.planned.map((one) => one.split(' ')[0])
const all = (state: string) => whole.map((id) => `${id} ${state}`)

describe('a NixOS desktop without any of it', () => {
  it('builds for this laptop after one pass, then is left alone to the byte, and can be taken back', async () => {
    await given('git')
    const hand = await handOn(lab)
    const [bare, planned] = [await state(), await hand.plan()]
    const first = await run('apply')
    expect(first, first.said).toMatchObject({ code: 0, ok: true, unmended: [], steps: all('done') })
    expect(ids(first)).toEqual(whole)
    expect(await sh('curl -s -o /dev/null -w %{http_code} http://10.77.0.2:5000/nix-cache-info')).toBe('200')
    const secret = await onDesktop('cat', '/var/cache-priv-key.pem')
    expect(secret).toContain('cache.local-1:')
    expect(first.said).not.toContain(secret.split(':')[1])
    const before = await state()
    expect(before).toContain(' A modules/services/offload-server.nix')
    const second = await run('apply', ['--no-test-build'])
    expect(second, second.said).toMatchObject({ code: 0, ok: true, planned: [], steps: [] })
    expect(await state()).toBe(before)
    const steps = planned.plan.steps.map(({ id }) => ({ id, state: 'done', output: '', ms: 0 }) as const)
    expect(await hand.takeBack(planned, steps)).toBeNull()
    await sh('rm /etc/nixos/*.offload-backup-* /etc/nixos/hosts/desktop/*.offload-backup-*')
    expect(await state()).toBe(bare)
  })

  it('goes on where an earlier repair stopped, without a flake as well', async () => {
    await given('classic')
    const files = await run('apply', ['--no-test-build', '--only', 'place-module,set-module'])
    expect(files.steps, files.said).toEqual([
      'place-module done',
      'set-module done',
      'build-system skipped',
      'switch-system skipped',
    ])
    const rest = await run('apply', ['--no-test-build'])
    expect(rest, rest.said).toMatchObject({ ok: true })
    expect(rest.planned).toEqual(['build-system desktop.not-switched', 'switch-system desktop.not-switched'])
  })

  it('is not edited where its files have another shape: what to write is shown', async () => {
    await given('refused')
    const before = await state()
    const ran = await run('apply', ['--no-test-build'])
    expect(ran, ran.said).toMatchObject({ ok: false, planned: [], steps: [] })
    expect(ran.unmended).toEqual(['desktop.nix-edit-refused', 'desktop.module-not-enabled'])
    expect(await state()).toBe(before)
  })
})

describe('a build', () => {
  it('that fails switches nothing and takes the files back, in Git too', async () => {
    await given('git', 'fail-build')
    const before = await state()
    const ran = await run('apply', ['--no-test-build'])
    expect(ran, ran.said).toMatchObject({ ok: false, cause: 'desktop.rebuild-failed' })
    expect(ran.said).toContain("No rule to make target 'etc'")
    expect(ran.steps).toEqual([...all('rolled-back').slice(0, 4), 'switch-system pending'])
    expect(await state()).toBe(before)
  })

  it('ends with us: a repair that is killed leaves neither it nor an edit behind', async () => {
    await given('plain', 'slow')
    const before = await state()
    await killedAt('build-system')
    await expect.poll(() => onDesktop('pgrep', '-f', 'nixos-rebuild build'), patience).toBe('')
    await expect.poll(state, patience).toBe(before)
  })
})

describe('a power cut before a system is confirmed', () => {
  it('leaves edits that are taken back in one step, to the byte, and put there again by its undo', async () => {
    await given('git', 'slow')
    const before = await state()
    const { child, over } = await startedAt('build-system', guard)
    // What a machine without power does: it winds up nothing, and starts with an empty /run.
    await sh(`until build=$(pgrep -of 'nixos-rebuild[ ]build'); do sleep 0.1; done; whole=$(ps -o ppid= "$build")
      kill -9 $whole $(pgrep -P $whole) "$build"; rm -rf /run/offload-tray.*`)
    killGroup(child)
    await over
    await lab.onDesktop(['offload-lab-nixos', 'fault'])
    const files = () =>
      sh(`cd /etc/nixos; sha256sum flake.nix hosts/desktop/configuration.nix modules/services/offload-server.nix
        /run/current-system/sw/bin/git status --short | grep -v offload-backup`)
    const edited = await files()
    const hand = await handOn(lab)
    const steps = (await hand.plan()).plan.steps.map(({ id }) => id)
    expect(steps).toEqual(['settle-edits', 'build-system', 'switch-system'])
    const back = await hand.plan({ 'settle-edits': 'take-back' })
    const done = await hand.run(back)
    expect(done.steps, done.said).toEqual(['settle-edits done'])
    expect(await state()).toBe(before)
    expect(await sh('ls -d /var/lib/offload-tray /run/offload-tray.* 2>/dev/null')).toBe('')
    expect(await hand.takeBack(back, done.progress)).toBeNull()
    expect(await files()).toBe(edited)
  })
})

describe('a switch', () => {
  const wentBack = { ok: false, cause: 'desktop.switch-failed', steps: all('rolled-back') }

  it('that fails goes back at once', async () => {
    await given('plain', 'fail-switch')
    const before = await state()
    const ran = await run('apply', ['--no-test-build'])
    expect(ran, ran.said).toMatchObject(wentBack)
    expect(await state()).toBe(before)
    await expect.poll(guards, patience).toBe('')
  })

  it('that cannot be what the machine starts with goes back, though it was confirmed', async () => {
    await given('plain', 'fail-boot')
    const before = await state()
    const ran = await run('apply', ['--no-test-build'])
    expect(ran, ran.said).toMatchObject(wentBack)
    expect(ran.said).toContain('no space left on /boot')
    expect(await state()).toBe(before)
  })

  it('that is cancelled goes back at once, long before its time, and is seen to be back', async () => {
    await given('plain')
    const before = await state()
    const { child, said, over } = await startedAt('switch-system', long)
    killGroup(child, 'SIGINT')
    await over
    const events = said()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    const told = events.filter(({ type }) => type === 'going-back').map(({ goingBack }) => goingBack)
    expect(
      told.map((one) => one.state),
      said(),
    ).toEqual(['waiting', 'back'])
    expect(told[0].seconds).toBeGreaterThan(long / 2)
    expect(told[0].look).toMatch(/^tail -f \/run\/offload-tray\.\w{6}\/guard\.log$/)
    const { ok, steps, goingBack } = events.at(-1)
    expect({ ok, back: goingBack.state }).toEqual({ ok: false, back: 'back' })
    expect(steps.map((one: { id: string; state: string }) => `${one.id} ${one.state}`)).toEqual([
      ...all('rolled-back').slice(0, 4),
      'switch-system cancelled',
    ])
    expect(await state()).toBe(before)
    await expect.poll(guards, patience).toBe('')
  })

  it('that closes the firewall goes back by itself, and we say so', async () => {
    await given('plain', 'close-firewall')
    const before = await state()
    // Longer than the switch takes, or there is no time between its end and the guard's.
    const running = run('apply', ['--no-test-build'], 2 * guard)
    const waits =
      'until for one in /run/offload-tray.*; do [ ! -e $one/decided ] && [ "$(cat $one/ended)" = 0 ] && break; done; do sleep 0.1; done 2>/dev/null'
    const startsWith = 'readlink /nix/var/nix/profiles/system; iptables -S | grep -c "dport 22"'
    // A power cut now, and the machine starts with the system of before.
    expect(await sh(`${waits}; ${startsWith}; ls -d $one/decided 2>/dev/null`)).toBe('system-1-link\n0')
    const ran = await running
    expect(ran, ran.said).toMatchObject({
      ok: false,
      cause: 'desktop.rolled-back',
      steps: all('rolled-back'),
    })
    expect(ran.ms).toBeGreaterThan(2 * guard * 1000)
    expect(await state()).toBe(before)
  })

  it('that stops sshd goes back by itself, though we are gone', async () => {
    await given('plain', 'stop-sshd')
    const before = await state()
    await killedAt('switch-system')
    await expect.poll(() => sh('systemctl is-active ssh'), patience).toBe('inactive')
    await expect.poll(state, patience).toBe(before)
  })
})

/** What runs on the desktop once a step is under way. */
const underWay = { 'build-system': 'nixos-rebuild build', 'switch-system': 'nixos-rebuild test' } as const
type Step = keyof typeof underWay

/** Runs a repair and kills it while the desktop is at this step. */
async function killedAt(step: Step): Promise<void> {
  const { child, over } = await startedAt(step, guard)
  killGroup(child)
  await over
}

/** A repair that runs, while the desktop is at this step. */
async function startedAt(step: Step, seconds: number) {
  await lab.forgive()
  const { args = [], secrets = [] } = withPassword(lab, ['--yes', '--no-laptop', '--no-test-build', '--json'])
  const child = lab.spawnAsAlice([process.execPath, program, 'apply', ...args], { env: env(seconds) })
  const over = new Promise((resolve) => child.on('close', resolve))
  child.stdin?.end(secrets.map((one) => `${one}\n`).join(''))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(`"id":"${step}","state":"running"`)) resolve()
    })
    child.on('close', () => reject(new Error(`it ended before ${step}: ${said}`)))
  })
  await expect.poll(() => onDesktop('pgrep', '-f', underWay[step]), { interval: 20 }).not.toBe('')
  return { child, over, said: () => said }
}
