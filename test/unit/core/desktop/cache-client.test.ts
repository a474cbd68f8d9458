// The cache client against real HTTP servers on loopback, well-behaved and hostile ones.
import type { RequestListener, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCacheInfo, verifyPath } from '../../../../src/core/desktop/cache-client.ts'
import { mutated } from './mutations.ts'
import { recordedKey, recordedPath, recordedTop } from './recorded.ts'
import { closedPort, grownSince, httpServer, pour, tcpServer } from './servers.ts'

const info = 'StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n'
const megabyte = 1024 * 1024

const reply =
  (body: string | Buffer, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(body)

async function infoFrom(answer: RequestListener, deadlineMs = 10_000) {
  return readCacheInfo(await httpServer(answer), '/nix/store', deadlineMs)
}

describe("a cache's own description", () => {
  it('is read', async () => {
    expect(await infoFrom(reply(info))).toEqual({
      ok: true,
      value: { storeDir: '/nix/store', wantMassQuery: true, priority: 30 },
    })
  })

  it('is asked for without compression, and the connection is not kept', async () => {
    let headers = {}
    await infoFrom((request, response) => {
      headers = request.headers
      response.end(info)
    })
    expect(headers).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' })
  })

  it('may want a login: the one of its address is given, to nobody else, and told to nobody', async () => {
    const seen: (string | undefined)[] = []
    const elsewhere = await httpServer((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(500).end()
    })
    const url = await httpServer((request, response) => {
      const { authorization } = request.headers
      if (authorization !== `Basic ${Buffer.from('me:se/cret').toString('base64')}`)
        response.writeHead(401).end()
      else if (request.url === '/nix-cache-info') response.end(info)
      else response.writeHead(302, { location: `${elsewhere}/x` }).end()
    })
    const withLogin = url.replace('://', '://me:se%2Fcret@')
    expect(await readCacheInfo(withLogin, '/nix/store', 10_000)).toMatchObject({ ok: true })
    const failures = [
      await readCacheInfo(url.replace('://', '://me:other@'), '/nix/store', 10_000),
      await verifyPath(withLogin, '/nix/store/00000000000000000000000000000000-x', [], 10_000),
      await readCacheInfo(`http://me:se%2Fcret@127.0.0.1:${await closedPort()}`, '/nix/store', 10_000),
    ]
    expect(failures[0]).toMatchObject({
      problem: { cause: 'cache.http-error', params: { url, status: 401 } },
    })
    expect(JSON.stringify(failures)).not.toMatch(/cret|other/)
    expect(seen).toEqual([undefined])
  })

  it('may stand below a path, and behind a few redirects', async () => {
    const url = await httpServer((request, response) => {
      const next = { '/a/nix-cache-info': '/b', '/b': '/c', '/c': '/d' }[request.url ?? '']
      if (next) response.writeHead(302, { location: next }).end()
      else response.end(info)
    })
    expect(await readCacheInfo(`${url}/a/`, '/nix/store', 10_000)).toMatchObject({ ok: true })
  })

  it.each([
    [
      'another store',
      reply('StoreDir: /home/me/nix\n'),
      'cache.store-dir-mismatch',
      { expected: '/nix/store', found: '/home/me/nix' },
    ],
    ['a web page', reply('<html>Welcome: here</html>'), 'cache.not-a-cache', {}],
    ['nothing found', reply('no', 404), 'cache.not-a-cache', {}],
    ['gone', reply('no', 410), 'cache.not-a-cache', {}],
    ['too much', reply(`${info}${' '.repeat(70_000)}`), 'cache.not-a-cache', {}],
    ['binary', reply(Buffer.from([0, 1, 2, 255])), 'cache.not-a-cache', {}],
    ['an error', reply('oops', 503), 'cache.http-error', { status: 503 }],
    [
      'another scheme',
      (_, r) => r.writeHead(302, { location: 'https://127.0.0.1/' }).end(),
      'cache.http-error',
      { status: 302 },
    ],
    [
      'no way at all',
      (_, r) => r.writeHead(302, { location: 'http://[' }).end(),
      'cache.http-error',
      { status: 302 },
    ],
    ['circles', (q, r) => r.writeHead(301, { location: q.url }).end(), 'cache.http-error', { status: 301 }],
    ['a length it does not keep', (_, r) => cutShort(r), 'cache.not-a-cache', {}],
  ] satisfies [string, RequestListener, string, object][])('may be %s', async (_, answer, cause, params) => {
    const outcome = await infoFrom(answer)
    expect(outcome).toMatchObject({ ok: false, problem: { cause, params: { host: '127.0.0.1', ...params } } })
  })

  it('may be a closed port', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`
    expect(await readCacheInfo(url, '/nix/store', 10_000)).toMatchObject({
      problem: { cause: 'cache.port-closed', params: { url } },
    })
  })

  it('may have no name', async () => {
    expect(await readCacheInfo('http://no-such-desktop.invalid:5000', '/nix/store', 10_000)).toMatchObject({
      problem: { cause: 'net.name-not-found', params: { host: 'no-such-desktop.invalid', port: 5000 } },
    })
  })

  it('may never come: accepted and silent, or endlessly slow', async () => {
    const started = performance.now()
    const drip = (response: ServerResponse) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect(await infoFrom(() => {}, 300)).toMatchObject({ problem: { cause: 'cache.timeout' } })
    expect(await infoFrom((_, response) => drip(response), 300)).toMatchObject({
      problem: { cause: 'cache.timeout' },
    })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it.each([
    ['the body', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['a chunked body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n'],
    ['the headers', 'HTTP/1.1 200 OK\r\nX: '],
    ['no HTTP', 'SSH-2.0-x\r\n'],
  ])('may be endless in %s: it is cut off, and memory stays', async (_, head) => {
    const port = await tcpServer((socket) => {
      socket.write(head)
      pour(socket, Buffer.alloc(megabyte, 'a'))
    })
    const before = process.memoryUsage().rss
    const outcome = await readCacheInfo(`http://127.0.0.1:${port}`, '/nix/store', 10_000)
    expect(outcome).toMatchObject({ problem: { cause: 'cache.not-a-cache' } })
    expect(grownSince(before)).toBeLessThan(80 * megabyte)
  })

  it('shows its words without their escape sequences', async () => {
    const outcome = await infoFrom(reply('\x1b[31mred\x1b]0;t\x07 \u202eback', 500))
    expect(outcome).toMatchObject({ problem: { raw: 'red back' } })
  })

  it('is not looked for behind other schemes', async () => {
    for (const url of ['file:///x', 's3://bucket', 'nonsense']) {
      expect(await readCacheInfo(url, '/nix/store', 100)).toMatchObject({
        problem: { cause: 'cache.not-a-cache' },
      })
    }
  })

  it('crashes and hangs nothing in a thousand mutated answers', { timeout: 120_000 }, async () => {
    const good = Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Length: ${info.length}\r\nContent-Type: text/plain\r\n\r\n${info}`,
    )
    const queue: Buffer[] = []
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.end(queue.shift() ?? good))
    })
    const before = process.memoryUsage().rss
    await fc.assert(
      fc.asyncProperty(mutated(good, 20, 20), async (bytes) => {
        queue.push(bytes)
        const outcome = await readCacheInfo(`http://127.0.0.1:${port}`, '/nix/store', 8000)
        if (!outcome.ok) expect(outcome.problem.cause).toMatch(/^cache\./)
      }),
      { numRuns: 1000 },
    )
    expect(grownSince(before)).toBeLessThan(120 * megabyte)
  })
})

