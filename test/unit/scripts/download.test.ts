// Downloads that break: against a real server on loopback that cuts, lies or falls silent.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DownloadOptions, download } from '../../../scripts/electron/download.ts'
import { type Answerer, sendRange, serve, sha512 } from './server.ts'

const body = randomBytes(3_000_000)
let folder = ''
let stops: (() => Promise<void>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-download-'))
})

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()))
  stops = []
  rmSync(folder, { recursive: true, force: true })
})

async function site(answer: Answerer) {
  const server = await serve(answer)
  stops.push(server.stop)
  return server
}

const options = (url: string, more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  url,
  file: join(folder, 'thing'),
  algorithm: 'sha512',
  digest: sha512(body),
  encoding: 'base64',
  onBytes: () => undefined,
  ...more,
})

describe('a download', () => {
  it('gives the file its name only when all of it is right, and counts the bytes', async () => {
    const { url } = await site((asked, response) => sendRange(asked, response, body))
    const seen: [number, number | undefined][] = []
    expect(await download(options(url, { onBytes: (done, total) => seen.push([done, total]) }))).toEqual({
      ok: true,
    })
    expect(readFileSync(join(folder, 'thing')).equals(body)).toBe(true)
    expect(readdirSync(folder)).toEqual(['thing'])
    expect(seen.at(-1)).toEqual([body.length, body.length])
  })

  it('goes on where the connection was cut, with a range', async () => {
    const server = await site((asked, response) => sendRange(asked, response, body, 1_000_000))
    expect(await download(options(server.url))).toEqual({ ok: true })
    expect(readFileSync(join(folder, 'thing')).equals(body)).toBe(true)
    const starts = server.asked.map((it) => it.range)
    expect(starts[0]).toBeUndefined()
    expect(starts.length).toBeGreaterThan(2)
    expect(starts.slice(1).every((range) => Number(range?.slice(6, -1)) > 0)).toBe(true)
  })

  it('goes on with what an earlier run left', async () => {
    writeFileSync(join(folder, 'thing.part'), body.subarray(0, 2_000_000))
    const server = await site((asked, response) => sendRange(asked, response, body))
    expect(await download(options(server.url))).toEqual({ ok: true })
    expect(server.asked).toEqual([{ path: '/', range: 'bytes=2000000-' }])
  })

  it('begins again where the server cannot resume', async () => {
    writeFileSync(join(folder, 'thing.part'), body.subarray(0, 2_000_000))
    const { url } = await site((_asked, response) => response.end(body))
    expect(await download(options(url))).toEqual({ ok: true })
    expect(readFileSync(join(folder, 'thing')).equals(body)).toBe(true)
  })

  it('throws away a partial file with wrong bytes and fetches all of it', async () => {
    writeFileSync(join(folder, 'thing.part'), randomBytes(1_000_000))
    const server = await site((asked, response) => sendRange(asked, response, body))
    expect(await download(options(server.url))).toEqual({ ok: true })
    expect(server.asked.map((it) => it.range)).toEqual(['bytes=1000000-', undefined])
  })

  it('takes a partial file that is whole already', async () => {
    writeFileSync(join(folder, 'thing.part'), body)
    const { url } = await site((asked, response) => sendRange(asked, response, body))
    expect(await download(options(url))).toEqual({ ok: true })
  })

  it('never gives a file with a wrong hash its name', async () => {
    const { url } = await site((_asked, response) => response.end(randomBytes(1000)))
    expect(await download(options(url))).toMatchObject({ ok: false, kind: 'corrupt' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('says no at once where nobody listens', async () => {
    const { url, stop } = await site(() => undefined)
    await stop()
    const start = performance.now()
    expect(await download(options(url))).toMatchObject({ ok: false, kind: 'unreachable' })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('says no after its deadline where a server is silent', async () => {
    const { url } = await site(() => undefined)
    expect(await download(options(url, { answerWithin: 200 }))).toMatchObject({
      ok: false,
      kind: 'unreachable',
      why: expect.stringContaining('no answer within 0.2 s'),
    })
  })

  it('gives up on a body that stops coming, and keeps what came', async () => {
    const { url } = await site((asked, response) => {
      if (asked.range)
        return response.writeHead(206, { 'content-range': `bytes 1000-2999999/3000000` }).flushHeaders()
      response.writeHead(200, { 'content-length': body.length })
      return response.write(body.subarray(0, 1000))
    })
    const result = await download(options(url, { silentFor: 150, attempts: 1 }))
    expect(result).toMatchObject({
      ok: false,
      kind: 'cut',
      why: expect.stringContaining('nothing came for 0.15 s'),
    })
    expect(readFileSync(join(folder, 'thing.part')).length).toBe(1000)
  })

  it('passes on a refusal without asking again', async () => {
    const server = await site((_asked, response) => response.writeHead(404).end())
    expect(await download(options(server.url))).toEqual({
      ok: false,
      kind: 'refused',
      why: 'the server answered 404',
    })
    expect(server.asked).toHaveLength(1)
  })
})
