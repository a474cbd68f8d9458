// What a survey of the demo desktop finds: a Debian desktop of which some things are not set up. The real planner reads it.
import type { MachineFacts, UnitFacts } from '../repair/machine-facts.ts'
import type { SurveyFacts } from '../repair/survey-facts.ts'

/** What holds on the demo desktop now. */
export interface DemoDesktop {
  readonly account: boolean
  readonly key: boolean
  readonly trusted: boolean
  readonly cacheKey: boolean
  readonly cacheUnit: boolean
  readonly cacheRuns: boolean
  readonly portOpen: boolean
  readonly diskFree: boolean
}

export const healthyDesktop: DemoDesktop = {
  account: true,
  key: true,
  trusted: true,
  cacheKey: true,
  cacheUnit: true,
  cacheRuns: true,
  portOpen: true,
  diskFree: true,
}
/** Nix and a program for the cache are there, and nothing else. */
export const bareDesktop: DemoDesktop = {
  account: false,
  key: false,
  trusted: false,
  cacheKey: false,
  cacheUnit: false,
  cacheRuns: false,
  portOpen: false,
  diskFree: false,
}

const home = '/var/lib/nix-builder'
const cachePort = 5000
const gib = 1024 ** 3

interface Wish {
  readonly user: string
  /** "restrict ssh-ed25519 …", as it is pushed. */
  readonly keyLine: string
  /** "demo-1:…" */
  readonly cacheKey: string
}

/** As the survey's script would tell it, once it may look as root. */
export function demoDesktopFacts(now: DemoDesktop, wish: Wish, rights: SurveyFacts['rights']): SurveyFacts {
  const uid = 998
  const { user } = wish
  const own = { uid, gid: uid, owner: user, group: user }
  const file = `${home}/.ssh/authorized_keys`
  const missing = (path: string) =>
    ({ path, kind: 'missing', uid: 0, gid: 0, owner: '', group: '', mode: '' }) as const
  const text = now.key ? `${wish.keyLine}\n` : null
  return {
    schema: 1,
    rights,
    os: { id: 'debian', like: '', version: '13', nixos: false },
    sshd: {
      asked: true,
      authorizedKeysFile: '.ssh/authorized_keys .ssh/authorized_keys2',
      strictModes: true,
      usePam: true,
      pubkey: true,
      allowUsers: '',
      denyUsers: '',
      allowGroups: '',
      denyGroups: '',
    },
    user: {
      exists: now.account,
      uid: now.account ? uid : 0,
      gid: now.account ? uid : 0,
      group: now.account ? user : '',
      groups: now.account ? user : '',
      groupShared: false,
      home: now.account ? home : '',
      shell: now.account ? '/bin/sh' : '',
      shellRuns: now.account,
      locked: now.account ? false : null,
      expired: now.account ? false : null,
      expires: '',
      homeThere: now.account,
    },
    nixUsersGroup: false,
    files: now.account
      ? [
          {
            path: file,
            real: file,
            kind: text === null ? 'missing' : 'file',
            bytes: text?.length ?? 0,
            hex: text === null ? null : hexOf(text),
            writable: true,
            trail: [
              { path: home, kind: 'folder', mode: '700', ...own },
              now.key
                ? { path: `${home}/.ssh`, kind: 'folder', mode: '700', ...own }
                : missing(`${home}/.ssh`),
              now.key ? { path: file, kind: 'file', mode: '600', ...own } : missing(file),
            ],
            freeBytes: 40 * gib,
          },
        ]
      : [],
    others: [],
    selinux: false,
    machine: machineOf(now, wish),
  }
}

function machineOf(now: DemoDesktop, { user, cacheKey }: Wish): MachineFacts {
  const setting = now.trusted ? `extra-trusted-users = ${user}\n` : ''
  return {
    nix: {
      bin: '/usr/bin',
      version: '2.26.3',
      builderFinds: now.account ? true : null,
      shellNoise: now.account ? '' : null,
      daemonAnswers: true,
      builderAllowed: now.account ? true : null,
      builderTrusted: now.account ? now.trusted : null,
      daemonSaid: '',
      socketOpen: true,
      socketGroup: '',
      trustedUsers: now.trusted ? `root ${user}` : 'root',
      allowedUsers: '*',
      conf: {
        path: '/etc/nix/nix.conf',
        real: '/etc/nix/nix.conf',
        kind: 'file',
        hex: hexOf(`build-users-group = nixbld\n${setting}`),
        owner: 'root',
        group: 'root',
        mode: '644',
        writable: true,
      },
    },
    systemd: 257,
    units: unitsOf(now),
    listening: [22, ...(now.cacheRuns ? [cachePort] : [])].map((port) => ({ port, address: '0.0.0.0' })),
    cache: {
      port: cachePort,
      programs: ['/usr/bin/nix-serve'],
      info: now.cacheRuns ? 200 : 0,
      storeDir: now.cacheRuns ? '/nix/store' : '',
      heldBy: '',
      narinfo: now.cacheRuns ? 200 : 0,
      user: now.cacheUnit ? 'nix-serve' : '',
      byCredential: now.cacheUnit,
      key: {
        path: '/var/cache-priv-key.pem',
        named: now.cacheUnit,
        kind: now.cacheKey ? 'file' : 'missing',
        owner: now.cacheKey ? 'root' : '',
        group: now.cacheKey ? 'root' : '',
        mode: now.cacheKey ? '400' : '',
        readable: now.cacheKey ? true : null,
        publicKey: now.cacheKey ? cacheKey : null,
        publicFile: '',
        published: '',
      },
    },
    firewall: {
      by: 'ufw',
      open: [
        { port: 22, open: true },
        { port: cachePort, open: now.portOpen },
      ],
      zone: '',
      keptIn: '',
      chain: '',
      inWay: '',
    },
    disk: now.diskFree
      ? { free: 60 * gib, total: 460 * gib, dead: null }
      : { free: 716 * 1024 ** 2, total: 460 * gib, dead: 38 * gib },
    nixos: null,
    nfs: null,
  }
}

function unitsOf(now: DemoDesktop): UnitFacts[] {
  const up = { load: 'loaded', active: 'active', enabled: 'enabled', journal: '' } as const
  const down = { ...up, active: 'inactive', journal: 'Stopped nix-serve.service.' } as const
  return [
    { is: 'sshd', name: 'ssh.service', ...up },
    { is: 'nix-daemon', name: 'nix-daemon.service', ...up },
    { is: 'nix-daemon-socket', name: 'nix-daemon.socket', ...up },
    ...(now.cacheUnit
      ? [{ is: 'cache', name: 'nix-serve.service', ...(now.cacheRuns ? up : down) } as const]
      : []),
  ]
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex')
}
