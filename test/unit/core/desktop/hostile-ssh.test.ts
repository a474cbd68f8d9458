// Ports that are no working SSH server: each ends in its own cause, in time.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutated } from './mutations.ts'
import { closedPort, grownSince, pour, tcpServer } from './servers.ts'
import { prove, targetAt } from './targets.ts'

const megabyte = 1024 * 1024

describe('a port that is no working SSH server', () => {
  it('may be closed', async () => {
    const proof = await prove(targetAt(await closedPort()))
    expect(proof).toMatchObject({ connectMs: null, key: 'untested', problem: { cause: 'ssh.port-closed' } })
  })

  it('may accept and say nothing, until the deadline', async () => {
    const started = performance.now()
    const proof = await prove(targetAt(await tcpServer(() => {})), 400)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(proof).toMatchObject({ connectMs: expect.any(Number), problem: { cause: 'ssh.banner-timeout' } })
  })

  it('may be a web server, whose first words are kept', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    expect((await prove(targetAt(port))).problem).toMatchObject({
      cause: 'ssh.not-ssh',
      params: { host: 'desktop', port },
      raw: expect.stringContaining('400 Bad Request'),
    })
  })

  it('may be a mail server, which greets and waits: known long before the deadline', async () => {
    const port = await tcpServer((socket) => void socket.write('220 mail ESMTP\r\n'))
    const started = performance.now()
    expect((await prove(targetAt(port), 20_000)).problem?.cause).toBe('ssh.not-ssh')
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it.each([
    ['closes at once', '', 'end'],
    ['resets at once', '', 'reset'],
    ['says that it penalises', 'Not allowed at this time\r\n', 'end'],
    ['says that it is full', 'Exceeded MaxStartups\r\n', 'end'],
  ])('is throttled when it %s, never unreachable', async (_, words, how) => {
    const port = await tcpServer((socket) => {
      if (words !== '') socket.write(words)
      if (how === 'reset') socket.resetAndDestroy()
      else socket.end()
    })
    expect((await prove(targetAt(port))).problem?.cause).toBe('ssh.throttled')
  })

  it.each([
    ['one endless line', Buffer.alloc(megabyte, 'a')],
    ['endless lines', Buffer.alloc(megabyte, 'greetings\r\n')],
    ['zeros', Buffer.alloc(megabyte)],
    ['escape sequences', Buffer.alloc(megabyte, '\x1b[2J\x1b]0;x\x07\n')],
  ])('may pour %s: it is cut off, and memory stays', async (_, chunk) => {
    const port = await tcpServer((socket) => pour(socket, chunk))
    const before = process.memoryUsage().rss
    const proof = await prove(targetAt(port), 5000)
    expect(proof.problem?.cause).toBe('ssh.not-ssh')
    expect(proof.problem?.raw ?? '').not.toMatch(/[^\P{Cc}\n\t]/u)
    expect(grownSince(before)).toBeLessThan(80 * megabyte)
  })

  it('may identify itself in pieces after a greeting, as ssh2 alone does not understand', async () => {
    const port = await tcpServer(async (socket) => {
      for (const piece of ['Wel', 'come\r\n', 'SSH-2', '.0-Op', 'enSSH_9.9\r\n']) {
        socket.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
      socket.end()
    })
    expect((await prove(targetAt(port))).problem).toMatchObject({
      cause: 'ssh.protocol-error',
      raw: 'connection closed during handshake',
    })
  })

  it.each([
    ['an old protocol', Buffer.from('SSH-1.5-old\r\n')],
    ['a packet length of 4 GB', Buffer.from('SSH-2.0-x\r\n\xff\xff\xff\xff\x04\x14', 'latin1')],
    ['a packet length of nothing', Buffer.from('SSH-2.0-x\r\n\0\0\0\0\0\0\0\0', 'latin1')],
    [
      'a broken key exchange',
      Buffer.from('SSH-2.0-x\r\n\0\0\0\x0c\x0a\x14\xff\xff\xff\xff\0\0\0\0\0\0', 'latin1'),
    ],
  ])('may speak SSH with %s', async (_, bytes) => {
    const port = await tcpServer((socket) => void socket.write(bytes))
    const started = performance.now()
    expect((await prove(targetAt(port), 600)).problem?.cause).toBe('ssh.protocol-error')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('may pour garbage after its identification: ended by the deadline, memory stays', async () => {
    const port = await tcpServer((socket) => {
      // Valid SSH_MSG_IGNORE packets, for ever: length 12, padding 6, type 2.
      const ignore = Buffer.from('0000000c0602000000000000000000'.padEnd(32, '0'), 'hex')
      socket.write('SSH-2.0-x\r\n')
      pour(socket, Buffer.concat(Array.from({ length: 4096 }, () => ignore)))
    })
    const before = process.memoryUsage().rss
    const started = performance.now()
    const proof = await prove(targetAt(port), 800)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(proof.problem?.cause).toBe('ssh.protocol-error')
    expect(grownSince(before)).toBeLessThan(80 * megabyte)
  })

  it('crashes and hangs nothing in a thousand mutations', { timeout: 120_000 }, async () => {
    const good = Buffer.from('Welcome\r\nSSH-2.0-OpenSSH_9.9\r\n\0\0\0\x0c\x06\x14AAAAAAAAAAAA', 'latin1')
    const queue: Buffer[] = []
    const port = await tcpServer((socket) => {
      socket.end(queue.shift() ?? good)
    })
    const before = process.memoryUsage().rss
    await fc.assert(
      fc.asyncProperty(mutated(good, 12, 24), async (bytes) => {
        queue.push(bytes)
        const proof = await prove(targetAt(port), 8000)
        expect(proof.problem?.cause).toMatch(/^ssh\.(protocol-error|not-ssh|throttled|no-common-algorithm)$/)
      }),
      { numRuns: 1000 },
    )
    expect(grownSince(before)).toBeLessThan(120 * megabyte)
  })
})
