// Facts of the whole machine -> plan: each cause alone, several at once, a healthy desktop, a bare one, half-known ones.
import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import type { Choices } from '../../../../src/core/repair/steps/context.ts'
import { type FactsWish, factsOf, healthyMachine, type MachineWish, textFileOf } from './facts.ts'
import { repairTarget } from './target.ts'

const planOf = (
  machine: MachineWish,
  wish: FactsWish = {},
  choices: Choices = {},
  trustedKeys: string[] = [],
) =>
  makePlan(
    factsOf({ machine: healthyMachine(machine), ...wish }),
    { ...repairTarget(22), trustedKeys },
    choices,
  )
const stepsOf = (machine: MachineWish, wish?: FactsWish) =>
  planOf(machine, wish).plan.steps.map(({ id, cause }) => `${id} ${cause}`)
const unmendedOf = (machine: MachineWish, wish?: FactsWish) =>
  planOf(machine, wish).plan.unmended.map(({ cause }) => cause)
const stepOf = (...args: Parameters<typeof planOf>) => planOf(...args).plan.steps[0]

const gib = 1024 ** 3
const off = { active: 'inactive' } as const
const blocked = {
  open: [
    { port: 22, open: true },
    { port: 5000, open: false },
  ],
}
const noCache = {
  units: { cache: null },
  cache: { info: 0, narinfo: 0, user: '' },
  key: { named: false, kind: 'missing', publicKey: '' },
} as const

type Case = readonly [about: string, machine: MachineWish, ...steps: string[]]
const cases: readonly Case[] = [
  ['a healthy desktop', {}],
  [
    'sshd not started with the system',
    { units: { sshd: { enabled: 'disabled' } } },
    'enable-sshd desktop.sshd-down',
  ],
  ['a builder that does not find Nix', { nix: { builderFinds: false } }, 'find-nix nix.not-found'],
  [
    'a stopped daemon',
    { nix: { daemonAnswers: false }, units: { 'nix-daemon': off, 'nix-daemon-socket': off } },
    'start-nix-daemon nix.daemon-down',
  ],
  ['a daemon whose socket starts it', { units: { 'nix-daemon': off } }],
  [
    'a daemon that runs and does not answer',
    { nix: { daemonAnswers: false } },
    'start-nix-daemon nix.daemon-down',
  ],
  [
    'a socket that is open to a group',
    { nix: { socketOpen: false, socketGroup: 'nixers', daemonAnswers: false } },
    'allow-builder nix.not-allowed',
  ],
  ['a builder that is not trusted', { nix: { trustedUsers: 'root' } }, 'trust-builder nix.not-trusted'],
  ['a builder trusted by its group', { nix: { trustedUsers: 'root @nix-users' } }],
  ['everybody trusted', { nix: { trustedUsers: '*' } }],
  [
    'a builder that is not allowed: trust alone lets it in',
    { nix: { trustedUsers: 'root', allowedUsers: 'root kernelcore', daemonAnswers: false } },
    'trust-builder nix.not-allowed',
  ],
  ['a builder that is trusted, though not allowed by name', { nix: { allowedUsers: 'root' } }],
  [
    'a lost key',
    { cache: { narinfo: 500 }, key: { kind: 'missing', publicKey: '', readable: false } },
    'make-cache-key desktop.cache-key-missing',
  ],
  [
    'a key that the cache may not read',
    { cache: { narinfo: 500 }, key: { readable: false, owner: 'root' } },
    'mend-cache-key desktop.cache-key-permissions',
  ],
  [
    'a key that systemd hands on',
    { cache: { byCredential: true, user: '' }, key: { readable: false, owner: 'root' } },
  ],
  [
    'a damaged key',
    { cache: { narinfo: 500 }, key: { publicKey: '' } },
    'renew-cache-key desktop.cache-key-invalid',
  ],
  [
    'a program and no service',
    noCache,
    'make-cache-key desktop.cache-key-missing',
    'install-cache desktop.cache-service-missing',
  ],
  ['a service without a key', { key: { named: false } }, 'install-cache cache.unsigned'],
  [
    'a stopped cache',
    { cache: { info: 0 }, units: { cache: off } },
    'start-cache desktop.cache-service-down',
  ],
  [
    'a cache that answers and is not enabled',
    { units: { cache: { enabled: 'disabled' } } },
    'start-cache desktop.cache-service-down',
  ],
  ['a cache that is only starting', { units: { cache: { active: 'activating' } }, cache: { info: null } }],
  [
    'a cache that reads its settings anew',
    { units: { cache: { active: 'reloading' } }, cache: { info: null } },
  ],
  ['a cache that a socket starts', { units: { cache: off } }],
  ['somebody else who serves', { units: { cache: null }, cache: { programs: [] }, key: { kind: 'missing' } }],
  ['a closed port', { firewall: { by: 'ufw', ...blocked } }, 'open-firewall desktop.firewall-blocks'],
  ['a disk with little room', { disk: { free: gib / 2, total: 100 * gib } }, 'free-disk desktop.disk-low'],
  ['a big disk with 2 % left', { disk: { free: 9 * gib, total: 450 * gib } }, 'free-disk desktop.disk-low'],
  ['a huge disk with 2 % left', { disk: { free: 80 * gib, total: 4000 * gib } }],
  ['a full disk', { disk: { free: 1000, total: 100 * gib } }, 'free-disk nix.disk-full'],
  [
    'three at once, and more: each once, in an order that works',
    {
      nix: { trustedUsers: 'root' },
      units: { cache: { active: 'failed', enabled: 'disabled' }, sshd: { enabled: 'disabled' } },
      cache: { info: 0, narinfo: 0 },
      key: { kind: 'missing', publicKey: '' },
      firewall: { by: 'iptables', ...blocked },
    },
    'enable-sshd desktop.sshd-down',
    'trust-builder nix.not-trusted',
    'make-cache-key desktop.cache-key-missing',
    'start-cache desktop.cache-service-down',
    'open-firewall desktop.firewall-blocks',
  ],
]

