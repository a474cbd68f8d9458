// What the NixOS modules come to, evaluated by the real Nix over a stand-in for nixpkgs (stand-in/, named so openly).
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clientSnippet, serverSnippet } from '../../../src/core/repair/nixos/snippet.ts'
import { evaluate, hasNix, libArgument } from './nix-instantiate.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const laptopKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILaptop root@laptop'
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDesktop0 root@desktop'
const cacheKey = `cache.local-1:${'A'.repeat(43)}=`

interface Unit {
  readonly before: readonly string[]
  readonly requiredBy: readonly string[]
  readonly wantedBy: readonly string[]
  readonly path: readonly string[]
  readonly script: string
}

interface Machine {
  readonly failed: readonly string[]
  readonly config: {
    readonly warnings: readonly string[]
    readonly users: {
      readonly users: Record<
        string,
        {
          shell: string
          home: string
          createHome: boolean
          isSystemUser: boolean
          openssh: { authorizedKeys: { keys: string[] } }
        }
      >
      readonly groups: object
    }
    readonly services: {
      readonly openssh: { enable: boolean; extraConfig: string; openFirewall: boolean }
      readonly 'nix-serve': { enable: boolean; port: number; secretKeyFile: string | null }
      readonly harmonia: unknown
      readonly nfs: { server: { enable: boolean; exports: string } }
    }
    readonly networking: { firewall: { allowedTCPPorts: number[]; interfaces: object } }
    readonly nix: {
      settings: Record<string, unknown>
      distributedBuilds: boolean
      buildMachines: Record<string, unknown>[]
    }
    readonly programs: { ssh: { extraConfig: string; knownHosts: object } }
    readonly systemd: { services: Record<string, Unit> }
    readonly fileSystems: Record<string, { device: string; options: string[] }>
  }
}

/** The machine that a module and one set of settings make. */
function machine(module: 'server' | 'client', settings: string, more = '', args = ''): Machine {
  return evaluate(`import ${path('stand-in/evaluate.nix')} {
    modules = [ ${path(`../../../nix/modules/offload-${module}.nix`)} ];
    settings = { config, lib, ... }: lib.mkMerge [ { ${settings} } { ${more} } ];
    ${args} ${libArgument}
  }`) as Machine
}

const server = (options: string, more = '', args = '') =>
  machine('server', `services.offload-server = { enable = true; ${options} };`, more, args)
const client = (options: string, more = '') =>
  machine('client', `services.offload-client = { enable = true; host = "192.168.15.7"; ${options} };`, more)

