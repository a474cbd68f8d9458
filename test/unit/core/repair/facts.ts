// What a survey may have found, for tests: a healthy Debian desktop but for what is given. Drawn by hand, not taken from
// the demo's: a change of what the demo shows must not change what the planner is tested against.
import type {
  MachineFacts,
  NixosFacts,
  TextFile,
  UnitFacts,
} from '../../../../src/core/repair/machine-facts.ts'
import type { KeysFile, SurveyFacts, TrailEntry } from '../../../../src/core/repair/survey-facts.ts'
import { builderKey } from './target.ts'

const home = '/var/lib/nix-builder'
export const goodLine = `restrict ${builderKey.public.trim()} root@laptop`

export interface FactsWish {
  /** Of authorized_keys; null: no such file. Default: our line. */
  readonly keys?: string | null
  readonly rights?: SurveyFacts['rights']['kind']
  readonly os?: Partial<SurveyFacts['os']>
  readonly sshd?: Partial<SurveyFacts['sshd']>
  readonly user?: Partial<SurveyFacts['user']>
  /** Mode and owner of home, .ssh and the file. */
  readonly modes?: readonly [home: string, ssh: string, file: string]
  readonly owners?: readonly [home: number, ssh: number, file: number]
  readonly files?: SurveyFacts['files']
  readonly others?: SurveyFacts['others']
  readonly writable?: boolean
  /** Default: healthyMachine, or nixosMachine where `os.nixos` is true. */
  readonly machine?: MachineFacts
}

export function fileOf(path: string, text: string | null, more: Partial<KeysFile> = {}): KeysFile {
  const kind = text === null ? 'missing' : 'file'
  const hex = text === null ? null : Buffer.from(text).toString('hex')
  return {
    path,
    real: path,
    kind,
    bytes: text?.length ?? 0,
    hex,
    writable: true,
    trail: [],
    freeBytes: 1e9,
    ...more,
  }
}

export function factsOf(wish: FactsWish): SurveyFacts {
  const keys = wish.keys === undefined ? `${goodLine}\n` : wish.keys
  const [homeMode, sshMode, fileMode] = wish.modes ?? ['700', '700', '600']
  const [homeUid, sshUid, fileUid] = wish.owners ?? [998, 998, 998]
  const place = (path: string, kind: TrailEntry['kind'], mode: string, uid: number): TrailEntry => {
    const owner = uid === 0 ? 'root' : uid === 998 ? 'nix-builder' : 'someone'
    return { path, kind, mode, uid, gid: uid, owner, group: owner }
  }
  const trail = [
    place(home, 'folder', homeMode, homeUid),
    place(`${home}/.ssh`, 'folder', sshMode, sshUid),
    keys === null
      ? place(`${home}/.ssh/authorized_keys`, 'missing', '', 0)
      : place(`${home}/.ssh/authorized_keys`, 'file', fileMode, fileUid),
  ]
  const file = fileOf(`${home}/.ssh/authorized_keys`, keys, { trail, writable: wish.writable ?? true })
  return {
    schema: 1,
    rights: { kind: wish.rights ?? 'sudo', said: '' },
    os: { id: 'debian', like: '', version: '13', nixos: false, ...wish.os },
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
      ...wish.sshd,
    },
    user: {
      exists: true,
      uid: 998,
      gid: 998,
      group: 'nix-builder',
      groups: 'nix-builder nix-users',
      groupShared: false,
      home,
      shell: '/bin/bash',
      shellRuns: true,
      locked: false,
      expired: false,
      expires: '',
      homeThere: true,
      ...wish.user,
    },
    nixUsersGroup: true,
    files: wish.files ?? [file],
    others: wish.others ?? [],
    selinux: false,
    machine: wish.machine ?? (wish.os?.nixos === true ? nixosMachine() : healthyMachine()),
  }
}

export interface MachineWish {
  readonly nix?: Partial<MachineFacts['nix']>
  /** By what they stand for: changed from loaded, active and enabled; null: no such unit. */
  readonly units?: Partial<Record<UnitFacts['is'], Partial<UnitFacts> | null>>
  readonly systemd?: false | number
  readonly listening?: MachineFacts['listening']
  readonly cache?: Partial<Omit<MachineFacts['cache'], 'key'>>
  readonly key?: Partial<MachineFacts['cache']['key']>
  readonly firewall?: Partial<MachineFacts['firewall']>
  readonly disk?: Partial<MachineFacts['disk']>
  /** Default: nothing is exported. */
  readonly nfs?: MachineFacts['nfs']
  readonly nixos?: Partial<NixosFacts>
}

export const cachePublicKey = `desktop-1:${'k'.repeat(43)}=`

export function textFileOf(path: string, text: string | null, more: Partial<TextFile> = {}): TextFile {
  const there = { kind: 'file', owner: 'root', group: 'root', mode: '644', writable: true } as const
  const looks =
    text === null ? ({ kind: 'missing', owner: '', group: '', mode: '', writable: false } as const) : there
  const hex = text === null ? null : Buffer.from(text).toString('hex')
  return { path, real: path, hex, ...looks, ...more }
}