describe('a plan for the machine', () => {
  it.each(cases.map(([about, machine, ...steps]) => ({ about, machine, steps })))(
    'for $about',
    ({ machine, steps }) => {
      expect(stepsOf(machine)).toEqual(steps)
      expect(unmendedOf(machine)).toEqual([])
      expect(planOf(machine).plan.partial).toBe(false)
    },
  )

  it('leaves an sshd alone that its socket starts', () => {
    const machine = healthyMachine({ units: { sshd: { enabled: 'disabled' } } })
    const socket = {
      is: 'sshd',
      name: 'ssh.socket',
      load: 'loaded',
      active: 'active',
      enabled: 'enabled',
      journal: '',
    } as const
    const facts = factsOf({ machine: { ...machine, units: [...(machine.units ?? []), socket] } })
    expect(makePlan(facts, repairTarget(22), {}).plan.steps).toEqual([])
  })

  it('brings a bare Debian with Nix to a builder and cache, in order', () => {
    const bare: FactsWish = { user: { exists: false, groups: '' }, files: [] }
    const machine: MachineWish = {
      ...noCache,
      nix: {
        trustedUsers: 'root',
        builderFinds: null,
        shellNoise: null,
        socketOpen: null,
        socketGroup: 'nix-users',
      },
      firewall: { by: 'nftables', chain: 'inet filter input', ...blocked },
    }
    expect(stepsOf(machine, bare)).toEqual([
      'create-builder-user desktop.builder-user-missing',
      'create-ssh-folder desktop.authorized-keys-missing',
      'push-key desktop.authorized-keys-missing',
      'trust-builder nix.not-trusted',
      'make-cache-key desktop.cache-key-missing',
      'install-cache desktop.cache-service-missing',
      'open-firewall desktop.firewall-blocks',
    ])
    expect(planOf(machine, bare).plan).toMatchObject({ partial: false, unmended: [] })
  })

  it.each<readonly [about: string, machine: MachineWish, cause: string]>([
    [
      'no Nix at all',
      { nix: { bin: '', builderFinds: false, trustedUsers: null, daemonAnswers: null } },
      'nix.not-found',
    ],
    ['a shell that greets', { nix: { shellNoise: 'Welcome\n' } }, 'desktop.shell-noise'],
    [
      'no program for a cache',
      { ...noCache, cache: { ...noCache.cache, programs: [] } },
      'desktop.cache-service-missing',
    ],
    [
      'a socket that is closed to its own group',
      { nix: { socketOpen: false, socketGroup: 'nix-users' } },
      'nix.not-allowed',
    ],
    ['a firewall that nobody rules', { firewall: { by: 'unknown', ...blocked } }, 'desktop.firewall-blocks'],
    ['a port that another program holds', { cache: { heldBy: 'python3', info: 0 } }, 'cache.not-a-cache'],
    ['a cache of another store', { cache: { storeDir: '/gnu/store' } }, 'cache.store-dir-mismatch'],
    ['a cache that fails with its key in order', { cache: { narinfo: 500 } }, 'cache.narinfo-error'],
    ['no systemd, and a silent daemon', { systemd: false, nix: { daemonAnswers: false } }, 'nix.daemon-down'],
    [
      'settings on a file system that cannot be written',
      { nix: { trustedUsers: 'root', conf: textFileOf('/etc/nix/nix.conf', '', { writable: false }) } },
      'desktop.read-only',
    ],
    [
      'settings that lead into the store',
      {
        nix: {
          trustedUsers: 'root',
          conf: textFileOf('/etc/nix/nix.conf', '', { real: '/nix/store/x-nix.conf' }),
        },
      },
      'nix.not-trusted',
    ],
  ])('leaves to a person: %s', (_, machine, cause) => {
    expect(unmendedOf(machine)).toEqual([cause])
    expect(stepsOf(machine)).toEqual([])
  })

  it.each<readonly [about: string, machine: MachineWish]>([
    ['who is trusted', { nix: { trustedUsers: null, allowedUsers: null } }],
    ['whether the builder finds Nix', { nix: { builderFinds: null, shellNoise: null } }],
    ['the key', { key: { kind: 'denied', publicKey: null, readable: null } }],
    ['the ports', { firewall: { by: 'unknown', open: [{ port: 5000, open: null }] } }],
    ['the disk', { disk: { free: null, total: null } }],
  ])('makes no step of what is not known, and says so: %s', (_, machine) => {
    expect(planOf(machine).plan).toMatchObject({ steps: [], unmended: [], partial: true })
  })
})

