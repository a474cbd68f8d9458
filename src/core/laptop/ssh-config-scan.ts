// Reads ssh_config and its includes: what may change where ssh connects, and whether we can tell by ourselves how.
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { readText } from './read-text.ts'
import { sshKeywords } from './ssh-keywords.ts'

/** One line that matters, under all the Host lines above it (its own file's, and those around its Include). */
export interface Directive {
  readonly hosts: readonly (readonly string[])[]
  readonly keyword: string
  readonly value: string
}

export interface SshConfigScan {
  /** HostName, HostKeyAlias, Port, User, IdentityFile and proxy lines, in the order in which ssh obtains values: the first one counts. */
  readonly directives: readonly Directive[]
  /** Something stands there that only ssh itself can judge (Match, canonical names, variables, unknown words …). */
  readonly needsSsh: boolean
  /** Even ssh's answer may change although no file does (Match exec, Match localnetwork). */
  readonly volatile: boolean
  /** Files and include directories looked at. */
  readonly files: readonly string[]
  readonly unreadable: readonly string[]
  /** FIFOs, known_hosts for everybody included: ssh waits for their end for ever. */
  readonly endless: readonly string[]
  /** Root's own configuration was there and could be read: mostly only root may. */
  readonly withRoots: boolean
}

type Scan = {
  directives: Directive[]
  needsSsh: boolean
  volatile: boolean
  files: string[]
  unreadable: string[]
  endless: string[]
  withRoots: boolean
  baseDir: string
}

const maxFiles = 200

/**
 * Scans `sshConfig` with everything it includes, at most 200 files; before it `rootsOwn`, the file of root's home, which
 * goes first in ssh. null: that one is left aside.
 */
export async function scanSshConfig(
  sshConfig: string,
  rootsOwn: string | null = null,
): Promise<SshConfigScan> {
  const scan: Scan = {
    directives: [],
    needsSsh: false,
    volatile: false,
    files: [],
    unreadable: [],
    endless: [],
    withRoots: false,
    baseDir: dirname(sshConfig),
  }
  if (rootsOwn !== null && (await readText(rootsOwn)).state === 'read') {
    scan.withRoots = true
    scan.baseDir = dirname(rootsOwn)
    await scanFile(scan, rootsOwn, [], [])
    scan.baseDir = dirname(sshConfig)
  }
  await scanFile(scan, sshConfig, [], [])
  const knownHosts = ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(scan.baseDir, name))
  const isFifo = (file: string) =>
    stat(file).then(
      (info) => info.isFIFO(),
      () => false,
    )
  const found = await Promise.all(knownHosts.map(isFifo))
  scan.endless.push(...knownHosts.filter((_, index) => found[index]))
  return scan
}

async function scanFile(
  scan: Scan,
  path: string,
  around: Directive['hosts'],
  above: readonly string[],
): Promise<void> {
  // A file that leads to itself: there ssh gives up.
  if (above.includes(path)) scan.needsSsh = true
  if (above.includes(path) || scan.files.length >= maxFiles) return
  scan.files.push(path)
  const file = await readText(path)
  // ssh takes a directory or a device for an empty file.
  if (file.state === 'unreadable') (file.unfit === 'fifo' ? scan.endless : scan.unreadable).push(path)
  if (file.state !== 'read') return
  let hosts = around
  for (const line of file.text.split('\n')) {
    const [written = '', ...values] = tokens(line)
    const keyword = written.toLowerCase()
    if (keyword === 'host') hosts = [...around, values]
    else if (keyword === 'include')
      for (const pattern of values) await scanInclude(scan, pattern, hosts, [...above, path])
    else if (keyword !== '') scanDirective(scan, keyword, values, hosts)
    if (/["'\\]/.test(line) && !line.trim().startsWith('#')) scan.needsSsh = true
  }
}

/** The values that we can judge; ssh is asked where one has another form. */
const plainForms: ReadonlyMap<string, RegExp> = new Map([
  ['hostname', /^(%[h%]|[^%])+$/],
  // Taken as it stands: no % means anything in it.
  ['hostkeyalias', /^.+$/],
  ['port', /^[1-9]\d{0,4}$/],
  ['user', /^[^%$]+$/],
  ['identityfile', /^(%[dhru%]|[^%$])+$/],
])

function scanDirective(
  scan: Scan,
  keyword: string,
  values: readonly string[],
  hosts: Directive['hosts'],
): void {
  const [value = ''] = values
  const form = plainForms.get(keyword)
  if (form !== undefined) {
    scan.needsSsh ||= values.length !== 1 || !form.test(value)
    scan.directives.push({ hosts, keyword, value })
  } else if (keyword === 'proxyjump' || keyword === 'proxycommand') {
    scan.directives.push({ hosts, keyword, value: values.join(' ') })
  } else if (keyword === 'match') {
    scan.needsSsh = true
    scan.volatile ||= values.some((one) => /^!?(exec|localnetwork)$/i.test(one))
  } else if (keyword === 'canonicalizehostname') {
    scan.needsSsh ||= !/^(no|false)$/i.test(value)
  } else {
    scan.needsSsh ||= !sshKeywords.has(keyword)
  }
}

async function scanInclude(
  scan: Scan,
  pattern: string,
  hosts: Directive['hosts'],
  above: readonly string[],
): Promise<void> {
  const path = resolve(scan.baseDir, pattern)
  // A file under ~ (root's, for the daemon), behind a variable, or in folders to be searched for.
  if (/^~|\$/.test(pattern) || /[*?[]/.test(dirname(path))) {
    scan.needsSsh = true
    return
  }
  if (!/[*?[]/.test(basename(path))) return scanFile(scan, path, hosts, above)
  const directory = dirname(path)
  scan.files.push(directory)
  const names = await readdir(directory).catch(() => [] as string[])
  const matches = globMatcher(basename(path))
  for (const name of names.filter(matches).sort()) await scanFile(scan, join(directory, name), hosts, above)
  if (basename(path).includes('[')) scan.needsSsh = true
}

/** `*` and `?` of one path component; hidden files only where the pattern says so, as glob(3) does. */
function globMatcher(pattern: string): (name: string) => boolean {
  const matches = wildcard(pattern)
  return (name) => matches(name) && (!name.startsWith('.') || pattern.startsWith('.'))
}

/** ssh's own patterns: `*` is any text, `?` any one character. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/\?/g, '[^]')
  const regexp = new RegExp(`^${source}$`)
  return (text) => regexp.test(text)
}

/** Words of a line: separated by blanks, or one `=` after the keyword; # at the start of a word begins a comment. */
function tokens(line: string): readonly string[] {
  const trimmed = line.trim()
  if (trimmed.startsWith('#')) return []
  const keyword = /^[^\s="]+/.exec(trimmed)?.[0] ?? ''
  const rest = trimmed.slice(keyword.length).replace(/^\s*=?\s*/, '')
  const values = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
  const comment = values.findIndex((value) => value.startsWith('#'))
  return keyword === '' ? [] : [keyword, ...(comment < 0 ? values : values.slice(0, comment))]
}