function unitsOf(wish: MachineWish): MachineFacts['units'] {
  if (wish.systemd === false) return null
  const names = {
    sshd: 'ssh.service',
    'nix-daemon': 'nix-daemon.service',
    'nix-daemon-socket': 'nix-daemon.socket',
    cache: 'nix-serve.service',
  } as const
  return (['sshd', 'nix-daemon', 'nix-daemon-socket', 'cache'] as const).flatMap((is) => {
    const more = wish.units?.[is]
    if (more === null) return []
    return [
      { is, name: names[is], load: 'loaded', active: 'active', enabled: 'enabled', journal: '', ...more },
    ]
  })
}

/** A Debian desktop with Nix, nix-serve and its key, and no firewall, on which nothing is wrong but what is given. */
export function healthyMachine(wish: MachineWish = {}): MachineFacts {
  return {
    nix: {
      bin: '/usr/bin',
      version: '2.26.3',
      builderFinds: true,
      shellNoise: '',
      daemonAnswers: true,
      builderAllowed: true,
      builderTrusted: true,
      daemonSaid: '',
      socketOpen: true,
      socketGroup: '',
      trustedUsers: 'root nix-builder',
      allowedUsers: '*',
      conf: textFileOf('/etc/nix/nix.conf', 'trusted-users = root nix-builder\n'),
      ...wish.nix,
    },
    systemd: wish.systemd === false ? null : (wish.systemd ?? 257),
    units: unitsOf(wish),
    listening:
      wish.listening === undefined
        ? [
            { port: 22, address: '0.0.0.0' },
            { port: 5000, address: '0.0.0.0' },
          ]
        : wish.listening,
    cache: {
      port: 5000,
      programs: ['/usr/bin/nix-serve'],
      info: 200,
      storeDir: '/nix/store',
      heldBy: '',
      narinfo: 200,
      user: 'nix-serve',
      byCredential: false,
      ...wish.cache,
      key: {
        path: '/var/cache-priv-key.pem',
        named: true,
        kind: 'file',
        owner: 'nix-serve',
        group: 'nix-serve',
        mode: '600',
        readable: true,
        publicKey: cachePublicKey,
        publicFile: '',
        published: '',
        ...wish.key,
      },
    },
    firewall: {
      by: 'none',
      open: [
        { port: 22, open: true },
        { port: 5000, open: true },
      ],
      zone: '',
      keptIn: '',
      chain: '',
      inWay: '',
      ...wish.firewall,
    },
    disk: { free: 200e9, total: 500e9, dead: null, ...wish.disk },
    nfs: wish.nfs === undefined ? { exports: [], serving: false } : wish.nfs,
    nixos: null,
  }
}

/** A NixOS desktop whose module is imported, enabled and switched to, on which nothing is wrong but what is given. */
export function nixosMachine(wish: MachineWish = {}): MachineFacts {
  const at = '/etc/nixos'
  const module = '{ config, lib, pkgs, ... }:\n{ options.services.offload-server = { }; }\n'
  const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = [
        ./configuration.nix
        ./modules/services/offload-server.nix
      ];
    };
  };
}
`
  const configuration = `{ config, pkgs, ... }:
{
  services.offload-server = {
    enable = true;
    cachePort = 5000;
    builderUser = "nix-builder";
    cacheKeyPath = "/var/cache-priv-key.pem";
    enableNFS = false;
  };
}
`
  const bin = '/run/current-system/sw/bin'
  return {
    ...healthyMachine({
      ...wish,
      nix: {
        bin,
        version: '2.31.2',
        conf: textFileOf('/etc/nix/nix.conf', 'trusted-users = root nix-builder\n', {
          real: '/nix/store/00000000000000000000000000000000-nix.conf',
          mode: '444',
          writable: false,
        }),
        ...wish.nix,
      },
      units: {
        ...wish.units,
        sshd: wish.units?.sshd === null ? null : { name: 'sshd.service', ...wish.units?.sshd },
      },
      cache: { programs: [], user: 'nix-serve', byCredential: true, ...wish.cache },
      key: { owner: 'root', group: 'root', mode: '400', ...wish.key },
      firewall: { by: 'nixos', chain: '', ...wish.firewall },
    }),
    nixos: {
      version: '25.11',
      hostName: 'desktop',
      flake: textFileOf(`${at}/flake.nix`, flake),
      configurations: [textFileOf(`${at}/configuration.nix`, configuration)],
      modules: [textFileOf(`${at}/modules/services/offload-server.nix`, module)],
      git: false,
      rebuild: `${bin}/nixos-rebuild`,
      system: '/nix/store/00000000000000000000000000000000-nixos-system-desktop-25.11',
      left: null,
      ...wish.nixos,
    },
  }
}
