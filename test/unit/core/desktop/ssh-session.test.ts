// Commands over one SSH session: outputs, deadlines, limits, cancelling, and a connection that breaks.
import type { ServerChannel } from 'ssh2'
import { describe, expect, it } from 'vitest'
import type { SshSession } from '../../../../src/core/desktop/ssh-session.ts'
import { keyPair } from './keys.ts'
import { grownSince } from './servers.ts'
import { type Behaviour, socketOf, sshServer } from './ssh-server.ts'
import { keyFile, prove, targetAt } from './targets.ts'

const pair = keyPair()
const limits = { deadlineMs: 10_000, maxBytes: 64 * 1024 }
const megabyte = 1024 * 1024

async function login(behaviour: Behaviour): Promise<SshSession> {
  const server = await sshServer(behaviour)
  const file = keyFile({ privateKey: Buffer.from(pair.private) })
  const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: file }))
  if (proof.session === null) throw new Error(JSON.stringify(proof.problem))
  return proof.session
}

describe('a command over a session', () => {
  it('gets its input and gives both outputs and its exit code', async () => {
    const session = await login({
      onExec: (_, channel) => {
        channel.stderr.write('warned')
        channel.on('data', (chunk: Buffer) => channel.write(`heard ${chunk}`))
        channel.on('end', () => {
          channel.exit(3)
          channel.end()
        })
      },
    })
    expect(await session.exec('cat', { ...limits, input: 'this' })).toMatchObject({
      value: { code: 3, ended: 'exit', stdout: 'heard this', stderr: 'warned' },
    })
    await session.close()
  })

  it('is cut where it says too much, and memory stays', async () => {
    const chunk = Buffer.alloc(megabyte, 'x')
    const session = await login({
      onExec: (_, channel) => {
        const more = () => {
          while (channel.writable && channel.write(chunk));
        }
        channel.on('drain', more)
        more()
      },
    })
    const before = process.memoryUsage().rss
    const ran = await session.exec('yes', limits)
    expect(ran).toMatchObject({ value: { code: null, ended: 'too-long' } })
    expect(ran.ok && ran.value.stdoutBytes.length).toBe(limits.maxBytes)
    expect(grownSince(before)).toBeLessThan(150 * megabyte)
    await session.close()
  })

  it('ends at its deadline when it never answers, and the session lives on', async () => {
    let first = true
    const session = await login({
      onExec: (_, channel) => {
        if (!first) {
          channel.exit(0)
          channel.end('later')
        }
        first = false
      },
    })
    expect(await session.exec('sleep', { ...limits, deadlineMs: 100 })).toMatchObject({
      value: { ended: 'deadline' },
    })
    expect(await session.exec('echo', limits)).toMatchObject({ value: { stdout: 'later' } })
    await session.close()
  })

  it('ends at its deadline when the server does not even start it', async () => {
    const session = await login({ muteExec: true })
    const started = performance.now()
    expect(await session.exec('x', { ...limits, deadlineMs: 100 })).toMatchObject({
      value: { ended: 'deadline' },
    })
    expect(performance.now() - started).toBeLessThan(10_000)
    await session.close()
  })

  it('can be cancelled, before and while it runs', async () => {
    const session = await login({ onExec: () => {} })
    expect(await session.exec('x', { ...limits, signal: AbortSignal.abort() })).toMatchObject({
      value: { ended: 'cancelled' },
    })
    const soon = AbortSignal.timeout(50)
    expect(await session.exec('x', { ...limits, signal: soon })).toMatchObject({
      value: { ended: 'cancelled' },
    })
    await session.close()
  })

  it('that watches its stdin is hung up on, and heard to its own end', async () => {
    const session = await login({
      onExec: (_, channel) => {
        channel.write('begun, ')
        channel.on('data', () => {})
        channel.on('end', () => {
          channel.write('undone')
          channel.exit(143)
          channel.end()
        })
      },
    })
    const person = new AbortController()
    const watched = {
      ...limits,
      input: 'program',
      talk: () => {},
      hangUp: person.signal,
      onOutput: () => person.abort(),
    }
    expect(await session.exec('sh -s', watched)).toMatchObject({
      value: { code: 143, ended: 'exit', stdout: 'begun, undone' },
    })
    expect(await session.exec('sh -s', { ...limits, hangUp: AbortSignal.abort() })).toMatchObject({
      value: { ended: 'cancelled' },
    })
    await session.close()
  })

  it('fails as a value when the connection breaks, and all that waits with it', async () => {
    let sever = () => {}
    const session = await login({
      onConnection: (connection) => {
        sever = () => socketOf(connection).resetAndDestroy()
      },
      onExec: () => setTimeout(() => sever(), 20),
    })
    const ran = await Promise.all(Array.from({ length: 9 }, () => session.exec('x', limits)))
    for (const one of ran) expect(one).toMatchObject({ ok: false, problem: { cause: 'ssh.protocol-error' } })
    await session.closed
    expect(await session.exec('after', limits)).toMatchObject({
      ok: false,
      problem: { cause: 'ssh.protocol-error' },
    })
    await session.close()
  })

  it('waits its turn: at most six run at once', async () => {
    let begun = 0
    let most = 0
    const running: ServerChannel[] = []
    const endAll = () => {
      for (const channel of running.splice(0)) {
        channel.exit(0)
        channel.end()
      }
    }
    const session = await login({
      onExec: (_, channel) => {
        begun += 1
        most = Math.max(most, running.push(channel))
        // Six are held a while, so that a seventh would be seen.
        if (running.length === 6 || begun === 20) setTimeout(endAll, 20)
      },
    })
    const ran = await Promise.all(Array.from({ length: 20 }, () => session.exec('x', limits)))
    expect(ran.every((one) => one.ok && one.value.code === 0)).toBe(true)
    expect(most).toBe(6)
    await session.close()
  })

  it('is not started with input for a server that takes packets of nothing, which ssh2 would loop on', async () => {
    const session = await login({
      onConnection: (connection) => {
        const { _protocol } = connection as unknown as {
          _protocol: { channelOpenConfirm: (...of: number[]) => void }
        }
        const original = _protocol.channelOpenConfirm.bind(_protocol)
        _protocol.channelOpenConfirm = (theirs = 0, mine = 0, window = 0) => original(theirs, mine, window, 0)
      },
      onExec: () => {},
    })
    const ran = await session.exec('cat', { ...limits, deadlineMs: 300, input: 'x'.repeat(1000) })
    expect(ran.ok && ran.value.ended === 'exit').toBe(false)
    await session.close()
  })

  it('closes also where the other side never says goodbye', async () => {
    const session = await login({
      onConnection: (connection) => connection.on('ready', () => socketOf(connection).pause()),
    })
    const started = performance.now()
    await session.close()
    await session.close()
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
