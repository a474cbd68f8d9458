// The grammar of /etc/nix/machines and of the `builders` setting: text -> rows, and a problem for each bad one.
import { type Problem, problem } from '../../shared/outcome.ts'
import { decodeHostKeyColumn } from './host-key-column.ts'
import { parseStoreUri, type StoreUri } from './store-uri.ts'

/** One row as written, nothing of ssh_config applied. */
export interface MachineRow {
  readonly store: StoreUri
  readonly systems: readonly string[]
  readonly keyPath: string | null
  readonly maxJobs: number
  readonly speedFactor: number
  readonly supportedFeatures: readonly string[]
  readonly mandatoryFeatures: readonly string[]
  readonly hostKeyLine: string | null
  readonly source: { readonly file: string; readonly line: number }
}

/**
 * Nix up to 2.28.0 splits at `;` before it removes comments, and never trims: a `;` in a comment starts a row, a line of
 * blanks is a bad row, and an indented @file is no include. Later versions are what one expects.
 */
export type Grammar = 'old' | 'new'

export interface Entry {
  readonly text: string
  readonly line: number
}

/** More rows than anybody has; the rest of a runaway file is left out. */
export const maxEntries = 10_000

/** The rows and includes of a text with their line numbers (from 1), comments and blank entries gone. */
export function splitEntries(text: string, grammar: Grammar): readonly Entry[] {
  const entries: Entry[] = []
  for (const [index, line] of text.split('\n').entries()) {
    for (const piece of grammar === 'old' ? oldPieces(line) : newPieces(line)) {
      if (entries.length >= maxEntries) return entries
      entries.push({ text: piece, line: index + 1 })
    }
  }
  return entries
}

/** The file that an entry includes, or null for a row. */
export function includePath(entry: Entry): string | null {
  return entry.text.startsWith('@') ? entry.text.slice(1).trim() : null
}

/** Reads one row. Columns as in Nix's machines.cc (since 2.4): no quoting, `-` or nothing means the default. */
export function parseRow(
  entry: Entry,
  file: string,
  thisSystem: string,
): { readonly builder: MachineRow | null; readonly problems: readonly Problem[] } {
  const columns = entry.text.split(/[ \t\n\r]+/).filter((column) => column !== '')
  const column = (index: number) => (columns[index] === '-' ? undefined : columns[index])
  const source = { file, line: entry.line }
  const problems: Problem[] = []
  const invalid = (name: string, value: string, expected: string) =>
    problems.push(machinesProblem(source, name, value, expected))

  const store = parseStoreUri(column(0) ?? '')
  if (column(0) === undefined || store.kind === 'bad')
    invalid('uri', columns[0] ?? entry.text, 'ssh-ng://user@host')
  const maxJobs = unsigned(column(3) ?? '1')
  if (maxJobs === null) invalid('max-jobs', column(3) ?? '', '0, 1, 2 …')
  const speedFactor = speed(column(4) ?? '1')
  if (speedFactor === null) invalid('speed-factor', column(4) ?? '', '1, 2, 3 …')
  const hostKey = decodeHostKeyColumn(column(7) ?? paramOf(store, 'base64-ssh-public-host-key') ?? null)
  if (hostKey.state !== 'none' && hostKey.state !== 'line')
    invalid('host-key', column(7) ?? '', 'base64 -w0 /etc/ssh/ssh_host_ed25519_key.pub')
  // Nix stops at all of these but one: base64 that holds no key line only fails later, in ssh.
  const fatal = hostKey.state === 'not-a-key' ? problems.length > 1 : problems.length > 0
  if (fatal || maxJobs === null || speedFactor === null) return { builder: null, problems }
  return {
    builder: {
      store,
      systems: list(column(1)) ?? [thisSystem],
      // Nix lets the column win over the parameter.
      keyPath: column(2) ?? paramOf(store, 'ssh-key') ?? null,
      maxJobs,
      speedFactor,
      supportedFeatures: list(column(5)) ?? [],
      mandatoryFeatures: list(column(6)) ?? [],
      hostKeyLine: hostKey.state === 'line' ? hostKey.line : null,
      source,
    },
    problems,
  }
}

/** `laptop.machines-invalid` with a `what` that needs no translation: field = value (what it should look like). */
export function machinesProblem(
  source: { readonly file: string; readonly line: number },
  field: string,
  value: string,
  expected: string,
): Problem {
  return problem('laptop.machines-invalid', {
    file: source.file,
    line: source.line,
    what: `${field} = "${shown(value)}" (${expected})`,
  })
}

/** A hostile file's bytes made fit for a terminal and a window: no control characters, at most 80 characters. */
export function shown(text: string): string {
  const clean = text.replace(/\p{C}/gu, '\ufffd')
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean
}

function oldPieces(line: string): readonly string[] {
  return line
    .split(';')
    .map((piece) => piece.replace(/#.*$/s, ''))
    .filter((piece) => piece !== '')
}

function newPieces(line: string): readonly string[] {
  return line
    .replace(/#.*$/s, '')
    .split(';')
    .map(withoutBlanks)
    .filter((piece) => piece !== '')
}

const blanks = ' \t\r\v\f'

/** As Nix trims: String.trim would take a byte order mark along, which Nix reads as a builder. In one pass. */
function withoutBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && blanks.includes(text.charAt(from))) from += 1
  while (to > from && blanks.includes(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

function list(column: string | undefined): readonly string[] | undefined {
  return column === undefined ? undefined : [...new Set(column.split(',').filter((item) => item !== ''))]
}

function unsigned(text: string): number | null {
  const number = /^\+?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return number <= 0xffffffff ? number : null
}

/** A whole number up to Nix 2.19, any number since; 0 means 1. */
function speed(text: string): number | null {
  const number =
    /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && text.length < 40 ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) return null
  return number === 0 ? 1 : number
}

function paramOf(store: StoreUri, name: string): string | undefined {
  return store.kind === 'ssh' ? store.params.get(name) : undefined
}
