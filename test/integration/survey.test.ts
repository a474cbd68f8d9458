// The survey on real desktops: each fault of the lab changes just the facts it should, and the look itself changes nothing.
import { availableParallelism, loadavg } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { surveyReport } from '../../src/core/repair/report.ts'
import { surveyProgram } from '../../src/core/repair/sh.ts'
import { readSurvey } from '../../src/core/repair/survey.ts'
import type { SurveyFacts } from '../../src/core/repair/survey-facts.ts'
import { type Lab, openLab } from '../lab/lab.ts'

const user = 'nix-builder'
const program = surveyProgram(user, { ssh: 22, cache: 5000 })

let lab: Lab
beforeAll(async () => {
  lab = await openLab({ id: `survey-${process.pid}` })
  await askCache()
})
afterAll(() => lab?.down())
afterEach(() => lab.mend())

interface Looked {
  readonly facts: SurveyFacts
  readonly machine: SurveyFacts['machine']
  readonly stdout: string
  readonly ms: number
}

/** As the session runs it: the program on stdin of a plain sh, as root or as the admin alone. */
async function look(on: Lab = lab, as: 'root' | 'admin' = 'root'): Promise<Looked> {
  const become =
    as === 'root' ? [] : ['setpriv', '--reuid=kernelcore', '--regid=kernelcore', '--init-groups', '--']
  const ran = await on.onDesktop([...become, 'env', 'LC_ALL=C', 'sh', '-s', '--', '10.77.0.1'], {
    input: program,
  })
  const facts = readSurvey(ran.stdout, { kind: as === 'root' ? 'root' : 'none', said: '' })
  if (facts === null) throw new Error(`no survey: ${ran.stdout}\n${ran.stderr}`)
  expect(ran.stderr).toBe('')
  return { facts, machine: facts.machine, stdout: ran.stdout, ms: ran.ms }
}

/**
 * Asks the cache for what a look may ask: the lab's has Nix sign a path when it is asked for the first time, for which a
 * look on a busy machine may have too little patience. What it says of a fault then stands in its journal.
 */
async function askCache(): Promise<void> {
  const ask = 'curl -s -o /dev/null -m 30 http://127.0.0.1:5000/$hash.narinfo'
  const all = `ls /nix/store | grep -o '^[0-9a-z]\\{32\\}'; echo 00000000000000000000000000000000`
  await lab.onDesktop(['sh', '-c', `for hash in $(${all}); do ${ask}; done; journalctl --sync`])
}

/** Every file that a look could touch, by content, mode, owner and times of change. */
async function traces(on: Lab): Promise<string> {
  const places =
    '/etc /root /home /var/lib/nix-builder /var/cache-priv-key.pem /var/cache-pub-key.pem /usr/local'
  const script = `find ${places} -xdev -printf '%p %m %U:%G %s %T@ %C@\\n' 2>/dev/null | sort
    find ${places} -xdev -type f -exec sha256sum {} + 2>/dev/null | sort
    iptables-save | grep -v '^[#:]'; systemctl list-units --all --plain --no-legend -t service,socket | grep -v '^user'`
  const { stdout } = await on.onDesktop(['sh', '-c', script])
  expect(stdout.length).toBeGreaterThan(10_000)
  return stdout
}

const notWell = ({ facts }: Looked) =>
  surveyReport(facts, { host: 'desktop', user }).sections.flatMap(({ rows }) =>
    rows.filter(({ mark }) => mark === 'bad' || mark === 'unknown'),
  )

