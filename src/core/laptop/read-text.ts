// Reading small text files that other programs own: bounded, and every way it can fail has a name.
import { open } from 'node:fs/promises'

/** Far above any real configuration file; more than this is not read. */
export const maxTextBytes = 1024 * 1024

export type TextFile =
  | { readonly state: 'read'; readonly text: string; readonly truncated: boolean }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly reason: string }

/** A file's first MiB as UTF-8. Never throws; a directory in the path that may not be searched is `unreadable`. */
export async function readText(file: string): Promise<TextFile> {
  try {
    const handle = await open(file, 'r')
    try {
      return await readBounded(handle)
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

async function readBounded(handle: Awaited<ReturnType<typeof open>>): Promise<TextFile> {
  const info = await handle.stat()
  if (info.isDirectory()) return { state: 'unreadable', reason: 'EISDIR' }
  // A FIFO or device would block or never end; no configuration is one, /dev/null apart.
  if (!info.isFile() && !info.isCharacterDevice()) return { state: 'unreadable', reason: 'not a file' }
  const chunks: Buffer[] = []
  let size = 0
  while (size <= maxTextBytes) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, null)
    if (bytesRead === 0) break
    chunks.push(buffer.subarray(0, bytesRead))
    size += bytesRead
  }
  const all = Buffer.concat(chunks)
  return {
    state: 'read',
    text: all.subarray(0, maxTextBytes).toString('utf8'),
    truncated: size > maxTextBytes,
  }
}
