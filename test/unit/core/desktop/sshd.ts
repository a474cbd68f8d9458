// A real OpenSSH sshd of this machine on a random port of 127.0.0.1, with keys of its own; needs root, as sshd does.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canTest } from '../../../needs.ts'
import { closedPort } from './servers.ts'

const binary = '/usr/sbin/sshd'

/** A plain user that only this sshd knows. */
export const builder = 'test-builder'

/** Lays passwd and shadow files of its own over the machine's, in a mount namespace that ends with sshd. */
const ownUsers = `exec unshare -m sh -c '
  mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow
  exec ${binary} -D -e -f "$1/sshd_config"' sh "$1"`

export const haveSshd = canTest(
  `${binary}, root and unshare -m`,
  existsSync(binary) && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0,
)

export interface Sshd {
  readonly port: number
  readonly folder: string
  /** Reads a file of `folder`: hostkey.pub, ecdsa.pub, user, user.pub, other, other.pub. */
  read(name: string): string
  /** What sshd logged so far. */
  log(): string
  /** Every connection has come to its end: all that sshd has to say of it is said. */
  idle(): boolean
  stop(): Promise<void>
}

/** Starts it with these extra lines of sshd_config; the user key may log in as root and as `builder`, "other" may not. */
export async function startSshd(extra: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'))
  for (const [name, type] of [
    ['hostkey', 'ed25519'],
    ['ecdsa', 'ecdsa'],
    ['user', 'ed25519'],
    ['other', 'ed25519'],
    ['rsa', 'rsa'],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', join(folder, name)])
  }
  // sshd reads authorized_keys as the user who logs in.
  chmodSync(folder, 0o755)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  writeFileSync(join(folder, 'authorized_keys'), `restrict ${read('user.pub')}${read('rsa.pub')}`, {
    mode: 0o644,
  })
  // Debian's sshd wants its privilege separation folder, which only its service makes.
  mkdirSync('/run/sshd', { recursive: true })
  const port = await closedPort()
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/hostkey`,
    `HostKey ${folder}/ecdsa`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin yes',
    'UsePAM no',
    'LogLevel VERBOSE',
    ...extra,
  ]
  writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`)
  for (const file of ['passwd', 'shadow']) {
    const user =
      file === 'passwd' ? `${builder}:x:2042:2042::/tmp:/bin/sh` : `${builder}:*:19000:0:99999:7:::`
    writeFileSync(join(folder, file), `${readFileSync(`/etc/${file}`, 'utf8')}${user}\n`)
  }
  const child = spawn('sh', ['-c', ownUsers, 'sh', folder])
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  await listening(child, () => log)
  const idle = () => spawnSync('pgrep', ['-P', String(child.pid)]).status === 1
  return { port, folder, read, log: () => log, idle, stop }
}

/** By its own word: a connection to see it would be one that sshd counts and logs, for a while after. */
async function listening(child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log()}`)
    if (log().includes('Server listening on')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`sshd does not listen: ${log()}`)
}