describe('a path in a cache', () => {
  const verify = async (answer: RequestListener, keys: readonly string[] = [recordedKey]) =>
    verifyPath(await httpServer(answer), recordedPath, keys, 10_000)

  it('is asked for by its hash and verified', async () => {
    let asked: string | undefined
    const verdict = await verify((request, response) => {
      asked = request.url
      response.end(recordedTop)
    })
    expect(asked).toBe('/gsrbwr5m2fw5n5cydp3g59awv2fp8d45.narinfo')
    expect(verdict).toEqual({ state: 'valid', keyName: 'cache.test-1', path: recordedPath })
  })

  it.each([404, 410])('may be absent (%i)', async (status) => {
    expect(await verify(reply('No such path.', status))).toEqual({ state: 'absent', path: recordedPath })
  })

  it.each([
    ['an error', reply('Internal Server Error', 500), 'cache.narinfo-error', { status: 500 }],
    ['no narinfo', reply('<html>'), 'cache.narinfo-error', { status: 200 }],
    ['too much', reply('x'.repeat(100_000)), 'cache.narinfo-error', { status: 200 }],
    [
      'another path',
      reply(recordedTop.replace(/store\/gsr/, 'store/ggg')),
      'cache.narinfo-error',
      { status: 200 },
    ],
    ['unsigned', reply(recordedTop.replace(/^Sig.*\n/m, '')), 'cache.unsigned', {}],
  ])('may answer with %s', async (_, answer, cause, params) => {
    expect(await verify(answer)).toMatchObject({ state: 'failed', problem: { cause, params } })
  })

  it('tells a key that is not trusted from one that was made anew', async () => {
    const wrong = `cache.test-1:${Buffer.alloc(32, 7).toString('base64')}`
    expect(await verify(reply(recordedTop), [])).toMatchObject({
      problem: { cause: 'cache.signature-untrusted', params: { name: 'cache.test-1' } },
    })
    expect(await verify(reply(recordedTop), [wrong])).toMatchObject({
      problem: { cause: 'cache.signature-invalid', params: { name: 'cache.test-1' } },
    })
  })
})

function cutShort(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 5000 })
  response.write(info)
  setTimeout(() => response.destroy(), 20)
}
