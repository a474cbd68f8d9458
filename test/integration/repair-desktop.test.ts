// The steps that mend a whole desktop, on the lab's: each fault is named by its own cause, mended, and stays mended.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Planned } from '../../src/core/repair/plan.ts'
import type { CauseCode } from '../../src/shared/causes.ts'
import type { StepId } from '../../src/shared/repair.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { type Hand, handOn } from './desktop-hand.ts'

let lab: Lab
let hand: Hand
let last: Parameters<Hand['takeBack']> | null = null
beforeAll(async () => {
  lab = await openLab({ id: `repair-desktop-${process.pid}` })
  hand = await handOn(lab)
})
afterAll(() => lab?.down())
afterEach(async () => {
  // What a repair itself changed is no fault's to bring back.
  if (last !== null) await hand.takeBack(...last)
  last = null
  await lab.mend()
  await hand.sh('systemctl is-enabled --quiet nix-serve || systemctl enable nix-serve 2>&1')
})

const causesOf = ({ plan }: Planned) => [
  ...plan.steps.map(({ id, cause }) => `${id} ${cause}`),
  ...plan.unmended.map(({ cause }) => `unmended ${cause}`),
]

type Step = `${StepId} ${CauseCode}`
interface Case {
  readonly fault: string
  readonly steps: readonly Step[]
  readonly choices?: Parameters<Hand['plan']>[0]
  /** What the desktop says once it is well, and its answer. */
  readonly well?: readonly [command: string, answer: string]
}

const isOn = (unit: string) =>
  [`systemctl is-active ${unit}; systemctl is-enabled ${unit}`, 'active\nenabled\n'] as const

/** Whatever a step here may change. */
const hashes =
  'find /etc /var/lib/nix-builder /usr/local /var/cache-*.pem -type f ! -name "*.offload-backup-*" ! -name "*-" ! -path "/etc/lvm/*" -exec sha256sum {} + | sort -k 2; iptables -S; systemctl list-unit-files --state=enabled --no-legend'

const cases: readonly Case[] = [
  { fault: 'not-trusted', steps: ['trust-builder nix.not-trusted'] },
  { fault: 'not-allowed', steps: ['trust-builder nix.not-allowed'] },
  { fault: 'not-in-nix-users', steps: ['allow-builder nix.not-allowed'] },
  { fault: 'nix-not-in-path', steps: ['find-nix nix.not-found'] },
  {
    fault: 'remote-daemon-stopped',
    steps: ['start-nix-daemon nix.daemon-down'],
    well: isOn('nix-daemon.socket'),
  },
  { fault: 'cache-stopped', steps: ['start-cache desktop.cache-service-down'], well: isOn('nix-serve') },
  {
    fault: 'cache-key-missing',
    steps: ['make-cache-key desktop.cache-key-missing'],
    well: [
      'cut -d: -f1 /var/cache-pub-key.pem; stat -c "%U %a" /var/cache-priv-key.pem',
      'cache.local-2\nnix-serve 400\n',
    ],
  },
  {
    fault: 'cache-narinfo-500',
    steps: ['mend-cache-key desktop.cache-key-permissions'],
    well: ['stat -c "%U %a" /var/cache-priv-key.pem', 'nix-serve 400\n'],
  },
  {
    fault: 'cache-key-malformed',
    steps: ['renew-cache-key desktop.cache-key-invalid'],
    choices: { 'renew-cache-key': 'renew' },
    well: [
      'cut -d: -f1 /var/cache-pub-key.pem; cat /var/cache-priv-key.pem.offload-backup-*',
      'cache.local-2\nnot a key\n',
    ],
  },
  { fault: 'cache-unsigned', steps: ['install-cache cache.unsigned'] },
  { fault: 'cache-filtered', steps: ['open-firewall desktop.firewall-blocks'] },
]

