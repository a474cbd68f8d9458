// Reading small files that other programs own: bounded, and every way it can fail has a name.
import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Problem, problem } from '../../shared/outcome.ts'

/** Far above any real configuration file; more than this is not read. */
const maxTextBytes = 1024 * 1024

/** `unfit`: no plain file but this, in stat(1)'s words. */
export interface Unreadable {
  readonly state: 'unreadable'
  readonly reason: string
  readonly unfit?: string
}

export type TextFile =
  | { readonly state: 'read'; readonly text: string; readonly truncated: boolean }
  | { readonly state: 'missing' }
  | Unreadable

export type BytesFile =
  | { readonly state: 'read'; readonly bytes: Buffer; readonly truncated: boolean }
  | Exclude<TextFile, { readonly state: 'read' }>

/** A file's first `maxBytes` as UTF-8. Never throws; a directory in the path that may not be searched is `unreadable`. */
export async function readText(file: string, maxBytes = maxTextBytes): Promise<TextFile> {
  const read = await readBytes(file, maxBytes)
  if (read.state !== 'read') return read
  return { state: 'read', text: read.bytes.toString('utf8'), truncated: read.truncated }
}

/** The same as bytes. */
export async function readBytes(file: string, maxBytes: number): Promise<BytesFile> {
  try {
    // Else opening a FIFO would wait for its writer, and hold up even the end of the process.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return await readBounded(handle, maxBytes)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'missing' }
    return { state: 'unreadable', reason: code, ...(code === 'ENXIO' ? { unfit: 'socket' } : {}) }
  }
}

/** What is wrong with a file of Nix's that could not be read: `laptop.file-unfit` or `laptop.file-unreadable`. */
export function unreadableProblem(file: string, { reason, unfit }: Unreadable): Problem {
  // Nix and ssh take a directory for an empty file (tried: 2.8, 2.26; OpenSSH 9.2).
  return unfit === undefined || unfit === 'directory'
    ? problem('laptop.file-unreadable', { file }, reason)
    : problem('laptop.file-unfit', { file, what: unfit }, `${file}: ${unfit}`)
}

/** The errno name of a node error, or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message
  return String(error)
}

async function readBounded(handle: Awaited<ReturnType<typeof open>>, maxBytes: number): Promise<BytesFile> {
  const info = await handle.stat()
  const unfit = unfitKind(info)
  if (unfit !== null)
    return { state: 'unreadable', reason: info.isDirectory() ? 'EISDIR' : 'not a file', unfit }
  const chunks: Buffer[] = []
  let size = 0
  while (size <= maxBytes) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, null)
    if (bytesRead === 0) break
    chunks.push(buffer.subarray(0, bytesRead))
    size += bytesRead
  }
  const all = Buffer.concat(chunks)
  return { state: 'read', bytes: all.subarray(0, maxBytes), truncated: size > maxBytes }
}

/** The device number of /dev/null, which stands for an empty file on many a laptop. */
const nullDevice = 0x103

/** A FIFO or device would block or never end: no configuration is one. Words as stat(1) has them; null for a plain file. */
function unfitKind(info: Stats): string | null {
  if (info.isFile() || (info.isCharacterDevice() && info.rdev === nullDevice)) return null
  if (info.isDirectory()) return 'directory'
  if (info.isFIFO()) return 'fifo'
  return info.isCharacterDevice() ? 'character special file' : 'block special file'
}
