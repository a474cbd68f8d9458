// Takes one file out of an npm tarball without a tool: gunzip, then 512-byte tar blocks (POSIX ustar).
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

const BLOCK = 512

/** Name and size (bytes) in a ustar header; undefined for the empty block at the end. */
function header(block: Buffer): { name: string; size: number } | undefined {
  const text = (from: number, length: number) =>
    block.toString('utf8', from, from + length).replace(/\0[\s\S]*$/, '')
  if (block[0] === 0) return undefined
  const prefix = text(345, 155)
  const size = Number.parseInt(text(124, 12).trim(), 8)
  return { name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100), size }
}

/** Writes the entry `wanted` of the gzipped tar `tarball` to `file`. Throws where it is missing, too short, or the gzip is broken. */
export async function untar(tarball: string, wanted: string, file: string): Promise<void> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  const raw = createReadStream(tarball, { highWaterMark: 1 << 20 })
  raw.on('error', (error) => gunzip.destroy(error))
  let rest: Buffer = Buffer.alloc(0)
  let skip = 0
  let left = -1
  const out = await open(file, 'w')
  try {
    for await (const chunk of raw.pipe(gunzip) as AsyncIterable<Buffer>) {
      let at = 0
      while (at < chunk.length) {
        if (left > 0) {
          const take = Math.min(left, chunk.length - at)
          await out.write(chunk, at, take)
          at += take
          left -= take
          if (left === 0) return
        } else if (skip > 0) {
          const take = Math.min(skip, chunk.length - at)
          skip -= take
          at += take
        } else {
          const take = Math.min(BLOCK - rest.length, chunk.length - at)
          rest = Buffer.concat([rest, chunk.subarray(at, at + take)])
          at += take
          if (rest.length < BLOCK) continue
          const entry = header(rest)
          rest = Buffer.alloc(0)
          if (!entry) continue
          if (!(entry.size >= 0)) throw new Error('the package is no tar file')
          if (entry.name === wanted) left = entry.size
          else skip = Math.ceil(entry.size / BLOCK) * BLOCK
        }
      }
    }
    throw new Error(`the package has no whole ${wanted}`)
  } finally {
    raw.destroy()
    await out.close()
  }
}
