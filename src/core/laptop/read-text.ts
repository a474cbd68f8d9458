// Reading small files that other programs own: bounded, and every way it can fail has a name.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Far above any real configuration file; more than this is not read. */
const maxTextBytes = 1024 * 1024

export type TextFile =
  | { readonly state: 'read'; readonly text: string; readonly truncated: boolean }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly reason: string }

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
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { state: 'missing' }
      : { state: 'unreadable', reason: code }
  }
}

/** The errno name of a node error, or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message
  return String(error)
}

async function readBounded(handle: Awaited<ReturnType<typeof open>>, maxBytes: number): Promise<BytesFile> {
  const info = await handle.stat()
  if (info.isDirectory()) return { state: 'unreadable', reason: 'EISDIR' }
  // A FIFO or device would block or never end; no configuration is one, /dev/null apart.
  if (!info.isFile() && !info.isCharacterDevice()) return { state: 'unreadable', reason: 'not a file' }
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