describe('a step', () => {
  it('shows the one line that trust takes, and nothing else', () => {
    const conf = textFileOf('/etc/nix/nix.conf', 'sandbox = true\ntrusted-users = root')
    const step = stepOf({ nix: { trustedUsers: 'root', conf } })
    expect(step?.changes[0]?.diff).toContain('+extra-trusted-users = nix-builder')
    expect(step?.changes[0]?.diff.split('\n').filter((line) => /^[+-][^+-]/.test(line))).toEqual([
      '-trusted-users = root',
      '+trusted-users = root',
      '+extra-trusted-users = nix-builder',
    ])
    expect(step?.commands).toEqual([
      "add_setting /etc/nix/nix.conf 'extra-trusted-users = nix-builder'",
      'systemctl try-restart nix-daemon.service',
    ])
  })

  it.each<readonly [published: string, trusted: string[], name: string]>([
    ['', [], 'cache.local-1'],
    ['', ['cache.local-1:AAAA'], 'cache.local-2'],
    ['', ['cache.local-1:AAAA', 'cache.local-2:BBBB', 'cache.nixos.org-1:CCCC'], 'cache.local-3'],
    ['desk.home-9:AAAA', [], 'desk.home-10'],
    ['desk:AAAA', ['desk-2:BBBB'], 'desk-3'],
    ['bad name; rm:AAAA', [], 'cache.local-1'],
  ])('never gives a new key a name that was in use: %s %j -> %s', (published, trusted, name) => {
    const step = stepOf({ key: { kind: 'missing', publicKey: '', published } }, {}, {}, trusted)
    expect(step?.params).toMatchObject({ name })
    expect(step?.commands[0]).toContain(`make_cache_key /usr/bin ${name} /var/cache-priv-key.pem`)
  })

  it('replaces a damaged key by choice only', () => {
    const machine = { key: { publicKey: '' } }
    expect(stepOf(machine)).toMatchObject({
      commands: [],
      choice: { options: ['leave', 'renew'], chosen: 'leave' },
    })
    expect(stepOf(machine, {}, { 'renew-cache-key': 'renew' })?.commands[0]).toBe(
      'move_aside /var/cache-priv-key.pem',
    )
  })

  it('collects garbage by choice only, and says what it would free', () => {
    const disk = { free: gib / 2, total: 100 * gib, dead: 2.5 * gib }
    expect(stepOf({ disk })).toMatchObject({ commands: [], params: { free: '0.5 GiB', dead: '2.5 GiB' } })
    expect(stepOf({ disk }, {}, { 'free-disk': 'collect' })).toMatchObject({
      commands: ['collect_garbage /usr/bin'],
      long: true,
    })
  })

  it('gives the key to the service as a credential where systemd can', () => {
    const diffOf = (systemd: number) =>
      planOf({ ...noCache, systemd }).plan.steps.find(({ id }) => id === 'install-cache')?.changes[0]?.diff
    expect(diffOf(257)).toContain('LoadCredential=cache-key:/var/cache-priv-key.pem')
    expect(diffOf(246)).toContain('Environment=NIX_SECRET_KEY_FILE=/var/cache-priv-key.pem')
    expect(diffOf(246)).not.toContain('LoadCredential')
  })

  it('gives harmonia a unit, a user and a setting of its own name, and leaves another port to a person', () => {
    const programs = ['/usr/bin/harmonia-cache']
    const wish = (port: number) => ({ ...noCache, cache: { ...noCache.cache, programs, port } })
    const step = planOf(wish(5000)).plan.steps.find(({ id }) => id === 'install-cache')
    expect(step?.changes[0]?.path).toBe('/etc/systemd/system/harmonia.service')
    expect(step?.changes[0]?.diff).toMatch(/^\+User=harmonia$/m)
    expect(step?.changes[0]?.diff).toContain(
      `+ExecStart=/bin/sh -c 'SIGN_KEY_PATHS="$$CREDENTIALS_DIRECTORY/cache-key" exec /usr/bin/harmonia-cache'`,
    )
    expect(unmendedOf(wish(8080))).toEqual(['desktop.cache-service-missing'])
  })

  it('unmasks what it starts', () => {
    const masked = { load: 'masked', enabled: 'masked', active: 'inactive' } as const
    expect(stepOf({ cache: { info: 0 }, units: { cache: masked } })?.commands.slice(0, 2)).toEqual([
      'systemctl unmask nix-serve.service',
      'systemctl enable nix-serve.service',
    ])
  })

  it.each([
    ['ufw', '', '', 'ufw allow 5000/tcp'],
    ['firewalld', 'home', '', 'firewall-cmd --quiet --permanent --zone=home --add-port=5000/tcp'],
    ['nftables', '', 'inet filter input', "open_nftables 'inet filter input' 5000 ''"],
    ['iptables', '', '', "open_iptables 5000 ''"],
  ] as const)('opens %s in its own words', (by, zone, chain, command) => {
    expect(stepOf({ firewall: { by, zone, chain, ...blocked } })?.commands[0]).toBe(command)
  })

  it('says what is open only until the next restart, and what keeps it', () => {
    const wall = (by: 'iptables' | 'nftables' | 'ufw', keptIn: string) =>
      stepOf({ firewall: { by, keptIn, chain: 'inet filter input', ...blocked } })?.keep
    expect(wall('iptables', '')).toEqual([
      'iptables -I INPUT -p tcp -m tcp --dport 5000 -m comment --comment offload-tray -j ACCEPT',
      'ip6tables -I INPUT -p tcp -m tcp --dport 5000 -m comment --comment offload-tray -j ACCEPT',
    ])
    expect(wall('nftables', '')).toEqual([
      `nft 'insert rule inet filter input tcp dport 5000 accept comment "offload-tray"'`,
    ])
    expect(wall('iptables', '/etc/iptables/rules.v4')).toBeUndefined()
    expect(wall('nftables', '/etc/nftables.conf')).toBeUndefined()
    expect(wall('ufw', '')).toBeUndefined()
  })

  it('goes before a rule of ufw’s that keeps the whole network out, and names it', () => {
    const rule = '-A ufw-user-input -s 192.168.0.0/16 -j DROP'
    const step = stepOf({ firewall: { by: 'ufw', inWay: rule, ...blocked } })
    expect(step?.commands).toEqual(['ufw_first 5000'])
    expect(step?.params).toMatchObject({ rule })
    // What ufw does by its policy comes after all rules; what somebody put around ufw is nothing that ufw can mend.
    const after = '-A ufw-reject-input -j REJECT --reject-with icmp-port-unreachable'
    expect(stepOf({ firewall: { by: 'ufw', inWay: after, ...blocked } })?.commands).toEqual([
      'ufw allow 5000/tcp',
    ])
    const around = { firewall: { by: 'ufw', inWay: '-A ufw-before-input -j DROP', ...blocked } } as const
    expect(stepOf(around)).toBeUndefined()
    expect(unmendedOf(around)).toEqual(['desktop.firewall-blocks'])
  })

  it('says of what cannot be taken back that it cannot, before it runs', () => {
    const low = { disk: { free: 10 ** 8, total: 10 ** 11, dead: 10 ** 9 } }
    const collected = planOf(low, {}, { 'free-disk': 'collect' })
    expect(collected.plan.steps[0]).toMatchObject({ id: 'free-disk', final: true })
    expect(collected.codes.get('free-disk')).toMatchObject({ final: true })
    expect(stepOf(low)?.final).toBeUndefined()
  })

  it('is taken back by hand with commands that every machine has, never with functions of ours', () => {
    const words = new Set(
      'systemctl rm mv cp sed gpasswd userdel usermod rmdir chown chmod ufw firewall-cmd nft iptables ip6tables'.split(
        ' ',
      ),
    )
    const walls = (['ufw', 'firewalld', 'nftables', 'iptables'] as const).map((by) => ({
      firewall: { by, chain: 'inet filter input', keptIn: '/etc/iptables/rules.v4', ...blocked },
    }))
    for (const machine of [...cases.map(([, one]) => one), ...walls])
      for (const { id, undo = [] } of planOf(machine, { user: { exists: false, groups: '' }, files: [] }).plan
        .steps)
        for (const line of undo) expect([...words], `${id}: ${line}`).toContain(line.split(' ')[0])
  })

  it('shows commands that run as they are shown', () => {
    for (const [, machine] of cases)
      for (const { id, commands, script } of planOf(machine).plan.steps)
        if (script !== undefined)
          for (const command of commands) expect(script, id).toContain(command.split(' ')[0])
  })
})
