// The daemon of this laptop: answering, down, turning us away, or not needed; told over real sockets.
import { rename, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDaemonCheck, greetDaemon } from '../../../../src/core/laptop/daemon.ts'
import { laptopFiles } from '../../../../src/core/laptop/files.ts'
import { tree } from './tree.ts'

/** A socket at ROOT/daemon-socket/socket that does `serve` with every caller. */
async function daemon(serve: (socket: Socket) => void, servesAll = false) {
  const root = await tree({ 'daemon-socket/.keep': '' })
  let callers = 0
  const server = createServer((socket) => {
    callers += 1
    socket.on('error', () => undefined)
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(join(root, 'daemon-socket/socket'), resolve))
  onTestFinished(() => void server.close())
  return {
    root,
    server,
    callers: () => callers,
    check: createDaemonCheck({ ...laptopFiles, nixStateDir: root }, async () => servesAll),
  }
}

const hex = (...words: readonly string[]) => Buffer.from(words.join(''), 'hex')
const magic = '6f69786400000000'
const version = '2201000000000000'
const ready = '73746c6100000000'

/** Answers the magic with `first`, and our 24 bytes of version and obsolete words with `last`. */
const handshake = (first: Buffer, last: Buffer) => (socket: Socket) => {
  let heard = 0
  socket.on('data', (chunk) => {
    const before = heard
    heard += chunk.length
    if (before < 8 && heard >= 8) socket.write(first)
    if (before < 32 && heard >= 32) socket.write(last)
  })
}
const answer = handshake(hex(magic, version), hex(ready))

describe('the daemon', () => {
  it('is fine where it answers in its protocol', async () => {
    const { check } = await daemon(answer)
    expect(await check()).toBeNull()
  })

  it('is not greeted again while its socket listens: every greeting is a line in its journal', async () => {
    const { check, callers } = await daemon(answer)
    await check()
    await check()
    expect(callers()).toBe(1)
  })

  it.each([
    ['at once', (socket: Socket) => void socket.end()],
    ['halfway', handshake(hex(magic, version), hex('7874786300000000'))],
  ])('that hangs up %s is greeted once more: its database may have been busy', async (_when, hangUp) => {
    const manners = [hangUp, answer]
    const { check, callers } = await daemon((socket) => manners.shift()?.(socket))
    expect(await check()).toBeNull()
    expect(callers()).toBe(2)
  })

  it('is greeted again when it was started anew, and every five minutes', async () => {
    const { root, check, callers } = await daemon(answer)
    await check()
    const socket = join(root, 'daemon-socket/socket')
    await rename(socket, `${socket}.old`)
    const anew = createServer(answer)
    await new Promise<void>((resolve) => anew.listen(socket, resolve))
    onTestFinished(() => void anew.close())
    let greetings = 0
    anew.on('connection', () => {
      greetings += 1
    })
    expect(await check()).toBeNull()
    expect([callers(), greetings]).toEqual([1, 1])
    const clock = vi.spyOn(performance, 'now')
    onTestFinished(() => clock.mockRestore())
    const since = performance.now()
    clock.mockReturnValue(since + 4 * 60_000)
    await check()
    expect(greetings).toBe(1)
    clock.mockReturnValue(since + 6 * 60_000)
    await check()
    expect(greetings).toBe(2)
  })

  it('is greeted again where the kernel lists its socket as one that nobody listens on', async () => {
    const { root, callers } = await daemon(answer)
    const socket = join(root, 'daemon-socket/socket')
    const procNetUnix = join(root, 'unix')
    const check = createDaemonCheck({ ...laptopFiles, nixStateDir: root, procNetUnix })
    const listed = (flags: string) =>
      writeFile(procNetUnix, `0000000000000000: 00000002 00000000 ${flags} 0001 01 4242 ${socket}\n`)
    await listed('00010000')
    await check()
    await check()
    expect(callers()).toBe(1)
    await listed('00000000')
    await check()
    expect(callers()).toBe(2)
  })

  it('is down as soon as its socket listens no more', async () => {
    const { root, check, server } = await daemon(answer)
    expect(await check()).toBeNull()
    const socket = join(root, 'daemon-socket/socket')
    // A killed daemon leaves its socket behind; a closed server would take it along.
    await rename(socket, `${socket}.kept`)
    await new Promise((resolve) => server.close(resolve))
    await rename(`${socket}.kept`, socket)
    expect(await check()).toMatchObject({
      cause: 'laptop.daemon-down',
      raw: expect.stringContaining('connection refused'),
    })
  })

  it('turns us away where it hangs up without a word', async () => {
    const { check } = await daemon((socket) => socket.end())
    expect(await check()).toMatchObject({
      cause: 'laptop.daemon-refuses',
      params: { user: expect.any(String) },
    })
  })

  it('is down where it hangs up without a word though it serves everybody, as one that cannot open its store', async () => {
    const { check } = await daemon((socket) => socket.end(), true)
    expect(await check()).toMatchObject({
      cause: 'laptop.daemon-down',
      raw: expect.stringContaining('hung up without a word'),
    })
  })

  it('is down where something else answers, or nothing within the deadline', async () => {
    const web = await daemon((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'))
    expect(await web.check()).toMatchObject({
      cause: 'laptop.daemon-down',
      raw: expect.stringContaining('something else'),
    })
    const mute = await daemon(() => undefined)
    expect(await greetDaemon(join(mute.root, 'daemon-socket/socket'), 100)).toBe('silent')
  })

  it('is down where it begins well and then has an error to tell, or dies', async () => {
    const failing = await daemon(handshake(hex(magic, version), hex('7074786300000000')))
    expect(await failing.check()).toMatchObject({
      cause: 'laptop.daemon-down',
      raw: expect.stringContaining('halfway'),
    })
    const dying = await daemon((socket) => socket.end(hex(magic, version)))
    expect(await dying.check()).toMatchObject({
      cause: 'laptop.daemon-down',
      raw: expect.stringContaining('halfway'),
    })
  })

  it('is not needed where this user may write to the state directory', async () => {
    const root = await tree()
    expect(await createDaemonCheck({ ...laptopFiles, nixStateDir: root })()).toBeNull()
  })

  it('is down where there is none and this user may not write', async () => {
    const check = createDaemonCheck({ ...laptopFiles, nixStateDir: '/proc/1/nowhere' })
    expect(await check()).toMatchObject({ cause: 'laptop.daemon-down' })
  })
})
