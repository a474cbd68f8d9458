// A file of ours in the XDG folders, replaced whole: a reader sees the old text or the new one, never half of it.
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { errorCode, type TextFile } from '../laptop/read-text.ts'

/** Reads one, at most `maxBytes` of it; as it is written: at once, in one go. Never throws. */
export function readStateFile(file: string, maxBytes: number): TextFile {
  try {
    // Else opening a FIFO would wait for its writer.
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return readOpen(fd, maxBytes)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    const reason = errorCode(error)
    const isMissing = reason === 'ENOENT' || reason === 'ENOTDIR'
    return isMissing ? { state: 'missing' } : { state: 'unreadable', reason }
  }
}

function readOpen(fd: number, maxBytes: number): TextFile {
  const info = fstatSync(fd)
  if (!info.isFile()) return { state: 'unreadable', reason: info.isDirectory() ? 'EISDIR' : 'not a file' }
  // One byte more than fits tells that there is more.
  const bytes = Buffer.alloc(Math.min(info.size, maxBytes) + 1)
  const size = readSync(fd, bytes, 0, bytes.length, 0)
  return {
    state: 'read',
    text: bytes.toString('utf8', 0, Math.min(size, maxBytes)),
    truncated: size > maxBytes,
  }
}

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
