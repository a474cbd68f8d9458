// Every place on this laptop that core/laptop reads, so that a test can point at its own tree.

export interface LaptopFiles {
  /** nix.conf and machines. */
  readonly nixConfDir: string
  /** Nix's state: daemon socket, current-load, profiles. */
  readonly nixStateDir: string
  readonly sshConfig: string
  readonly procLocks: string
  readonly procNetUnix: string
  readonly mountInfo: string
  readonly currentSystem: string
  /** Root's home: what `~` in a path of the daemon's ssh means. */
  readonly rootHome: string
  /** Looked at after PATH: a desktop session of a distribution other than NixOS often lacks Nix's directories. */
  readonly nixPlaces: readonly string[]
}

export const laptopFiles: LaptopFiles = {
  nixConfDir: '/etc/nix',
  nixStateDir: '/nix/var/nix',
  sshConfig: '/etc/ssh/ssh_config',
  procLocks: '/proc/locks',
  procNetUnix: '/proc/net/unix',
  mountInfo: '/proc/self/mountinfo',
  currentSystem: '/run/current-system',
  rootHome: '/root',
  nixPlaces: [
    '/run/current-system/sw/bin',
    '/nix/var/nix/profiles/default/bin',
    '/usr/local/bin',
    '/usr/bin',
  ],
}
