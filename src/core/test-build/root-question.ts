// What root would be asked about a builder: one ssh, as Nix's own daemon runs it, and every word of it known beforehand.
import { constants } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { shellWord } from '../../shared/shell-word.ts'
import type { Builder } from '../laptop/facts.ts'
import { parseStoreUri } from '../laptop/store-uri.ts'

/** One question, whole: nothing of it is chosen later. */
export interface RootQuestion {
  /** The whole command that root runs: no shell, its program by absolute path. */
  readonly argv: readonly [string, ...string[]]
  /** The host key that the row pins, and the file that the command reads it from while it runs. */
  readonly pinned: { readonly file: string; readonly text: string } | null
}

type Row = Pick<Builder, 'uri' | 'keyPath' | 'hostKeyLine' | 'source'>

/**
 * It ends by itself, for nobody but root could end it: 10 s to get in, 15 s for a peer that is gone. It asks nobody anything
 * (BatchMode). -v: its first line tells that it ran at all.
 */
const options = [
  '-v',
  '-x',
  '-oBatchMode=yes',
  '-oConnectTimeout=10',
  '-oServerAliveInterval=5',
  '-oServerAliveCountMax=3',
]

/** Before the user's own PATH: these are the system's. */
const systemFolders = ['/run/current-system/sw/bin', '/usr/bin', '/bin']

/**
 * The question about a row; null where root is not to be asked: a row or an ssh that is not the system's own, or one that
 * starts another program than Nix's on the desktop.
 */
export async function rootQuestion(row: Row, env: NodeJS.ProcessEnv): Promise<RootQuestion | null> {
  const ssh = await findSsh(env)
  if (ssh === null || !(await isOfRoot(row.source.file))) return null
  const file = join(env['XDG_RUNTIME_DIR'] ?? tmpdir(), `offload-tray-host-key-${process.pid}`)
  return questionOf(row, ssh, file)
}

/** The same, of values only. `file`: where the pinned host key will be. */
export function questionOf(row: Row, ssh: string, file: string): RootQuestion | null {
  const store = parseStoreUri(row.uri)
  if (store.kind !== 'ssh' || store.params.has('remote-program') || store.params.has('remote-store'))
    return null
  const { host, port, user } = store
  const { keyPath: key, hostKeyLine } = row
  // As Nix writes it: the name alone. A second line would be another host's key.
  const pinned = hostKeyLine === null ? null : { file, text: `${host} ${hostKeyLine.split(/[\r\n]/)[0]}\n` }
  const args = [
    ...options,
    ...(key === null ? [] : ['-i', key]),
    ...(pinned === null ? [] : [`-oUserKnownHostsFile=${pinned.file}`]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    user === null ? host : `${user}@${host}`,
    // The one command beside nix-daemon --stdio that a key restricted to Nix lets through.
    'nix-store --serve --write',
  ]
  return { argv: [ssh, ...args], pinned }
}

/** The command as a person reads it. */
export function commandText({ argv }: RootQuestion): string {
  return argv.map((word) => (word.startsWith('-o') ? word : shellWord(word))).join(' ')
}

async function findSsh(env: NodeJS.ProcessEnv): Promise<string | null> {
  const own = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  for (const folder of [...systemFolders, ...own]) {
    const path = join(folder, 'ssh')
    if (await isOfRoot(path, constants.S_IXUSR)) return path
  }
  return null
}

/** A file, links followed, that only root may change. */
async function isOfRoot(path: string, bits = 0): Promise<boolean> {
  const seen = await stat(path).catch(() => null)
  return seen?.isFile() === true && seen.uid === 0 && (seen.mode & 0o022) === 0 && (seen.mode & bits) === bits
}
