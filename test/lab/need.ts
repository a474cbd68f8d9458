// Says clearly what this machine lacks for a lab, with the one command that puts it right.
import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Program -> Debian package that brings it. */
const programs: Readonly<Record<string, string>> = {
  'systemd-nspawn': 'systemd-container',
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  iptables: 'iptables',
  'nix-daemon': 'nix-bin',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  bash: 'bash',
}

function found(program: string): boolean {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
  return path.split(':').some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Null when a lab can run here; otherwise one text saying why not and what to do. */
export function missing(): string | null {
  if (process.platform !== 'linux') return 'The lab needs Linux: namespaces, systemd-nspawn and overlayfs.'
  if (process.getuid?.() !== 0) {
    return 'The lab needs root: it makes namespaces, mounts and a network of its own. Run it again with sudo.'
  }
  const packages = [
    ...new Set(
      Object.keys(programs)
        .filter((p) => !found(p))
        .map((p) => programs[p]),
    ),
  ]
  if (!existsSync(keyring)) packages.push('debian-archive-keyring')
  if (packages.length > 0) {
    return `The lab needs Debian packages that are not installed. Run:\n  apt-get install -y --no-install-recommends ${packages.join(' ')}`
  }
  if (!existsSync('/sys/fs/cgroup/cgroup.procs') && !existsSync('/sys/fs/cgroup/unified/cgroup.procs')) {
    return 'The lab needs the cgroup2 file system at /sys/fs/cgroup (or /sys/fs/cgroup/unified): systemd boots in it.'
  }
  return null
}

/** Throws the text of `missing()`. */
export function demand(): void {
  const reason = missing()
  if (reason) throw new Error(reason)
}
