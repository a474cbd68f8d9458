// Asks Nix for its settings, as the daemon sees them, and remembers the answer while nothing it came from changed.
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { bad, good, type Outcome, type Problem } from '../../shared/outcome.ts'
import { withoutSecrets } from '../desktop/clean-text.ts'
import type { NixSettings } from './facts.ts'
import { type LaptopFiles, laptopFiles } from './files.ts'
import {
  askVersion,
  findNix,
  locateNix,
  type NixBinary,
  type NixLocation,
  versionAtLeast,
} from './nix-binary.ts'
import { confProblem, type NixConf, readNixConf } from './nix-conf.ts'
import { type RunResult, run } from './run.ts'

export interface NixTruth {
  readonly nix: NixBinary
  readonly conf: NixConf
  readonly settings: NixSettings
  /** `build-hook` is not empty: Nix can offload at all. */
  readonly hasBuildHook: boolean
  /** Users and @groups the daemon serves. */
  readonly allowedUsers: readonly string[]
  /** Where logins of caches stand. */
  readonly netrcFile: string
  readonly problems: readonly Problem[]
}

/**
 * A reader that starts Nix only where the program or a configuration file changed since its last answer. `waiting` is
 * called once Nix was started. Ends in laptop.nix-missing, or in laptop.nix-silent where it says nothing for `patienceMs`.
 */
export function createNixReader(
  env: NodeJS.ProcessEnv,
  files: LaptopFiles,
  patienceMs = 10_000,
): (waiting?: () => void) => Promise<Outcome<NixTruth>> {
  let last: { readonly key: string; readonly truth: NixTruth } | null = null
  return async (waiting = () => undefined) => {
    const [path, conf] = await Promise.all([findNix(env, files), readNixConf(files.nixConfDir)])
    if (path === null) return bad('laptop.nix-missing')
    const key = await fingerprint([path, ...conf.files])
    if (last?.key === key) return good(last.truth)
    const truth = await askNix(path, conf, { env, files, patienceMs, waiting })
    if (truth.ok) last = { key, truth: truth.value }
    return truth
  }
}

interface Asking {
  readonly env: NodeJS.ProcessEnv
  readonly files: LaptopFiles
  readonly patienceMs: number
  readonly waiting: () => void
}

async function askNix(
  path: string,
  conf: NixConf,
  { env, files, patienceMs, waiting }: Asking,
): Promise<Outcome<NixTruth>> {
  const nixEnv = daemonLikeEnv(env, files)
  const location = await locateNix(path)
  // Of a file that is broken, Nix has little to add, and one that leads to itself it follows for seconds.
  const patience = conf.problems.length > 0 ? Math.min(2_000, patienceMs) : patienceMs
  // Nix would wait for the end of a FIFO, or fill the memory from a device.
  const unfit = conf.problems.some(({ cause }) => cause === 'laptop.file-unfit')
  // Side by side: on a distribution other than NixOS the path does not name the version.
  const asked = Promise.all([
    unfit ? notAsked : showConfig(location, nixEnv, patience),
    location.namedVersion ?? askVersion(path, nixEnv, patienceMs),
  ])
  waiting()
  const [answer, version] = await asked
  if (answer.state === 'timeout' && (version === null || conf.problems.length === 0))
    return bad('laptop.nix-silent', { seconds: patience / 1000 }, `our own check: ${path} gave no answer`)
  if (version === null) return bad('laptop.nix-missing', { path })
  const nix = { ...location, version }
  const problems = [...conf.problems]
  // An include that leads to itself ends Nix by a signal: then the file has said what is wrong.
  if (answer.state !== 'done' && (answer.state === 'missing' || problems.length === 0))
    return bad('laptop.nix-missing', { path }, `${path}: ${answer.state}`)
  const json = answer.state === 'done' && answer.code === 0 ? parseJson(answer.stdout) : null
  if (json === null && problems.length === 0 && answer.state === 'done' && !isOnlyJson(answer.stderr))
    problems.push(problemOf(answer.stderr, conf, files))
  const read = valueReader(json, conf)
  return good({
    nix,
    conf,
    settings: settingsOf(read, nix, files),
    hasBuildHook: read.text('build-hook', 'build-remote') !== '',
    allowedUsers: read.list('allowed-users', ['*']),
    netrcFile: read.text('netrc-file', `${files.nixConfDir}/netrc`),
    problems,
  })
}

const notAsked: RunResult = { state: 'failed', reason: 'not asked' }

/**
 * The environment in which `nix` tells what the daemon sees. The daemon does the builds and reads only the system's
 * nix.conf; show-config would merge in the user's own nix.conf and NIX_CONFIG, whose `builders` or `substituters` the
 * daemon ignores for a user it does not trust. So the user's files and variables stay out.
 */
