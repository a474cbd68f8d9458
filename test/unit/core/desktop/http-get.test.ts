// One bounded GET against real servers on loopback: its limits to the byte and to the hop.
import { describe, expect, it } from 'vitest'
import { httpGet } from '../../../../src/core/desktop/http-get.ts'
import { httpServer } from './servers.ts'

const limits = { deadlineMs: 2000, maxBytes: 1000 }

/** A server whose /N leads to /N-1, and /0 to the end. */
const chain = () =>
  httpServer((request, response) => {
    const left = Number(request.url?.slice(1))
    if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end()
    else response.end('there')
  })

describe('a GET', () => {
  it.each([
    [999, false],
    [1000, false],
    [1001, true],
    [5000, true],
  ])('of %i bytes, where 1000 are allowed, is cut: %s', async (bytes, cut) => {
    const url = await httpServer((_, response) => response.end('x'.repeat(bytes)))
    const got = await httpGet(new URL(url), limits, {})
    expect(got).toMatchObject({ ok: true, value: { status: 200, cut } })
    expect(got.ok && got.value.body.length).toBe(Math.min(bytes, 1000))
  })

  it('follows three redirects, and gives the fourth as it is', async () => {
    const url = await chain()
    const got = (hops: number) => httpGet(new URL(`${url}/${hops}`), limits, {})
    expect(await got(3)).toMatchObject({ value: { status: 200, body: Buffer.from('there') } })
    expect(await got(4)).toMatchObject({ value: { status: 307 } })
  })
})
