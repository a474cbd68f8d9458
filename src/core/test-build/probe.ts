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

export interface Probe {
  /** A fresh UUID: two runs never share a path. */
  readonly tag: string
  /** Arguments of nix-build after the program's name. */
  readonly payloadArgs: readonly string[]
  readonly probeArgs: readonly string[]
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
  const log = ['-v', '--log-format', 'internal-json']
  const args = commandArgs(row, payloadBytes, file, tag)
  const asked = builders === null ? [] : ['--builders', builders]
  return {
    tag,
    payloadArgs: [...log, ...args.payload],
    probeArgs: [...log, ...asked, ...args.probe],
  }
}

/** The same by hand, for any shell. A tag is used once: under an old one Nix would find the output and run nothing. */
export function reproduceText(row: Row, payloadBytes: number): string {
  const words: Readonly<Record<string, string>> = { 'probe.nix': './probe.nix', TAG: '"$tag"' }
  const command = (args: readonly string[]) =>
    `nix-build ${args.map((arg) => words[arg] ?? shellWord(arg)).join(' ')}`
  const { payload, probe } = commandArgs(row, payloadBytes, 'probe.nix', 'TAG')
  const steps = ['tag=$(cat /proc/sys/kernel/random/uuid)', command(payload), command(probe)]
  return `cat > probe.nix <<'END'\n${probeText}END\n${steps.join('\n')}\n`
}

/** The size that is really used: within the limits. */
export function payloadOf(bytes: number): number {
  return Math.min(Math.max(Math.round(bytes), minPayload), maxPayload)
}

/** What comes back, in bytes. */
export function returnOf(bytes: number): number {
  return Math.min(payloadOf(bytes), maxReturn)
}

function commandArgs(row: Row, payloadBytes: number, file: string, tag: string) {
  const texts = {
    tag,
    system: row.systems[0] ?? 'builtin',
    features: JSON.stringify(row.mandatoryFeatures),
    up: String(payloadOf(payloadBytes)),
    back: String(returnOf(payloadBytes)),
  }
  const given = Object.entries(texts).flatMap(([name, value]) => ['--argstr', name, value])
  // Nothing of a probe can be substituted, and a dead cache must not be asked.
  const common = ['--no-out-link', '--option', 'substitute', 'false', file]
  return {
    payload: ['--builders', '', '--max-jobs', '1', ...common, '-A', 'payload', ...given],
    probe: ['--max-jobs', '0', ...common, '-A', 'probe', ...given],
  }
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
