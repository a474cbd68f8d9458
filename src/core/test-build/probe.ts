// One probe: the two commands that build it and what they are to evaluate.
import { shellWord } from '../../shared/shell-word.ts'
import type { Builder } from '../laptop/facts.ts'
import { probeText } from './probe-text.ts'

/** The smallest payload, in bytes: what the probe writes at once. */
export const minPayload = 65_536
/** The usual payload, in bytes: a moment on any link. */
export const defaultPayload = 1024 ** 2
/** The largest payload, in bytes: the stores of both machines keep it until their next garbage collection. */
export const maxPayload = 1024 ** 3
/** The way back is measured too, but both stores keep what is sent: so a large payload does not come back whole. */
const maxReturn = 64 * 1024 ** 2

/** One program to run. */
export interface Command {
  readonly program: 'nix-instantiate'
  readonly args: readonly string[]
}

/** What a probe must know of the machine that is to build it. */
export type Row = Pick<Builder, 'systems' | 'mandatoryFeatures'>

/**
 * Nix, waiting for an expression on stdin; what it asks for is built `here` or `there` only. `builders` is what to ask for
 * with --builders; null leaves the choice to Nix. nix-instantiate builds what an evaluation reads, all in one process, as
 * nix-build does, but leaves no dangling gc root behind. And it can be started before it is known what to build.
 */
export function waitingNix(where: 'here' | 'there', builders: string | null): Command {
  const asked = builders === null ? [] : ['--builders', builders]
  const how = where === 'here' ? hereOnly : [...thereOnly, ...asked]
  const log = ['-v', '--log-format', 'internal-json', '--no-gc-warning']
  return { program: 'nix-instantiate', args: [...log, ...how, ...noSubstitute, ...readToBuild, '-'] }
}

/** Builds the payload; its value is the output's path. It asks nothing of the builder's row. */
export function payloadExpression(tag: string, payloadBytes: number): string {
  return built('payload', { tag, ...bytesOf(payloadBytes), system: 'builtin' })
}

/** Builds the probe for a builder's row: its first system, and exactly the features it insists on. */
export function probeExpression(tag: string, row: Row, payloadBytes: number): string {
  return built('probe', { tag, ...textsOf(row, payloadBytes) })
}

/** Asking whether a path of an output is there is what makes Nix build it. */
function built(name: 'payload' | 'probe', texts: Readonly<Record<string, string>>): string {
  const given = Object.entries(texts).map(([key, value]) => `${key} = ${nixString(value)};`)
  const output = `(${probeText}) { ${given.join(' ')} }`
  return `let one = (${output}).${name}; in
    builtins.seq (builtins.pathExists one) (builtins.unsafeDiscardStringContext one.outPath)\n`
}

/** A text as Nix writes it. */
export function nixString(text: string): string {
  return `"${text.replace(/["\\$]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

const hereOnly = ['--builders', '', '--max-jobs', '1']
const thereOnly = ['--max-jobs', '0']
/** Nothing of a probe can be substituted, and a dead cache must not be asked. */
const noSubstitute = ['--option', 'substitute', 'false']
/** Evaluates to a value, with the store as it is after what was built for it. Both options are defaults that some change. */
const readToBuild = [
  ...['--eval', '--read-write-mode', '--option', 'allow-import-from-derivation', 'true'],
  ...['--option', 'pure-eval', 'false'],
]

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
    ...bytesOf(payloadBytes),
  }
}

function bytesOf(payloadBytes: number) {
  return { up: String(payloadOf(payloadBytes)), back: String(returnOf(payloadBytes)) }
}

/** The size that is really used: within the limits. */
export function payloadOf(bytes: number): number {
  return Math.min(Math.max(Math.round(bytes), minPayload), maxPayload)
}

/** What comes back, in bytes. */
export function returnOf(bytes: number): number {
  return Math.min(payloadOf(bytes), maxReturn)
}
