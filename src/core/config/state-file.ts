// A file of ours in the XDG folders, replaced whole: a reader sees the old text or the new one, never half of it.
import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a small text for its owner alone, and makes the folder. At once, in one go: a command that ends waits for
 * nothing else, and each hop through the thread pool costs more than the write. Throws where it cannot be written.
 */
export function replaceStateFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
