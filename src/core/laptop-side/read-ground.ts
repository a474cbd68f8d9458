// Reads what a plan for this laptop is made from: its files as bytes, what ssh would do, and how to become root.
import { access, readdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { LaptopFacts } from '../laptop/facts.ts'
import { type LaptopFiles, laptopFiles } from '../laptop/files.ts'
import { readNixConf } from '../laptop/nix-conf.ts'
import { readBytes } from '../laptop/read-text.ts'
import { rootWay } from '../laptop/root-way.ts'
import { run } from '../laptop/run.ts'
import { scanSshConfig } from '../laptop/ssh-config-scan.ts'
import type { Ground } from './ground.ts'
import type { FileKind } from './move.ts'
import { assignments, lastOf, ownConf } from './nix-conf-edit.ts'
import { givesUp } from './ssh-entry.ts'
import type { Texts } from './texts.ts'

/** More places of this laptop, so that a test can point at its own tree. */
export interface GroundFiles extends LaptopFiles {
  readonly hosts: string
  readonly sshKnownHosts: string
  readonly sshKnownHosts2: string
  readonly nixosMark: string
  readonly nixosConfig: string
}

export const groundFiles: GroundFiles = {
  ...laptopFiles,
  hosts: '/etc/hosts',
  sshKnownHosts: '/etc/ssh/ssh_known_hosts',
  sshKnownHosts2: '/etc/ssh/ssh_known_hosts2',
  nixosMark: '/etc/NIXOS',
  nixosConfig: '/etc/nixos',
}

interface Asked {
  readonly facts: LaptopFacts
  readonly host: string
  readonly user: string
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly files: GroundFiles
}

const maxBytes = 1024 * 1024
const maxNixFiles = 200

/** Never rejects: a file that cannot be read whole is left out, and then never changed. */
export async function readGround({ facts, host, user, home, env, files }: Asked): Promise<Ground> {
  const nixConf = join(files.nixConfDir, 'nix.conf')
  const machines = join(files.nixConfDir, 'machines')
  const [conf, ssh, nixos, root, sshGivesUp] = await Promise.all([
    readNixConf(files.nixConfDir),
    scanSshConfig(files.sshConfig),
    isNixos(files, nixConf),
    rootWay(env),
    asksSsh(host, user, files, env),
  ])
  const named = facts.settings.builders.split(/[\s;]+/).filter((word) => word.startsWith('@'))
  const rows = [machines, ...named.map((word) => resolve('/', word.slice(1)))]
  const sources = facts.builders.map((builder) => builder.source.file)
  const knownHosts = [files.sshKnownHosts, files.sshKnownHosts2]
  const own = [
    join(home, '.ssh/config'),
    join(home, '.ssh/known_hosts'),
    ...(nixos ? await nixFilesIn(files.nixosConfig) : []),
  ]
  const made = await madeByNix([...conf.files, ...rows, ...sources, ...ssh.files, ...knownHosts, files.hosts])
  const kinds = new Map<string, FileKind>([
    ...[...conf.files, ...rows, ...sources].map((file) => [file, 'nix'] as const),
    ...[...ssh.files, ...knownHosts].map((file) => [file, 'ssh'] as const),
    [files.hosts, 'hosts'],
    ...own.map((file) => [file, file.endsWith('.nix') ? 'hosts' : 'ssh'] as const),
  ])
  const texts = await readTexts([...kinds.keys()])
  // The installer's own file may be named and not there yet.
  const confFiles = [...new Set([...conf.files, ownConf(texts, nixConf)])]
  const timeout = lastOf(assignments(texts, nixConf), 'connect-timeout')
  return {
    seen: { facts, connectTimeout: timeout?.words.join(' ') ?? null, sshGivesUp },
    texts,
    kinds,
    told: new Set([...own, ...made]),
    confFiles,
    nixConf,
    machines,
    sshConfig: files.sshConfig,
    knownHosts,
    sshFiles: ssh.files,
    nixos,
    root,
  }
}

async function readTexts(paths: readonly string[]): Promise<Texts> {
  const read = await Promise.all(
    paths.map(async (path): Promise<readonly (readonly [string, string | null])[]> => {
      const file = await readBytes(path, maxBytes)
      if (file.state === 'missing') return [[path, null]]
      return file.state === 'read' && !file.truncated ? [[path, file.bytes.toString('latin1')]] : []
    }),
  )
  return new Map(read.flat())
}

/** NixOS makes /etc/nix anew at each switch; so does nix-darwin's kin, whose nix.conf leads into the store. */
async function isNixos(files: GroundFiles, nixConf: string): Promise<boolean> {
  const marked = await access(files.nixosMark).then(
    () => true,
    () => false,
  )
  const real = await realpath(nixConf).catch(() => '')
  return marked || real.startsWith('/nix/store/')
}

/** Files that lead into the store: whoever writes them there writes them anew. */
async function madeByNix(paths: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => '')))
  return paths.filter((_, index) => real[index]?.startsWith('/nix/store/') === true)
}

async function asksSsh(
  host: string,
  user: string,
  files: GroundFiles,
  env: NodeJS.ProcessEnv,
): Promise<boolean | null> {
  if (host.startsWith('-') || user.startsWith('-')) return null
  const args = ['-F', files.sshConfig, '-G', '-l', user, host]
  const answer = await run('ssh', args, { env: { PATH: env['PATH'], HOME: env['HOME'] }, deadlineMs: 3000 })
  return answer.state === 'done' && answer.code === 0 ? givesUp(answer.stdout) : null
}

/** Where people write their addresses: read only to say which lines name the old one. */
async function nixFilesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.nix'))
    .slice(0, maxNixFiles)
    .map((entry) => join(entry.parentPath, entry.name))
}