describe('a repair of one fault', () => {
  it.each(cases)(
    '$fault: planned by its cause, done, and nothing is left to do',
    async ({ fault, steps, choices, well }) => {
      await lab.break(fault)
      const planned = await hand.plan(choices)
      expect(causesOf(planned)).toEqual(steps)
      expect(planned.plan.unmended).toEqual([])
      expect(planned.plan.partial).toBe(false)
      const done = await hand.run(planned)
      last = [planned, done.progress]
      expect(done.steps, done.said).toEqual(planned.plan.steps.map(({ id }) => `${id} done`))
      const second = await hand.plan(choices)
      expect(causesOf(second), done.said).toEqual([])
      if (well !== undefined) expect(await hand.sh(well[0])).toBe(well[1])
    },
  )

  it.each<readonly [fault: string, cause: CauseCode]>([
    ['shell-noise', 'desktop.shell-noise'],
    ['cache-silent', 'cache.not-a-cache'],
    ['cache-http-503', 'cache.not-a-cache'],
    ['cache-captive', 'cache.not-a-cache'],
    ['cache-other-store-dir', 'cache.store-dir-mismatch'],
  ])('%s: named, and left to a person', async (fault, cause) => {
    await lab.break(fault)
    expect(causesOf(await hand.plan())).toEqual([`unmended ${cause}`])
  })

  it('sshd that does not start with the system: enabled', async () => {
    await hand.sh('systemctl disable ssh 2>&1')
    const planned = await hand.plan()
    expect(causesOf(planned)).toEqual(['enable-sshd desktop.sshd-down'])
    expect((await hand.run(planned)).steps).toEqual(['enable-sshd done'])
    expect(await hand.sh('systemctl is-enabled ssh; systemctl is-active ssh')).toBe('enabled\nactive\n')
    expect(causesOf(await hand.plan())).toEqual([])
  })

  it('a full store: collected by choice only', async () => {
    await lab.break('disk-full')
    const left = await hand.plan()
    expect(causesOf(left)).toEqual(['free-disk nix.disk-full'])
    expect((await hand.run(left)).steps).toEqual(['free-disk unchanged'])
    const planned = await hand.plan({ 'free-disk': 'collect' })
    const done = await hand.run(planned)
    expect(done.steps, done.said).toEqual(['free-disk done'])
    expect(done.said).toMatch(/store paths? deleted/)
  })

  it('settings that the running daemon has not read yet: it is started anew, and nothing is written', async () => {
    await lab.break('not-trusted')
    // Type=simple: the daemon that was just started may not have read its settings yet.
    await hand.sh('nix --extra-experimental-features nix-command store ping --store daemon 2>&1')
    await hand.sh('printf "trusted-users = root nix-builder\\n" >>/etc/nix/nix.conf')
    const before = await hand.sh('sha256sum /etc/nix/*')
    const planned = await hand.plan()
    expect(causesOf(planned)).toEqual(['trust-builder nix.not-trusted'])
    expect((await hand.run(planned)).steps).toEqual(['trust-builder done'])
    expect(causesOf(await hand.plan())).toEqual([])
    expect(await hand.sh('sha256sum /etc/nix/*')).toBe(before)
  })
})

const several = ['not-trusted', 'not-in-nix-users', 'cache-key-missing', 'cache-filtered'] as const

