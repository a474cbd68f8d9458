// Unpacks the part of a zip that is wanted, without a tool that a bare machine may lack. Plain zip only: no encryption, no zip64.
import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, symlink } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/** One entry of the central directory (PKWARE APPNOTE 4.3.12). Sizes in bytes. */
interface Entry {
  name: string
  method: number
  packed: number
  size: number
  offset: number
  /** Unix mode with its file type, 0 where the zip was not made on Unix. */
  mode: number
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const S_IFMT = 0o170000
const S_IFLNK = 0o120000

async function read(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  if (bytesRead < length) throw new Error('the zip ends too early')
  return buffer
}

async function readEntries(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat()
  const tailLength = Math.min(size, 22 + 0xffff)
  const tail = await read(file, tailLength, size - tailLength)
  let at = tail.length - 22
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--
  if (at < 0) throw new Error('this is no zip file')
  const count = tail.readUInt16LE(at + 10)
  const start = tail.readUInt32LE(at + 16)
  if (start === 0xffffffff) throw new Error('zip64 is not supported')
  const directory = await read(file, tail.readUInt32LE(at + 12), start)
  const entries: Entry[] = []
  for (let i = 0, p = 0; i < count; i++) {
    if (directory.readUInt32LE(p) !== CENTRAL) throw new Error('the zip has a broken directory')
    const nameLength = directory.readUInt16LE(p + 28)
    entries.push({
      name: directory.toString('utf8', p + 46, p + 46 + nameLength),
      method: directory.readUInt16LE(p + 10),
      packed: directory.readUInt32LE(p + 20),
      size: directory.readUInt32LE(p + 24),
      offset: directory.readUInt32LE(p + 42),
      mode: directory.readUInt32LE(p + 38) >>> 16,
    })
    p += 46 + nameLength + directory.readUInt16LE(p + 30) + directory.readUInt16LE(p + 32)
  }
  return entries
}

async function openEntry(path: string, file: FileHandle, entry: Entry): Promise<Readable> {
  const local = await read(file, 30, entry.offset)
  if (local.readUInt32LE(0) !== LOCAL) throw new Error(`the zip has a broken entry: ${entry.name}`)
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (entry.packed === 0) return Readable.from([])
  // A handle of its own: the stream closes it, and `file` stays open for the next entry.
  const own = await open(path)
  const raw = own.createReadStream({ start, end: start + entry.packed - 1, highWaterMark: 1 << 20 })
  if (entry.method === 0) return raw
  if (entry.method !== 8) throw new Error(`the zip uses an unknown method (${entry.method})`)
  const inflate = createInflateRaw({ chunkSize: 1 << 18 })
  raw.on('error', (error) => inflate.destroy(error))
  return raw.pipe(inflate)
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** A path inside `into`, or an error where the name would lead out of it. */
function inside(into: string, name: string): string {
  const path = normalize(join(into, name))
  if (path !== normalize(into) && !path.startsWith(normalize(into) + sep)) {
    throw new Error(`the zip wants to write outside its folder: ${name}`)
  }
  return path
}

/**
 * Unpacks `zip` into `into` with modes and symlinks. `place` maps an entry's name to its path in `into`, or leaves it out
 * with `undefined`. Reports bytes written. Throws on a broken zip, a name that leads outside, or a failed write.
 */
export async function unzip(
  zip: string,
  into: string,
  place: (name: string) => string | undefined,
  onBytes: (done: number, total: number) => void,
): Promise<void> {
  const file = await open(zip)
  try {
    const wanted = (await readEntries(file))
      .map((entry) => ({ entry, to: place(entry.name) }))
      .filter(
        (one): one is { entry: Entry; to: string } => one.to !== undefined && !one.entry.name.endsWith('/'),
      )
    const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0)
    let done = 0
    for (const { entry, to } of wanted) {
      const path = inside(into, to)
      await mkdir(dirname(path), { recursive: true })
      const stream = await openEntry(zip, file, entry)
      if ((entry.mode & S_IFMT) === S_IFLNK) await symlink(await textOf(stream), path)
      else await pipeline(stream, createWriteStream(path, { mode: entry.mode & 0o777 || 0o644 }))
      done += entry.size
      onBytes(done, total)
    }
  } finally {
    await file.close()
  }
}