describe('the survey of a desktop that is well', () => {
  it('finds nothing wrong, in less than a second, and changes nothing', async () => {
    const before = await traces(lab)
    const looks = [await look(), await look(), await look()]
    expect(await traces(lab)).toBe(before)
    const [first] = looks
    if (first === undefined) throw new Error('three looks')
    expect(notWell(first)).toEqual([])
    expect(first.machine.cache.key.publicKey).toBe(lab.state.cacheKeys[0])
    expect(first.machine).toMatchObject({
      nix: {
        bin: '/usr/bin',
        builderFinds: true,
        shellNoise: '',
        builderAllowed: true,
        builderTrusted: true,
      },
      cache: { info: 200, narinfo: 200, storeDir: '/nix/store', user: 'nix-serve', key: { readable: true } },
      firewall: { by: 'none' },
      nixos: null,
    })
    // Of a machine whose processors wait in line, so does the survey: the best of some counts, and the length of the line.
    const inTime = async () => {
      const queue = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
      return Math.min((await look()).ms, ...looks.map(({ ms }) => ms)) / queue
    }
    await expect.poll(inTime).toBeLessThan(1000)
  })

  it('never says the cache’s secret key', async () => {
    const { stdout: secret } = await lab.onDesktop(['cat', '/var/cache-priv-key.pem'])
    const part = secret.trim().split(':')[1] ?? ''
    expect(part).toHaveLength(88)
    expect((await look()).stdout).not.toContain(part.slice(0, 40))
  })

  it('stays honest without root: no firewall, no other user’s shell, no key, and nothing called missing', async () => {
    const before = await traces(lab)
    const { machine, ...looked } = await look(lab, 'admin')
    expect(await traces(lab)).toBe(before)
    expect(machine).toMatchObject({
      nix: { builderFinds: null, shellNoise: null, builderAllowed: null, builderTrusted: null },
      cache: { info: 200, narinfo: 200, key: { kind: 'file', readable: null, publicKey: null } },
      firewall: { by: 'unknown', open: [{ open: null }, { open: null }] },
    })
    expect(notWell({ machine, ...looked }).filter(({ mark }) => mark === 'bad')).toEqual([])
  })
})

const unit = (machine: SurveyFacts['machine'], is: string) =>
  machine.units?.find((one) => one.is === is)?.active

interface Case {
  /** Broken at once, each in a part of its own: one look has to tell them apart. */
  readonly faults: readonly string[]
  readonly facts: object
  readonly units?: Readonly<Record<string, string>>
}
const filtered = (ssh: boolean, cache: boolean) => ({
  by: 'iptables',
  open: [
    { port: 22, open: ssh },
    { port: 5000, open: cache },
  ],
  chain: 'INPUT',
})
const cases: readonly Case[] = [
  {
    faults: ['cache-stopped', 'shell-noise', 'not-trusted'],
    facts: {
      cache: { info: 0, narinfo: 0, heldBy: '' },
      nix: {
        builderFinds: true,
        shellNoise: 'Welcome to desktop',
        trustedUsers: 'root',
        builderTrusted: false,
      },
    },
    units: { cache: 'inactive' },
  },
  {
    faults: ['cache-narinfo-500', 'not-allowed', 'cache-filtered'],
    facts: {
      cache: { info: 200, narinfo: 500, key: { kind: 'file', readable: false } },
      nix: { allowedUsers: 'root kernelcore nix-serve', daemonAnswers: true, builderAllowed: false },
      firewall: filtered(true, false),
    },
  },
  {
    faults: ['cache-key-malformed', 'nologin-shell', 'ssh-filtered'],
    facts: {
      cache: { info: 200, narinfo: 500, key: { kind: 'file', publicKey: '' } },
      nix: { builderFinds: null, shellNoise: null, builderAllowed: true },
      firewall: filtered(false, true),
      // It runs, and fails: its own words are wanted all the same.
      units: expect.arrayContaining([
        expect.objectContaining({
          is: 'cache',
          active: 'active',
          journal: expect.stringContaining('secret key'),
        }),
      ]),
    },
  },
  {
    faults: ['cache-key-missing', 'remote-daemon-stopped'],
    facts: {
      cache: { narinfo: 500, key: { kind: 'missing', publicKey: null, readable: null } },
      nix: {
        daemonAnswers: false,
        builderAllowed: null,
        daemonSaid: expect.stringContaining('Connection refused'),
      },
    },
    units: { 'nix-daemon-socket': 'inactive' },
  },
  {
    faults: ['cache-http-503', 'nix-not-in-path'],
    facts: {
      cache: { info: 503, narinfo: null, heldBy: 'lab-cache-impostor.service' },
      nix: { bin: '/opt/nix', builderFinds: false, shellNoise: '', daemonAnswers: true },
    },
    units: { cache: 'inactive' },
  },
  {
    faults: ['cache-captive', 'not-in-nix-users'],
    facts: {
      cache: { info: 200, storeDir: '', narinfo: null, heldBy: 'lab-cache-impostor.service' },
      nix: { socketOpen: false, socketGroup: 'nix-users', daemonAnswers: true, builderAllowed: false },
    },
  },
  {
    faults: ['cache-other-store-dir', 'builder-missing'],
    facts: {
      cache: { info: 200, storeDir: '/home/me/nix/store' },
      nix: { builderFinds: null, builderAllowed: null, daemonAnswers: true, socketOpen: null },
      user: { exists: false },
    },
  },
  { faults: ['cache-unsigned'], facts: { cache: { narinfo: 200, key: { named: false } } } },
  { faults: ['disk-full'], facts: { disk: { free: 262_144, dead: expect.any(Number) } } },
]