function daemonLikeEnv(env: NodeJS.ProcessEnv, files: LaptopFiles): NodeJS.ProcessEnv {
  return {
    PATH: env['PATH'],
    HOME: env['HOME'],
    USER: env['USER'],
    NIX_USER_CONF_FILES: '',
    // A test's own tree; the real place is compiled into Nix.
    ...(files.nixConfDir === laptopFiles.nixConfDir ? {} : { NIX_CONF_DIR: files.nixConfDir }),
  }
}

/**
 * `nix config show` from 2.20 on, `nix show-config` before; where that is not the one, the other. While the version is
 * not known yet, `show-config` comes first: it has worked since 2.0, as a deprecated alias nowadays.
 */
async function showConfig(nix: NixLocation, env: NodeJS.ProcessEnv, deadlineMs: number): Promise<RunResult> {
  const ask = (words: readonly string[]) =>
    run(nix.path, ['--extra-experimental-features', 'nix-command', ...words, '--json'], {
      env,
      deadlineMs,
    })
  const isNew = nix.namedVersion !== null && versionAtLeast(nix.namedVersion, '2.20.0')
  const answer = await ask(isNew ? ['config', 'show'] : ['show-config'])
  const unknownCommand = answer.state === 'done' && answer.code !== 0 && /recogni[sz]ed/.test(answer.stderr)
  return unknownCommand ? ask(isNew ? ['show-config'] : ['config', 'show']) : answer
}

/** What Nix complained of, with file and line where the complaint names a setting we know the place of. */
function problemOf(stderr: string, conf: NixConf, files: LaptopFiles): Problem {
  const raw = clean(stderr)
  const names = [...raw.matchAll(/'([a-z][a-z-]+)'/g)].map((match) => match[1] ?? '')
  const place = names.flatMap((name) => conf.settings.get(name) ?? [])[0]
  const line = raw.split('\n').find((one) => one.startsWith('error:')) ?? raw.split('\n')[0] ?? ''
  return confProblem(place?.file ?? `${files.nixConfDir}/nix.conf`, place?.line ?? 1, line.slice(0, 200), raw)
}

/** Nix reads any bytes; only its JSON cannot say them. The file is read instead. */
function isOnlyJson(stderr: string): boolean {
  return /json\.exception\.type_error\.316|invalid UTF-8 byte/i.test(stderr)
}

function clean(text: string): string {
  const plain = stripVTControlCharacters(text).slice(0, 4000).trim()
  return withoutSecrets(plain)
}

function settingsOf(read: ValueReader, nix: NixBinary, files: LaptopFiles): NixSettings {
  return {
    builders: read.text('builders', `@${files.nixConfDir}/machines`),
    maxJobs: read.number('max-jobs', 1),
    fallback: read.flag('fallback', false),
    substituters: read.list('substituters', ['https://cache.nixos.org/']),
    trustedPublicKeys: read.list('trusted-public-keys', []),
    requireSigs: read.flag('require-sigs', true),
    system: read.text('system', defaultSystem()),
    storeDir: nix.storeDir,
    buildersUseSubstitutes: read.flag('builders-use-substitutes', false),
  }
}

type ValueReader = ReturnType<typeof valueReader>

/** Values from Nix's JSON, and from the file itself where Nix could not answer. */
function valueReader(json: Record<string, unknown> | null, conf: NixConf) {
  const value = (name: string): unknown => {
    const entry = json?.[name]
    if (typeof entry === 'object' && entry !== null && 'value' in entry) return entry.value
    return conf.settings.get(name)?.value
  }
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')
  return {
    text(name: string, otherwise: string): string {
      const found = value(name)
      return typeof found === 'string' ? found : Array.isArray(found) ? found.join(' ') : otherwise
    },
    number(name: string, otherwise: number): number {
      const found = value(name)
      if (found === 'auto') return availableParallelism()
      const number = typeof found === 'string' && found !== '' ? Number(found) : found
      return typeof number === 'number' && Number.isFinite(number) ? number : otherwise
    },
    flag(name: string, otherwise: boolean): boolean {
      const found = value(name)
      if (typeof found === 'boolean') return found
      return typeof found === 'string' ? found === 'true' || found === 'yes' || found === '1' : otherwise
    },
    list(name: string, otherwise: readonly string[]): readonly string[] {
      const found = value(name)
      const own = Array.isArray(found)
        ? found.map(String)
        : typeof found === 'string'
          ? words(found)
          : otherwise
      // Nix's JSON has the extra- values folded in already.
      return json === null ? [...own, ...words(conf.settings.get(`extra-${name}`)?.value ?? '')] : own
    },
  }
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function defaultSystem(): string {
  return `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`
}

/** Changes when a file is replaced, edited or touched. Times alone would not do: in a Nix store they are all 1. */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      try {
        const { dev, ino, ctimeNs, size } = await stat(path, { bigint: true })
        return `${path} ${dev}:${ino}:${ctimeNs}:${size}`
      } catch {
        return `${path} -`
      }
    }),
  )
  return parts.join('\n')
}
