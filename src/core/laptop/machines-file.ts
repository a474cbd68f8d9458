// Follows the `builders` setting through its @files, in order, guarded against loops.
import { resolve } from 'node:path'
import type { Problem } from '../../shared/outcome.ts'
import {
  type Grammar,
  includePath,
  type MachineRow,
  machinesProblem,
  maxEntries,
  parseRow,
  splitEntries,
} from './machines.ts'
import { readText, unreadableProblem } from './read-text.ts'

export interface MachinesRead {
  readonly rows: readonly MachineRow[]
  readonly problems: readonly Problem[]
  /** Every file named, read or not: what to watch, and what to name when there is no row. */
  readonly files: readonly string[]
}

interface Reading {
  readonly thisSystem: string
  readonly grammar: Grammar
  readonly rows: MachineRow[]
  readonly problems: Problem[]
  readonly files: Set<string>
  /** Entries still allowed: files that include each other twice would grow without end. */
  left: number
}

/**
 * Reads the rows behind a `builders` value that stands in `source`. A missing @file is no problem by itself: Nix
 * ignores it too. An unreadable one is `laptop.file-unreadable` or `laptop.file-unfit`, a loop `laptop.machines-invalid`.
 */
export async function readMachines(
  builders: string,
  source: { readonly file: string; readonly line: number },
  thisSystem: string,
  grammar: Grammar,
): Promise<MachinesRead> {
  const reading: Reading = { thisSystem, grammar, rows: [], problems: [], files: new Set(), left: maxEntries }
  await readEntries(reading, builders, source.file, source.line - 1, [])
  return { rows: reading.rows, problems: reading.problems, files: [...reading.files] }
}

async function readEntries(
  reading: Reading,
  text: string,
  file: string,
  lineOffset: number,
  above: readonly string[],
): Promise<void> {
  for (const entry of splitEntries(text, reading.grammar)) {
    if (reading.left-- <= 0) return
    const source = { text: entry.text, line: entry.line + lineOffset }
    const path = includePath(entry)
    if (path !== null) {
      await readInclude(reading, path, { file, line: source.line }, above)
      continue
    }
    const row = parseRow(source, file, reading.thisSystem)
    reading.problems.push(...row.problems)
    if (row.builder !== null) reading.rows.push(row.builder)
  }
}

async function readInclude(
  reading: Reading,
  written: string,
  source: { readonly file: string; readonly line: number },
  above: readonly string[],
): Promise<void> {
  // The daemon's working directory is /.
  const path = resolve('/', written)
  reading.files.add(path)
  if (above.includes(path)) {
    reading.problems.push(machinesProblem(source, '@', written, `${path} -> ${path}`))
    return
  }
  const file = await readText(path)
  switch (file.state) {
    case 'missing':
      return
    case 'unreadable':
      reading.problems.push(unreadableProblem(path, file))
      return
    case 'read':
      return readEntries(reading, file.text, path, 0, [...above, path])
    default:
      file satisfies never
  }
}
