// Where ssh really connects for a builder, and under which name it looks for its host key, as the system's ssh_config says.
// The daemon runs ssh as root: it reads /root/.ssh/config, which only root may read, and /etc/ssh/ssh_config. A user's own
// ~/.ssh/config plays no part in it, so `ssh -F /etc/ssh/ssh_config -G` is asked and, but by root, not plain `ssh -G`.
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { type LaptopFiles, laptopFiles } from './files.ts'
import { fingerprint } from './nix-settings.ts'
import { run } from './run.ts'
import { type Directive, type SshConfigScan, scanSshConfig, wildcard } from './ssh-config-scan.ts'

/** A builder's place as its URI says it. */
export interface WrittenPlace {
  readonly host: string
  readonly port: number | null
  readonly user: string | null
}

export interface SshPlace {
  readonly host: string
  readonly port: number
  readonly user: string
  /** ssh_config's first IdentityFile, or null where only ssh's defaults remain. */
  readonly identityFile: string | null
  /** By ProxyJump or ProxyCommand. */
  readonly proxied?: true
  /** HostKeyAlias, in lower case: where known_hosts is asked instead of host and port. */
  readonly hostKeyAlias?: string
}

export interface SshAnswer {
  readonly places: readonly SshPlace[]
  readonly problems: readonly Problem[]
}

/** Four at a time: `ssh -G` takes about 5 ms of a core, and more at once would only wait for each other. */
const parallel = 4

/** A resolver that remembers `ssh -G` answers while the configuration files stay the same. */
export function createSshResolver(
  env: NodeJS.ProcessEnv,
  files: LaptopFiles,
): (written: readonly WrittenPlace[]) => Promise<SshAnswer> {
  let cache = { key: '', answers: new Map<string, Asked>() }
  return async (written) => {
    const scan = await scanSshConfig(files.sshConfig, join(files.rootHome, '.ssh/config'))
    const problems = [
      ...scan.endless.map((file) => problem('laptop.file-unfit', { file, what: 'fifo' }, `${file}: fifo`)),
      ...scan.unreadable.map((file) => problem('laptop.file-unreadable', { file })),
    ]
    // Plain Host blocks we judge as ssh does (a test holds the two together): no process is started.
    // A name that no ssh takes is left as it is written: a garbled machines file must not start an ssh for each of its words.
    const [plain, hard] = split(
      written,
      ({ host }) =>
        !/^[\w.:%-]{1,255}$/.test(host) ||
        scan.endless.length > 0 ||
        (!scan.needsSsh && /^[a-z0-9._:%-]+$/.test(host)),
    )
    if (hard.length === 0)
      return { places: plain.map((place) => judge(place, scan.directives, files)), problems }
    const key = await fingerprint(scan.files)
    if (cache.key !== key || scan.volatile) cache = { key, answers: new Map() }
    const { answers } = cache
    const todo = [...new Map(hard.map((place) => [nameOf(place), place]))].filter(
      ([name]) => !answers.has(name),
    )
    await inTurns(todo, async ([name, place]) => {
      answers.set(name, await askSsh(place, scan, env, files))
    })
    const found = written.map((place) => answers.get(nameOf(place)))
    const refused = found.flatMap((one) => one?.refused ?? []).slice(0, 1)
    const placeAt = (place: WrittenPlace, index: number) =>
      found[index]?.place ?? judge(place, scan.directives, files)
    return { places: written.map(placeAt), problems: [...refused, ...problems] }
  }
}

interface Asked {
  readonly place: SshPlace
  /** The configuration itself is wrong: ssh connects nowhere. */
  readonly refused?: Problem
}

const nameOf = (place: WrittenPlace) => JSON.stringify([place.user, place.host, place.port])

/** Where ssh connects by plain Host blocks: of each keyword, the first line whose Host lines all match. */
function judge(place: WrittenPlace, directives: readonly Directive[], files: LaptopFiles): SshPlace {
  const applying = directives.filter(({ hosts }) =>
    hosts.every((patterns) => hostMatches(patterns, place.host)),
  )
  const first = (keyword: string) => applying.find((one) => one.keyword === keyword)?.value
  const host = (first('hostname') ?? place.host).replace(/%([h%])/g, (_, letter) =>
    letter === 'h' ? place.host : '%',
  )
  const user = place.user ?? first('user') ?? 'root'
  const identity = first('identityfile')
  const identityFile =
    identity === undefined || identity === 'none' ? null : expandIdentity(identity, { host, user }, files)
  const port = place.port ?? Number(first('port') ?? 22)
  // Whichever of the two comes first counts; a first "ProxyJump none" only turns off the other jumps.
  const jumps = first('proxyjump')?.toLowerCase() !== 'none'
  const isProxy = ({ keyword }: Directive) => keyword === 'proxycommand' || (keyword === 'proxyjump' && jumps)
  const proxy = applying.find(isProxy)?.value
  return { host, port, user, identityFile, ...byProxy(proxy), ...byAlias(first('hostkeyalias')) }
}