describe.runIf(hasNix)('the desktop module', () => {
  it('changes nothing until it is enabled', () => {
    const bare = machine('server', '')
    expect(bare.failed).toEqual([])
    expect(bare.config.users.users).toEqual({})
    expect(bare.config.services['nix-serve'].enable).toBe(false)
    expect(bare.config.networking.firewall.allowedTCPPorts).toEqual([])
    expect(bare.config.nix.settings['trusted-users']).toEqual(['root'])
  })

  it('makes a trusted builder user with a real shell and restricted keys', () => {
    const { config, failed } = server(`authorizedKeys = [ "${laptopKey}" "no-pty ${laptopKey}" ];`)
    expect(failed).toEqual([])
    expect(config.warnings).toEqual([])
    const user = config.users.users['nix-builder']
    expect(user).toMatchObject({
      isSystemUser: true,
      createHome: true,
      home: '/var/lib/nix-builder',
      shell: '/pkgs/bash-interactive',
    })
    expect(user?.openssh.authorizedKeys.keys).toEqual([`restrict ${laptopKey}`, `no-pty ${laptopKey}`])
    expect(config.nix.settings['trusted-users']).toEqual(['root', 'nix-builder'])
    // Never allowed-users itself: that would take everybody else's rights away.
    expect(config.nix.settings).not.toHaveProperty('allowed-users')
    expect(config.nix.settings['extra-allowed-users']).toEqual(['nix-builder', 'nix-serve'])
  })

  it('serves the cache with the page’s defaults and makes its key first', () => {
    const { config } = server('')
    expect(config.services['nix-serve']).toMatchObject({
      enable: true,
      port: 5000,
      secretKeyFile: '/var/cache-priv-key.pem',
    })
    const unit = config.systemd.services['offload-cache-key']
    expect(unit).toMatchObject({
      before: ['nix-serve.service'],
      requiredBy: ['nix-serve.service'],
      path: ['/pkgs/nix'],
    })
    expect(config.networking.firewall.allowedTCPPorts).toEqual([5000, 22])
    expect(config.services.nfs.server.enable).toBe(false)
    expect(config.services.openssh.enable).toBe(true)
  })

  it('warns while no laptop may build', () => {
    expect(server('').config.warnings).toEqual([expect.stringContaining('authorizedKeys is empty')])
  })

  it.each([
    ['new', (settings: object) => ({ cache: settings })],
    ['old', (settings: object) => settings],
  ] as const)('serves by harmonia where NixOS has it in the %s place', (age, shape) => {
    const { config, failed } = server(
      'cacheBackend = "harmonia"; cachePort = 5001;',
      '',
      `harmonia = "${age}";`,
    )
    expect(failed).toEqual([])
    expect(config.services.harmonia).toEqual(
      shape({
        enable: true,
        signKeyPaths: ['/var/cache-priv-key.pem'],
        settings: { bind: '[::]:5001', priority: 30 },
      }),
    )
    expect(config.services['nix-serve'].enable).toBe(false)
    expect(config.systemd.services['offload-cache-key']?.requiredBy).toEqual(['harmonia.service'])
    expect(config.networking.firewall.allowedTCPPorts).toContain(5001)
  })

  it('keeps its Match block from swallowing what others set in sshd', () => {
    const { config } = server('', 'services.openssh.extraConfig = "LogLevel VERBOSE";')
    const lines = config.services.openssh.extraConfig.trim().split('\n')
    expect(lines[0]).toBe('LogLevel VERBOSE')
    expect(lines[1]).toBe('Match User nix-builder')
    expect(lines).toContain('  PermitTTY no')
    expect(lines.at(-1)).toBe('Match all')
    expect(lines.join()).not.toContain('ForceCommand')
  })

  it('opens ports on chosen interfaces only, or none at all', () => {
    const some = server('interfaces = [ "enp3s0" ];', 'services.openssh.ports = [ 2222 ];').config.networking
      .firewall
    expect(some).toEqual({ allowedTCPPorts: [], interfaces: { enp3s0: { allowedTCPPorts: [5000, 2222] } } })
    expect(server('openFirewall = false;').config.networking.firewall.allowedTCPPorts).toEqual([])
  })

  it('hands limits to Nix, and leaves out what is null', () => {
    const settings = server('maxJobs = 8; cores = 0; minFree = null;').config.nix.settings
    expect(settings).toMatchObject({ 'max-jobs': 8, cores: 0, 'max-free': 20 * 1024 ** 3 })
    expect(settings).not.toHaveProperty('min-free')
    expect(server('').config.nix.settings).not.toHaveProperty('max-jobs')
  })

  it('exports the store to one subnet, read-only, and says the risk', () => {
    const { config, failed } = server(
      'enableNFS = true; nfsSubnet = "192.168.15.0/24"; authorizedKeys = [ "x" ];',
    )
    expect(failed).toEqual([])
    expect(config.services.nfs.server.exports.trim()).toBe(
      '/nix/store 192.168.15.0/24(ro,all_squash,no_subtree_check)',
    )
    expect(config.networking.firewall.allowedTCPPorts).toEqual([5000, 22, 2049])
    expect(config.warnings).toEqual([expect.stringContaining('without a key')])
  })

  it.each([
    ['enableNFS = true;', 'nfsSubnet'],
    ['enableNFS = true; nfsSubnet = "0.0.0.0/0";', 'nfsSubnet'],
    ['enableNFS = true; nfsSubnet = "*";', 'nfsSubnet'],
    ['cacheKeyPath = builtins.storeDir + "/x-key";', 'cacheKeyPath'],
    ['cacheKeyPath = "keys/cache";', 'cacheKeyPath'],
    ['cachePublicKeyPath = "/var/cache-priv-key.pem";', 'must differ'],
    ['keyName = "a b";', 'keyName'],
    ['builderUser = "root";', 'builderUser'],
    ['authorizedKeys = [ "-----BEGIN OPENSSH PRIVATE KEY-----" ];', 'private key'],
    ['minFree = 10; maxFree = 5;', 'minFree'],
  ])('refuses %s', (options, words) => {
    expect(server(options).failed).toEqual([expect.stringContaining(words)])
  })

  it('refuses without Nix, and values of the wrong type', () => {
    expect(server('', 'nix.enable = false;').failed).toEqual([expect.stringContaining('nix.enable')])
    expect(() => server('cachePort = "5000";')).toThrow(/offload-server.cachePort' is not of type/)
    expect(() => server('cacheBackend = "attic";')).toThrow(/offload-server.cacheBackend' is not of type/)
    expect(() => server('cachePrt = 1;')).toThrow(/cachePrt' does not exist/)
  })

  it('takes the snippet that the repair prints', () => {
    const text = serverSnippet({
      cachePort: 5005,
      cacheBackend: 'harmonia',
      authorizedKeys: [laptopKey],
      interfaces: ['lan0'],
    })
    const { config, failed } = machine('server', text)
    expect(failed).toEqual([])
    expect(config.networking.firewall.interfaces).toEqual({ lan0: { allowedTCPPorts: [5005, 22] } })
    expect(config.users.users['nix-builder']?.openssh.authorizedKeys.keys).toEqual([`restrict ${laptopKey}`])
  })
})

describe.runIf(hasNix)('the laptop module', () => {
  const whole = `publicHostKey = "${hostKey}"; cachePublicKey = "${cacheKey}";`

  it('changes nothing until it is enabled', () => {
    const { config, failed } = machine('client', '')
    expect(failed).toEqual([])
    expect(config.nix.distributedBuilds).toBe(false)
    expect(config.nix.buildMachines).toEqual([])
    expect(config.systemd.services).toEqual({})
  })

  it('sends builds to the one host, with its key pinned as Nix wants it', () => {
    const { config, failed } = client(whole)
    expect(failed).toEqual([])
    expect(config.warnings).toEqual([])
    expect(config.nix.distributedBuilds).toBe(true)
    expect(config.nix.buildMachines).toEqual([
      expect.objectContaining({
        hostName: '192.168.15.7',
        protocol: 'ssh-ng',
        sshUser: 'nix-builder',
        sshKey: '/etc/nix/builder_key',
        systems: ['x86_64-linux'],
        publicHostKey: Buffer.from('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDesktop0').toString('base64'),
      }),
    ])
    expect(config.programs.ssh.knownHosts).toEqual({
      'offload-desktop': {
        hostNames: ['192.168.15.7'],
        publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDesktop0',
      },
    })
  })

  it.each(['A', 'AB', 'ABC', 'ABCD+/=='])('writes base64 right for a key that ends in %s', (end) => {
    const key = `ssh-ed25519 AAAA${end}`
    expect(client(`publicHostKey = "${key}";`).config.nix.buildMachines[0]?.['publicHostKey']).toBe(
      Buffer.from(key).toString('base64'),
    )
  })

  it('asks the desktop’s cache first, trusts its key, and goes on without it', () => {
    const { settings } = client(whole).config.nix
    expect(settings).toMatchObject({
      'builders-use-substitutes': true,
      fallback: true,
      'connect-timeout': 5,
      'download-attempts': 3,
      substituters: ['http://192.168.15.7:5000', 'https://cache.nixos.org/'],
    })
    expect(settings['trusted-public-keys']).toContain(cacheKey)
    expect(settings).not.toHaveProperty('max-jobs')
  })

  it('uses no cache whose key it does not know, and says what is missing', () => {
    const { config } = client('')
    expect(config.nix.settings['substituters']).toEqual(['https://cache.nixos.org/'])
    expect(config.warnings).toEqual([
      expect.stringContaining('publicHostKey is not set'),
      expect.stringContaining('cachePublicKey is not set'),
    ])
    expect(config.programs.ssh.knownHosts).toEqual({})
  })

  it('gives ssh a deadline for the builder’s sign-ins only, after what others set', () => {
    const { config } = client(whole, 'programs.ssh.extraConfig = "HashKnownHosts yes";')
    const lines = config.programs.ssh.extraConfig.trim().split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'HashKnownHosts yes',
      'Match host 192.168.15.7 user nix-builder',
      '  ConnectTimeout 5',
    ])
    expect(lines.join()).not.toContain('Port')
  })

  it('keeps the pinned key good on another port', () => {
    const { config } = client(`${whole} sshPort = 2222;`)
    expect(config.programs.ssh.extraConfig).toContain('  Port 2222\n  HostKeyAlias 192.168.15.7\n')
    expect(config.programs.ssh.knownHosts).toMatchObject({
      'offload-desktop': { hostNames: ['192.168.15.7', '[192.168.15.7]:2222'] },
    })
  })

  it('writes an IPv6 address with brackets where a URL needs them', () => {
    const { config, failed } = machine(
      'client',
      `services.offload-client = { enable = true; host = "fd00::7"; ${whole} };`,
    )
    expect(failed).toEqual([])
    expect(config.nix.buildMachines[0]?.['hostName']).toBe('[fd00::7]')
    expect(config.nix.settings['substituters']).toEqual(['http://[fd00::7]:5000', 'https://cache.nixos.org/'])
    expect(config.programs.ssh.extraConfig).toContain('Match host fd00::7 user')
  })

  it('mounts NFS only when asked, by automount and with an end to the waiting', () => {
    expect(client(whole).config.fileSystems).toEqual({})
    const { config } = client(`${whole} nfs.enable = true;`)
    expect(config.fileSystems['/mnt/desktop-store']).toMatchObject({ device: '192.168.15.7:/nix/store' })
    expect(config.fileSystems['/mnt/desktop-store']?.options).toEqual(
      expect.arrayContaining(['soft', 'timeo=50', 'x-systemd.automount', 'ro', 'nofail']),
    )
    expect(config.warnings).toEqual([expect.stringContaining('wait while the desktop is away')])
  })

  it.each([
    ['host = lib.mkForce "nix-builder@desktop";', 'bare address'],
    ['host = lib.mkForce "ssh-ng://desktop";', 'bare address'],
    ['host = lib.mkForce "";', 'bare address'],
    ['sshKey = builtins.storeDir + "/key";', 'sshKey'],
    ['sshKey = "/etc/my key";', 'space'],
    ['publicHostKey = lib.mkForce "c3NoLWVkMjU1MTkgQUFBQQ==";', 'publicHostKey'],
    ['publicHostKey = lib.mkForce "desktop ssh-ed25519 AAAA";', 'publicHostKey'],
    ['cachePublicKey = lib.mkForce "cache.local-1";', 'cachePublicKey'],
    ['systems = [ ];', 'systems'],
    ['nfs.enable = true; nfs.mountPoint = "/nix/store";', 'mountPoint'],
  ])('refuses %s', (options, words) => {
    expect(
      client(
        `${whole}`,
        `services.offload-client.${options.replaceAll('; nfs', '; services.offload-client.nfs')}`,
      ).failed,
    ).toEqual([expect.stringContaining(words)])
  })

  it('warns of settings that leave nothing to build with', () => {
    expect(client(`${whole} fallback = false;`, 'nix.settings.max-jobs = 0;').config.warnings).toEqual([
      expect.stringContaining('fallback is off'),
      expect.stringContaining('max-jobs is 0'),
    ])
  })

  it('takes the snippet that the repair prints', () => {
    const text = clientSnippet({
      host: 'desktop.local',
      hostKey,
      cachePublicKey: cacheKey,
      maxJobs: 12,
      cachePort: 5005,
    })
    const { config, failed } = machine('client', text)
    expect(failed).toEqual([])
    expect(config.warnings).toEqual([])
    expect(config.nix.buildMachines[0]).toMatchObject({ hostName: 'desktop.local', maxJobs: 12 })
    expect(config.nix.settings['substituters']).toEqual([
      'http://desktop.local:5005',
      'https://cache.nixos.org/',
    ])
  })
})
