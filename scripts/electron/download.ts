// Fetches one large file over HTTP: resumes where it was cut off, checks the hash, and only then gives the file its name.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { httpFetch } from './http.ts'
import { reason } from './types.ts'

export interface DownloadOptions {
  url: string
  /** The finished file. Until its hash is right the bytes are in `<file>.part`. */
  file: string
  algorithm: 'sha256' | 'sha512'
  digest: string
  encoding: 'hex' | 'base64'
  onBytes: (done: number, total: number | undefined) => void
  onRetry?: (why: string) => void
  /** How long the server may take to answer, ms. */
  answerWithin?: number
  /** How long the body may be silent, ms. */
  silentFor?: number
  /** How often to go on after a cut that brought no new byte. */
  attempts?: number
}

/** How a download ended. `unreachable`: no server answered; `refused`: it said no; `cut`: it broke off; `corrupt`: wrong bytes. */
export type Downloaded =
  | { ok: true }
  | { ok: false; kind: 'unreachable' | 'refused' | 'cut' | 'corrupt' | 'disk'; why: string }

type Attempt = { done: true } | { done: false; kind: 'unreachable' | 'refused' | 'cut' | 'disk'; why: string }

/** Size of a file in bytes, 0 where there is none. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (it) => it.size,
    () => 0,
  )
}

/** The hash of a file, in the encoding asked for. */
export async function hashFile(file: string, algorithm: string, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest(encoding)
}

/** What a 206's `Content-Range: bytes 100-199/200` (RFC 9110, 14.4) says; undefined where it is missing or odd. */
function contentRange(response: Response): { from: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
  if (!match) return undefined
  return { from: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) }
}

async function request(o: DownloadOptions, from: number, abort: AbortController): Promise<Response> {
  const timer = setTimeout(
    () => abort.abort(new Error(`no answer within ${(o.answerWithin ?? 6000) / 1000} s`)),
    o.answerWithin ?? 6000,
  )
  try {
    const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) }
    return await httpFetch(o.url, { headers, signal: abort.signal })
  } finally {
    clearTimeout(timer)
  }
}

/** Where in the file this answer's bytes belong and how long the whole is; undefined where the answer cannot be used. */
function placed(response: Response, asked: number): { from: number; total: number | undefined } | undefined {
  if (response.status === 206) {
    const range = contentRange(response)
    return range && range.from === asked ? range : undefined
  }
  const length = Number(response.headers.get('content-length'))
  return { from: 0, total: length > 0 ? length : undefined }
}

async function attempt(o: DownloadOptions, part: string): Promise<Attempt> {
  const have = await sizeOf(part)
  const abort = new AbortController()
  let response: Response
  try {
    response = await request(o, have, abort)
  } catch (error) {
    return { done: false, kind: 'unreachable', why: reason(error) }
  }
  // 416: the partial file is as long as the whole or longer; the hash tells which.
  if (response.status === 416 && have > 0) return { done: true }
  if (!response.ok || !response.body) {
    abort.abort()
    return { done: false, kind: 'refused', why: `the server answered ${response.status}` }
  }
  const at = placed(response, have)
  if (!at) {
    abort.abort()
    await rm(part, { force: true })
    return { done: false, kind: 'cut', why: 'the server resumed at the wrong place' }
  }
  return receive(o, part, response, at, abort)
}

async function receive(
  o: DownloadOptions,
  part: string,
  response: Response,
  at: { from: number; total: number | undefined },
  abort: AbortController,
): Promise<Attempt> {
  const file = await open(part, at.from === 0 ? 'w' : 'r+')
  const silent = o.silentFor ?? 30_000
  const watchdog = setTimeout(() => abort.abort(new Error(`nothing came for ${silent / 1000} s`)), silent)
  let done = at.from
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      watchdog.refresh()
      try {
        await file.write(chunk, 0, chunk.length, done)
      } catch (error) {
        abort.abort()
        return { done: false, kind: 'disk', why: reason(error) }
      }
      done += chunk.length
      o.onBytes(done, at.total)
    }
  } catch (error) {
    return { done: false, kind: 'cut', why: reason(abort.signal.aborted ? abort.signal.reason : error) }
  } finally {
    clearTimeout(watchdog)
    await file.close()
  }
  if (at.total !== undefined && done < at.total)
    return { done: false, kind: 'cut', why: 'the file ended too early' }
  return { done: true }
}

/**
 * Downloads `url` to `file`. A partial file of an earlier run is continued with an HTTP range where the server allows it,
 * else begun again; a file with a wrong hash is thrown away and fetched once more from the start.
 * Gives up after `attempts` (3) cuts in a row that brought nothing new.
 */
export async function download(o: DownloadOptions): Promise<Downloaded> {
  const part = `${o.file}.part`
  await mkdir(dirname(o.file), { recursive: true })
  let idle = 0
  let answered = false
  let corrupt = 0
  for (;;) {
    const before = await sizeOf(part)
    const result = await attempt(o, part)
    if (result.done) {
      if ((await hashFile(part, o.algorithm, o.encoding)) === o.digest) {
        await rename(part, o.file)
        return { ok: true }
      }
      await rm(part, { force: true })
      if (++corrupt === 2)
        return { ok: false, kind: 'corrupt', why: `its ${o.algorithm} is not the expected one` }
      o.onRetry?.(`the ${o.algorithm} does not match, starting again`)
      continue
    }
    if (result.kind === 'refused' || result.kind === 'disk')
      return { ok: false, kind: result.kind, why: result.why }
    // Out of reach from the start: say so at once, and keep what an earlier run has fetched.
    if (result.kind === 'unreachable' && !answered) return { ok: false, kind: 'unreachable', why: result.why }
    answered = true
    idle = (await sizeOf(part)) > before ? 0 : idle + 1
    if (idle >= (o.attempts ?? 3)) return { ok: false, kind: result.kind, why: result.why }
    o.onRetry?.(`${result.why}, going on`)
    await new Promise((resolve) => setTimeout(resolve, 500 * idle))
  }
}