describe('the survey of a desktop with', () => {
  it.each(cases.map((one) => ({ ...one, named: one.faults.join(', ') })))(
    '$named',
    async ({ faults, facts, units }) => {
      for (const fault of faults) await lab.break(fault)
      await askCache()
      const looked = await look()
      expect({ ...looked.machine, user: looked.facts.user }).toMatchObject(facts)
      for (const [is, active] of Object.entries(units ?? {})) expect(unit(looked.machine, is)).toBe(active)
    },
  )

  it('a cache that accepts and never answers, waits a moment for it and asks it no more', async () => {
    await lab.break('cache-silent')
    const { machine, ms } = await look()
    expect(machine.cache).toMatchObject({ info: 0, narinfo: null, heldBy: 'lab-cache-impostor.service' })
    expect(ms).toBeLessThan(20_000)
  })
})

describe('the survey of', () => {
  it('a bare desktop finds Nix, and no user, cache or key', async () => {
    const bare = await openLab({ id: `survey-bare-${process.pid}`, profile: 'bare' })
    try {
      const before = await traces(bare)
      const { facts, machine } = await look(bare)
      expect(await traces(bare)).toBe(before)
      expect(facts.user.exists).toBe(false)
      expect(machine).toMatchObject({
        nix: { bin: '/usr/bin', daemonAnswers: true, socketGroup: 'nix-users', trustedUsers: 'root' },
        cache: { info: 0, key: { kind: 'missing', named: false } },
        // Its store is not made yet.
        disk: { free: expect.any(Number) },
      })
      expect(unit(machine, 'cache')).toBeUndefined()
    } finally {
      await bare.down()
    }
  })

  it('a NixOS desktop finds its flake and the host’s own file, and that the module is missing', async () => {
    const nixos = await openLab({ id: `survey-nixos-${process.pid}`, profile: 'nixos' })
    try {
      const { facts, machine } = await look(nixos)
      expect(facts.os).toMatchObject({ id: 'nixos', nixos: true })
      expect(machine.firewall).toMatchObject({ by: 'nixos', open: [{ open: true }, { open: false }] })
      expect(machine.nixos).toMatchObject({
        hostName: 'desktop',
        flake: { path: '/etc/nixos/flake.nix', kind: 'file', writable: true },
        modules: [],
        git: false,
      })
      expect(machine.nixos?.configurations[0]?.path).toBe('/etc/nixos/hosts/desktop/configuration.nix')
      expect(machine.nixos?.rebuild).toMatch(/\/nixos-rebuild$/)
      expect(machine.nix.conf).toMatchObject({ writable: false })
    } finally {
      await nixos.down()
    }
  })
})