describe('a repair of several faults', () => {
  it('mends all of them in one pass, and takes all of it back in another', async () => {
    for (const fault of several) await lab.break(fault)
    await hand.sh('systemctl stop nix-serve; systemctl disable nix-serve 2>&1')
    const broken = await hand.plan()
    const steps = [
      'allow-builder nix.not-allowed',
      'trust-builder nix.not-trusted',
      'make-cache-key desktop.cache-key-missing',
      'start-cache desktop.cache-service-down',
      'open-firewall desktop.firewall-blocks',
    ]
    expect(causesOf(broken)).toEqual(steps)
    const before = await hand.sh(hashes)
    const done = await hand.run(broken)
    expect(done.steps, done.said).toEqual(broken.plan.steps.map(({ id }) => `${id} done`))
    expect(causesOf(await hand.plan()), done.said).toEqual([])
    expect(await hand.takeBack(broken, done.progress)).toBeNull()
    expect(causesOf(await hand.plan())).toEqual(steps)
    expect(await hand.sh(hashes), 'every byte is as it was').toBe(before)
  })

  it('locks an account again as it was, and leaves nothing of one that it made', async () => {
    const shadow = 'getent shadow nix-builder | cut -d: -f2,8'
    const before = await hand.sh(shadow)
    await hand.sh(`echo 'nix-builder:!$6$of$before' | chpasswd -e; usermod -e 2020-02-01 nix-builder`)
    const locked = await hand.sh(shadow)
    expect(locked).toMatch(/^!\$6\$of\$before:\d+\n$/)
    const unlocking = await hand.plan()
    expect(causesOf(unlocking)).toEqual(['unlock-builder desktop.builder-locked'])
    const unlocked = await hand.run(unlocking)
    expect(unlocked.steps, unlocked.said).toEqual(['unlock-builder done'])
    expect(causesOf(await hand.plan())).toEqual([])
    expect(await hand.takeBack(unlocking, unlocked.progress)).toBeNull()
    expect(await hand.sh(shadow)).toBe(locked)
    await hand.sh(
      `printf 'nix-builder:%s\n' '${before.split(':')[0]}' | chpasswd -e; usermod -e '' nix-builder`,
    )

    await lab.break('builder-missing')
    await hand.sh('[ ! -e /var/lib/nix-builder ] || mv /var/lib/nix-builder /var/lib/nix-builder.kept')
    const making = await hand.plan()
    const made = await hand.run(making)
    expect(made.steps[0], made.said).toBe('create-builder-user done')
    expect(await hand.sh('ls -A /var/lib/nix-builder')).not.toBe('')
    expect(await hand.takeBack(making, made.progress)).toBeNull()
    expect(await hand.sh('getent passwd nix-builder; ls -d /var/lib/nix-builder 2>/dev/null')).toBe('')
    await hand.sh('[ ! -e /var/lib/nix-builder.kept ] || mv /var/lib/nix-builder.kept /var/lib/nix-builder')
  })

  it('changes nothing on a healthy desktop', async () => {
    const before = await hand.sh(hashes)
    const planned = await hand.plan()
    expect(causesOf(planned)).toEqual([])
    expect(planned.plan.partial).toBe(false)
    expect((await hand.run(planned)).steps).toEqual([])
    expect(await hand.sh(hashes)).toBe(before)
  })

  it('keeps what was done when a step fails, takes that step back, and goes on from there next time', async () => {
    await lab.break('not-trusted')
    await lab.break('cache-key-missing')
    // Nobody may write where the key belongs, not even root.
    await hand.sh(
      'mkdir -p /var/keys; sed -i s,/var/cache-priv,/var/keys/cache-priv, /etc/systemd/system/nix-serve.service',
    )
    await hand.sh('systemctl daemon-reload; systemctl restart nix-serve; mount -t tmpfs -o ro none /var/keys')
    await hand.sh('until curl -so /dev/null http://127.0.0.1:5000/nix-cache-info; do sleep 0.05; done')
    const planned = await hand.plan()
    expect(causesOf(planned)).toEqual([
      'trust-builder nix.not-trusted',
      'make-cache-key desktop.cache-key-missing',
    ])
    const failed = await hand.run(planned)
    expect(failed.steps, failed.said).toEqual(['trust-builder done', 'make-cache-key rolled-back'])
    await hand.sh('umount /var/keys')
    const rest = await hand.plan()
    expect(causesOf(rest)).toEqual(['make-cache-key desktop.cache-key-missing'])
    const done = await hand.run(rest)
    expect(done.steps, done.said).toEqual(['make-cache-key done'])
    expect(causesOf(await hand.plan())).toEqual([])
  })

  it('tells why the cache does not start, in its own words, and takes the start back', async () => {
    await hand.sh('systemctl disable --now nix-serve 2>&1')
    await hand.sh(
      'sed -i \'s,^ExecStart=.*,ExecStart=/bin/sh -c "echo no luck today >\\&2; exit 3",\' /etc/systemd/system/nix-serve.service',
    )
    await hand.sh('systemctl daemon-reload')
    const planned = await hand.plan()
    expect(causesOf(planned)).toEqual(['start-cache desktop.cache-service-down'])
    const failed = await hand.run(planned)
    expect(failed.steps, failed.said).toEqual(['start-cache rolled-back'])
    expect(failed.said).toContain('no luck today')
    expect(await hand.sh('systemctl is-enabled nix-serve; systemctl is-active nix-serve')).toMatch(
      /^disabled\n(inactive|failed)\n/,
    )
  })
})

describe('a desktop without a cache service', () => {
  it('gets one for the program that is there, with a key and a user of its own, and loses it again', async () => {
    await hand.sh(
      'systemctl disable --now nix-serve 2>&1; rm -f /etc/systemd/system/nix-serve.service /var/cache-*.pem',
    )
    await hand.sh('systemctl daemon-reload; userdel -r nix-serve 2>&1')
    expect(causesOf(await hand.plan())).toEqual(['unmended desktop.cache-service-missing'])
    const program = '/usr/local/bin/nix-serve'
    await hand.sh(
      `printf '#!/bin/sh\\nexec python3 /usr/local/lib/offload-lab/nix-serve-standin.py "$@"\\n' >${program}; chmod 755 ${program}`,
    )
    const planned = await hand.plan()
    const steps = ['make-cache-key desktop.cache-key-missing', 'install-cache desktop.cache-service-missing']
    expect(causesOf(planned)).toEqual(steps)
    const done = await hand.run(planned)
    expect(done.steps, done.said).toEqual(['make-cache-key done', 'install-cache done'])
    const facts = await hand.survey()
    expect(facts.machine.cache).toMatchObject({
      info: 200,
      narinfo: 200,
      user: 'nix-serve',
      byCredential: true,
    })
    expect(facts.machine.cache.key).toMatchObject({ owner: 'root', mode: '400', named: true })
    expect(done.said).not.toContain((await hand.sh('cat /var/cache-priv-key.pem')).split(':')[1])
    expect(causesOf(await hand.plan())).toEqual([])
    expect(await hand.takeBack(planned, done.progress)).toBeNull()
    expect(causesOf(await hand.plan())).toEqual(steps)
    expect(await hand.sh('ls /var/*.pem /etc/systemd/system/nix-serve.service; id nix-serve')).toBe('')
  })
})
