// One probe: its tag, its files, the two commands that build it, and the proof read from its output.
import { randomUUID } from 'node:crypto'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shellWord } from '../../shared/command.ts'
import type { RemoteProof } from '../../shared/test-build.ts'
import type { Builder } from '../laptop/facts.ts'
import { probeText } from './probe-text.ts'

/** Payload sizes, in bytes. */
export const minPayload = 65_536
export const defaultPayload = 1024 ** 2
export const maxPayload = 1024 ** 3
/** The way back is measured too, but both stores keep what is sent: so a large payload does not come back whole. */
const maxReturn = 64 * 1024 ** 2

/** One program to run; nix-build would do it all, but leaves a dangling gc root behind for each run. */
export interface Command {
  readonly program: 'nix-instantiate' | 'nix-store'
  readonly args: readonly string[]
}

export interface Probe {
  /** A fresh UUID: two runs never share a path. */
  readonly tag: string
  /** Prints two derivations: the payload's and the probe's. */
  readonly evaluate: Command
  /** Builds the payload, on this laptop only. */
  readonly payload: (drv: string) => Command
  /** Builds the probe, on another machine only. */
  readonly probe: (drv: string) => Command
}

export interface ProbeFolder {
  /** Holds probe.nix; also the TMPDIR of nix-build, so that nothing of it stays when it is killed. */
  readonly path: string
  readonly file: string
  remove(): Promise<void>
}

type Row = Pick<Builder, 'systems' | 'mandatoryFeatures'>

/**
 * The commands for a builder's row: its first system, and exactly the features it insists on.
 * `builders` is what to ask for with --builders; null leaves the choice to Nix.
 */
export function makeProbe(row: Row, payloadBytes: number, file: string, builders: string | null): Probe {
  const tag = randomUUID()
  const log = ['-v', '--log-format', 'internal-json', '--no-gc-warning']
  const given = Object.entries({ tag, ...textsOf(row, payloadBytes) })
  const texts = given.flatMap(([name, value]) => ['--argstr', name, value])
  const asked = builders === null ? [] : ['--builders', builders]
  const realise = (drv: string, how: readonly string[]): Command => ({
    program: 'nix-store',
    args: [...log, ...how, ...noSubstitute, '--realise', drv],
  })
  return {
    tag,
    evaluate: { program: 'nix-instantiate', args: [...log, file, '-A', 'payload', '-A', 'probe', ...texts] },
    payload: (drv) => realise(drv, hereOnly),
    probe: (drv) => realise(drv, [...thereOnly, ...asked]),
  }
}

const hereOnly = ['--builders', '', '--max-jobs', '1']
const thereOnly = ['--max-jobs', '0']
/** Nothing of a probe can be substituted, and a dead cache must not be asked. */
const noSubstitute = ['--option', 'substitute', 'false']

/** The same by hand, for any shell. A tag is used once: under an old one Nix would find the output and run nothing. */
export function reproduceText(row: Row, payloadBytes: number): string {
  const texts = Object.entries(textsOf(row, payloadBytes))
  const given = [
    '--argstr tag "$tag"',
    ...texts.map(([name, value]) => `--argstr ${name} ${shellWord(value)}`),
  ]
  const command = (how: readonly string[], name: string) => [
    'nix-build',
    ...[...how, '--no-out-link', ...noSubstitute, './probe.nix', '-A', name].map(shellWord),
    ...given,
  ]
  const lines = [
    'tag=$(cat /proc/sys/kernel/random/uuid)',
    command(hereOnly, 'payload').join(' '),
    command(thereOnly, 'probe').join(' '),
  ]
  return `cat > probe.nix <<'END'\n${probeText}END\n${lines.join('\n')}\n`
}

function textsOf(row: Row, payloadBytes: number) {
  return {
    system: row.systems[0] ?? 'builtin',
    features: JSON.stringify(row.mandatoryFeatures),
    up: String(payloadOf(payloadBytes)),
    back: String(returnOf(payloadBytes)),
  }
}

/** The size that is really used: within the limits. */
export function payloadOf(bytes: number): number {
  return Math.min(Math.max(Math.round(bytes), minPayload), maxPayload)
}

/** What comes back, in bytes. */
export function returnOf(bytes: number): number {
  return Math.min(payloadOf(bytes), maxReturn)
}

/** A private folder for one run. */
export async function makeFolder(env: NodeJS.ProcessEnv): Promise<ProbeFolder> {
  const path = await mkdtemp(join(env['TMPDIR'] || tmpdir(), 'offload-test-build-'))
  const file = join(path, 'probe.nix')
  await writeFile(file, probeText)
  return { path, file, remove: () => rm(path, { recursive: true, force: true }) }
}

export type Proof =
  | { readonly state: 'remote'; readonly remote: RemoteProof }
  /** The tag is right, but it was this machine that wrote it. */
  | { readonly state: 'here'; readonly remote: RemoteProof }
  | { readonly state: 'wrong'; readonly what: string }

/** Reads what the probe wrote, and whether another machine than this one (by its boot id) wrote it. */
export async function readProof(outPath: string, tag: string): Promise<Proof> {
  const here = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  return judgeProof(await readHead(outPath), tag, here)
}

/** The judgement alone: the output's first lines are tag, boot id and kernel. */
export function judgeProof(head: string, tag: string, bootIdHere: string): Proof {
  const [seenTag = '', bootId = '', kernel = ''] = head.split('\n', 3)
  if (seenTag !== tag) return { state: 'wrong', what: `tag ${JSON.stringify(seenTag.slice(0, 80))}` }
  if (!/^[0-9a-f-]{36}$/.test(bootId))
    return { state: 'wrong', what: `boot id ${JSON.stringify(bootId.slice(0, 80))}` }
  const remote = { bootId, kernel: kernel.slice(0, 200) }
  return { state: bootId === bootIdHere ? 'here' : 'remote', remote }
}

async function readHead(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
