// What the monitor keeps between starts, in one JSON file of the XDG state folder: written whole and renamed into place.
import { rename } from 'node:fs/promises'
import * as v from 'valibot'
import { readStateFile, replaceStateFile } from '../config/state-file.ts'
import { type Kept, keptSchema, nothingKept } from './kept-schema.ts'

export interface KeptRead {
  readonly kept: Kept
  /** Where a file that could not be understood was put aside, and why; null when all is well. */
  readonly setAside: { readonly file: string; readonly why: string } | null
}

/** Nothing the monitor keeps comes near this. */
const maxBytes = 1_000_000

/** Reads the kept state; a missing file is nothing kept, a broken one is renamed to FILE.broken and said. */
export async function readKept(file: string): Promise<KeptRead> {
  const content = readStateFile(file, maxBytes)
  if (content.state === 'missing') return { kept: nothingKept, setAside: null }
  if (content.state === 'unreadable') return { kept: nothingKept, setAside: { file, why: content.reason } }
  const read = content.truncated ? `larger than ${maxBytes} bytes` : parseKept(content.text)
  if (typeof read !== 'string') return { kept: read, setAside: null }
  const aside = `${file}.broken`
  // Where even renaming is refused the file stays, and the next write says so.
  await rename(file, aside).catch(() => undefined)
  return { kept: nothingKept, setAside: { file: aside, why: read } }
}

/** Writes the kept state; readers see the old file or the new one, never half of it. */
export function writeKept(file: string, kept: Kept): void {
  replaceStateFile(file, `${JSON.stringify(kept, null, 1)}\n`)
}

function parseKept(text: string): Kept | string {
  try {
    const parsed = v.safeParse(keptSchema, JSON.parse(text))
    return parsed.success ? parsed.output : parsed.issues.map((issue) => issue.message).join('; ')
  } catch (error) {
    return (error as Error).message
  }
}
