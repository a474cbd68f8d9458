// The Host entry that keeps root's ssh from waiting for minutes: Nix gives ssh no timeout of its own.
import type { SshConfigScan } from '../laptop/ssh-config-scan.ts'

/** Seconds, as the NixOS module has them. */
const sshSeconds = 5

/** The drop-in folder of every distribution's OpenSSH since 8.x; null where ssh_config does not include it. */
export function dropInOf(scan: Pick<SshConfigScan, 'files'>, sshConfig: string): string | null {
  const folder = `${sshConfig}.d`
  return scan.files.includes(folder) ? `${folder}/offload-tray.conf` : null
}

/** `alias`: a pinned key stands under the bare name, where ssh looks for [name]:port, or for what HostName says. */
export interface SshWants {
  readonly timeouts: boolean
  readonly alias: boolean
}

/** The lines for one host. */
export function sshEntry(host: string, { timeouts, alias }: SshWants): readonly string[] {
  return [
    `Host ${host}`,
    ...(timeouts
      ? [`  ConnectTimeout ${sshSeconds}`, '  ServerAliveInterval 15', '  ServerAliveCountMax 3']
      : []),
    ...(alias ? [`  HostKeyAlias ${host}`] : []),
  ]
}

/** Whether `ssh -G` says that a connection is given up within a minute. */
export function givesUp(answer: string): boolean {
  const seconds = Number(/^connecttimeout (\d+)$/m.exec(answer)?.[1] ?? Number.NaN)
  return seconds > 0 && seconds <= 60
}
