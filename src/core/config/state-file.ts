// A file of ours in the XDG folders, replaced whole: a reader sees the old text or the new one, never half of it.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a small text for its owner alone, and makes the folder. At once, in one go: a command that ends waits for
 * nothing else, and each hop through the thread pool costs more than the write. Throws where it cannot be written.
 */
export function replaceStateFile(file: string, text: string): void {
  makeFolder(dirname(file))
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * The folder and those above it, for their owner alone. Throws where one cannot be made. Not by mkdir's own `recursive`: Node
 * tries again for ever where a file system says ENOENT of a folder whose parent is there (/proc, an automounter).
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Somebody else may have made it meanwhile; a file in its place is found out by whoever writes into it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
