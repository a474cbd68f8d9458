// Reads ssh_config and its includes only far enough to tell whether `ssh -G` needs to be asked at all.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { readText } from './read-text.ts'

export interface SshConfigScan {
  /** Some file names HostName, Port, User, IdentityFile, or a rule that rewrites names: ssh must be asked. */
  readonly mentions: boolean
  /** The answer may change although no file does (Match exec, Match localnetwork). */
  readonly volatile: boolean
  /** The names that User lines give. */
  readonly users: ReadonlySet<string>
  /** Files and include directories looked at. */
  readonly files: readonly string[]
  readonly unreadable: readonly string[]
}

const words = new Set(['hostname', 'port', 'user', 'identityfile', 'canonicalizehostname'])
const maxFiles = 200

type Scan = {
  mentions: boolean
  volatile: boolean
  users: Set<string>
  files: string[]
  unreadable: string[]
}

/** Scans `sshConfig` with everything it includes, at most 200 files. */
export async function scanSshConfig(sshConfig: string): Promise<SshConfigScan> {
  const scan: Scan = { mentions: false, volatile: false, users: new Set(), files: [], unreadable: [] }
  await scanFile(scan, sshConfig, dirname(sshConfig))
  return scan
}

async function scanFile(scan: Scan, path: string, baseDir: string): Promise<void> {
  if (scan.files.length >= maxFiles) return
  scan.files.push(path)
  const file = await readText(path)
  if (file.state === 'unreadable') scan.unreadable.push(path)
  if (file.state !== 'read') return
  for (const line of file.text.split('\n')) {
    const [keyword = '', ...values] = tokens(line)
    switch (keyword.toLowerCase()) {
      case 'include':
        for (const pattern of values) await scanInclude(scan, pattern, baseDir)
        break
      case 'match':
        scan.volatile ||= values.some((value) => /^!?(exec|localnetwork)$/i.test(value))
        break
      case 'user':
        scan.mentions = true
        for (const value of values) scan.users.add(value)
        break
      default:
        scan.mentions ||= words.has(keyword.toLowerCase())
    }
  }
}

async function scanInclude(scan: Scan, pattern: string, baseDir: string): Promise<void> {
  // A file under ~ (root's, for the daemon) or behind a variable: we cannot tell what it says.
  if (/^~|\$/.test(pattern)) {
    scan.mentions = true
    return
  }
  const path = resolve(baseDir, pattern)
  if (/[*?[]/.test(dirname(path))) {
    scan.mentions = true
    return
  }
  if (!/[*?[]/.test(basename(path))) return scanFile(scan, path, baseDir)
  const directory = dirname(path)
  scan.files.push(directory)
  const names = await readdir(directory).catch(() => [] as string[])
  const matches = globMatcher(basename(path))
  for (const name of names.filter(matches).sort()) await scanFile(scan, join(directory, name), baseDir)
}

/** `*` and `?` of one path component. A set in brackets matches everything: to read too much does no harm here. */
function globMatcher(pattern: string): (name: string) => boolean {
  if (pattern.includes('[')) return () => true
  const source = pattern
    .replace(/[.+^${}()|\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/\?/g, '[^]')
  const regexp = new RegExp(`^${source}$`)
  return (name) => regexp.test(name) && (!name.startsWith('.') || pattern.startsWith('.'))
}

/** Words of a line: separated by blanks, or one `=` after the keyword; quotes are taken off; # starts a comment. */
function tokens(line: string): readonly string[] {
  const trimmed = line.trim()
  if (trimmed.startsWith('#')) return []
  const keyword = /^[^\s="]+/.exec(trimmed)?.[0] ?? ''
  const rest = trimmed.slice(keyword.length).replace(/^\s*=?\s*/, '')
  const values = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  return keyword === '' ? [] : [keyword, ...values]
}
