// One text of rows read as machines-file.ts reads it, with its includes named instead of followed.
import {
  type Grammar,
  includePath,
  type MachineRow,
  parseRow,
  splitEntries,
} from '../../../../src/core/laptop/machines.ts'
import type { Problem } from '../../../../src/shared/outcome.ts'

export interface Machines {
  readonly builders: readonly MachineRow[]
  readonly problems: readonly Problem[]
  readonly includes: readonly { readonly path: string; readonly line: number }[]
}

export function parseMachines(
  text: string,
  file: string,
  thisSystem: string,
  grammar: Grammar = 'new',
): Machines {
  const builders: MachineRow[] = []
  const problems: Problem[] = []
  const includes: { path: string; line: number }[] = []
  for (const entry of splitEntries(text, grammar)) {
    const path = includePath(entry)
    if (path !== null) {
      includes.push({ path, line: entry.line })
      continue
    }
    const row = parseRow(entry, file, thisSystem)
    problems.push(...row.problems)
    if (row.builder !== null) builders.push(row.builder)
  }
  return { builders, problems, includes }
}