function byProxy(value: string | undefined): { readonly proxied?: true } {
  return value === undefined || value.toLowerCase() === 'none' ? {} : { proxied: true }
}

/** ssh folds it to lower case and adds no port (ssh.c, sshconnect.c: get_hostfile_hostname_ipaddr). */
function byAlias(alias: string | undefined): Pick<SshPlace, 'hostKeyAlias'> {
  return alias === undefined ? {} : { hostKeyAlias: alias.toLowerCase() }
}

/** One pattern must match, and none of those with a `!`. */
function hostMatches(patterns: readonly string[], host: string): boolean {
  const matching = patterns.filter((pattern) => wildcard(pattern.replace(/^!/, ''))(host))
  return matching.length > 0 && !matching.some((pattern) => pattern.startsWith('!'))
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

/** ssh's own defaults. Root's, because the daemon runs it. */
function asWritten(place: WrittenPlace): SshPlace {
  return { host: place.host, port: place.port ?? 22, user: place.user ?? 'root', identityFile: null }
}

async function askSsh(
  place: WrittenPlace,
  scan: SshConfigScan,
  env: NodeJS.ProcessEnv,
  files: LaptopFiles,
): Promise<Asked> {
  const port = place.port === null ? [] : ['-p', String(place.port)]
  const user = place.user === null ? [] : ['-l', place.user]
  const from = scan.withRoots && isRoots(files) ? [] : ['-F', files.sshConfig]
  const args = [...from, '-G', ...port, ...user, place.host]
  const answer = await run('ssh', args, { env: { PATH: env['PATH'], HOME: env['HOME'] }, deadlineMs: 3_000 })
  // No ssh for this user, or a configuration it refuses: what the URI says is the best we know.
  if (answer.state !== 'done') return { place: asWritten(place) }
  if (answer.code === 0) return { place: placeOf(answer.stdout, place, scan, files) }
  const refused = refusalOf(answer.stderr, files)
  return { place: asWritten(place), ...(refused === null ? {} : { refused }) }
}

/** Whether plain `ssh` would read these very files: as root, of the real laptop. */
function isRoots({ rootHome, sshConfig }: LaptopFiles): boolean {
  return process.getuid?.() === 0 && userInfo().homedir === rootHome && sshConfig === laptopFiles.sshConfig
}

/** What ssh says of a configuration that it ends at; null where it speaks of something else, as a name. */
function refusalOf(stderr: string, files: LaptopFiles): Problem | null {
  const raw = cleanText(stderr)
  const [, file, line, what] = /^(\/.+?):? line (\d+): (.+)$/m.exec(raw) ?? []
  if (file !== undefined && what !== undefined)
    return problem('laptop.ssh-config-invalid', { file, line: Number(line), what }, raw)
  const loop = /^Too many recursive configuration includes/m.exec(raw)?.[0]
  if (loop === undefined) return null
  return problem('laptop.ssh-config-invalid', { file: files.sshConfig, line: 1, what: loop }, raw)
}

function placeOf(output: string, place: WrittenPlace, scan: SshConfigScan, files: LaptopFiles): SshPlace {
  const lines = output.split('\n').map((line) => line.trim())
  const all = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  const otherwise = asWritten(place)
  const host = all('hostname')[0] ?? otherwise.host
  const user = place.user ?? userOf(all('user')[0], scan)
  return {
    host,
    port: Number(all('port')[0] ?? otherwise.port),
    user,
    identityFile: identityOf(all('identityfile'), { host, user }, files),
    ...byProxy(all('proxyjump')[0] ?? all('proxycommand')[0]),
    ...byAlias(all('hostkeyalias')[0]),
  }
}

/** ssh -G fills in the caller's own name where nothing is configured; the daemon's would be root. */
function userOf(answered: string | undefined, scan: SshConfigScan): string {
  if (answered === undefined) return 'root'
  const isWritten = scan.directives.some((one) => one.keyword === 'user' && one.value === answered)
  return answered === userInfo().username && !isWritten ? 'root' : answered
}

/** The first configured file. Several names that are all ssh's own mean that none is configured. */
function identityOf(
  identities: readonly string[],
  place: { readonly host: string; readonly user: string },
  files: LaptopFiles,
): string | null {
  const [first] = identities
  if (first === undefined || first === 'none') return null
  const isDefault = (file: string) => /^~\/\.ssh\/id_[a-z0-9_]+$/.test(file)
  if (identities.length > 1 && identities.every(isDefault)) return null
  return expandIdentity(first, place, files)
}

/** `~` and %d are root's home for the daemon; %h and %r as in ssh_config(5). */
export function expandIdentity(
  file: string,
  place: { readonly host: string; readonly user: string },
  files: LaptopFiles,
): string {
  const values: Record<string, string> = {
    d: files.rootHome,
    h: place.host,
    r: place.user,
    u: 'root',
    '%': '%',
  }
  const expanded = file
    .replace(/^~(?=\/)/, files.rootHome)
    .replace(/%([dhru%])/g, (whole, letter: string) => values[letter] ?? whole)
  return expanded.startsWith('/') ? expanded : join('/', expanded)
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: parallel }, worker))
}
