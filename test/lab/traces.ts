// For the lab's own tests: what a lab could leave on this machine, and whether its machines are as they were.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Lab } from './lab.ts'
import { labDir } from './places.ts'
import { allPids } from './processes.ts'

function read<T>(from: () => T): T | null {
  try {
    return from()
  } catch {
    return null // the process ended while we looked
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** The words a process was started with; empty when it has ended. */
export const commandLine = (pid: number): string =>
  (read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').replaceAll('\0', ' ')

/** Every mark of one lab on the host: mounts, processes, network links and names, cgroups, files. Empty = gone. */
export function traces(id: string, pidNamespace?: string): string[] {
  const mine = (text: string) => new RegExp(`offload-tray-lab/${id}(/|\\s|$)`).test(text)
  const mounts = lines(readFileSync('/proc/self/mounts', 'utf8')).filter(mine)
  const processes = allPids().flatMap((pid) => {
    const command = commandLine(pid)
    const inside =
      pidNamespace !== undefined && read(() => readlinkSync(`/proc/${pid}/ns/pid`)) === pidNamespace
    return pid !== process.pid && (inside || mine(command)) ? [`process ${pid} ${command}`] : []
  })
  const hierarchies = [
    '/sys/fs/cgroup',
    ...readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`),
  ]
  const groups = hierarchies.map((top) => `${top}/offload-tray-lab/${id}`).filter((path) => existsSync(path))
  return [...mounts, ...processes, ...groups, ...(existsSync(labDir(id)) ? [labDir(id)] : [])]
}

/** Mounts, links and named network namespaces of the host: the same before and after whatever labs did. */
export function hostFacts(): string[] {
  const links = execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).replace(
    /^\d+: ([^:]+).*$/gm,
    'link $1',
  )
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  const rules = execFileSync('iptables', ['-S'], { encoding: 'utf8' })
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
  const files = ['/etc/hosts', '/etc/passwd', '/etc/group', '/etc/nsswitch.conf', '/etc/nix', '/root/.ssh']
  const states = files.map((path) => read(() => `${path} ${digest(listing(path))}`) ?? `${path} absent`)
  return [...lines(links), ...lines(names), ...lines(rules), ...lines(mounts), ...states]
}

const listing = (path: string): string =>
  execFileSync('sh', ['-c', '[ ! -e "$0" ] || find "$0" -type f -exec sha256sum {} + | sort', path], {
    encoding: 'utf8',
  })
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const laptopScript = `
  find /etc/nix /etc/hosts /root/.ssh -printf '%M %u %g %p\\n' | sort
  find /etc/nix /etc/hosts /root/.ssh -type f -exec sha256sum {} + | sort -k2
  sort /etc/nix/nix.conf | sha256sum
  kill -0 "$(cat /run/nix-daemon.pid)" 2>/dev/null && echo daemon up
`
const desktopScript = `
  set -- /etc/ssh /etc/nix /etc/passwd /etc/shadow /etc/group /var/cache-priv-key.pem /var/cache-pub-key.pem \\
    /var/lib/nix-builder/.ssh /var/lib/nix-builder/.bashrc /etc/systemd/system /usr/bin/nix /usr/bin/nix-store /usr/bin/nix-daemon \\
    /usr/bin/sudo /etc/doas.conf
  find "$@" -printf '%M %u %g %p\\n' | sort
  find "$@" -type f -exec sha256sum {} + | sort -k2
  iptables -S
  ss -Hltn | awk '{ print $4 }' | sort
  findmnt -rn -o TARGET,FSTYPE | grep -v ^/run/user | sort
  systemctl list-units --no-legend --plain --state=active,failed 'ssh.*' 'nix-*' 'lab-*' | awk '{ print $1, $3 }'
  ip -br link show lan0 | cut -d' ' -f1-12
`

/**
 * The state of both machines that faults touch, as text lines. Settings in nix.conf may stand in another order after a
 * mending: its sorted lines are what counts.
 */
export async function fingerprint(lab: Lab): Promise<string[]> {
  const laptop = await lab.runAsRoot(['sh', '-c', laptopScript])
  const desktop = await lab.onDesktop(['sh', '-c', desktopScript, 'sh'])
  const fixed = lines(laptop.stdout).filter((line) => !line.endsWith('  /etc/nix/nix.conf'))
  return [...fixed, ...lines(desktop.stdout)]
}
