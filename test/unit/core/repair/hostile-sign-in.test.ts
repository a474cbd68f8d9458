// A server that wants more of a sign-in than a sign-in: megabytes of banners, other signatures, channels back to us.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Connection, type ParsedKey } from 'ssh2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createProbeLimiter } from '../../../../src/core/desktop/probe-limiter.ts'
import { signInAsAdmin } from '../../../../src/core/repair/sign-in.ts'
import type { SignIn } from '../../../../src/shared/guide.ts'
import { keyPair } from '../desktop/keys.ts'
import { type Behaviour, sshServer } from '../desktop/ssh-server.ts'
import { repairTarget } from './target.ts'

/** What ssh2's server has inside, as of the pinned 1.17.0, to say what no honest server does. */
interface Inside {
  readonly _protocol: {
    readonly _packetRW: {
      readonly write: { allocStart: number; alloc(n: number): Buffer; finalize(b: Buffer): Buffer }
    }
    readonly _cipher: { encrypt(packet: Buffer): void }
    readonly _handlers: Record<string, (...args: never[]) => void>
    openssh_authAgent(channel: number, window: number, packet: number): void
    x11(channel: number, window: number, packet: number, about: object): void
    forwardedTcpip(channel: number, window: number, packet: number, about: object): void
  }
}
const inside = (connection: Connection) => (connection as unknown as Inside)._protocol

async function enter(behaviour: Behaviour, how: SignIn, env: NodeJS.ProcessEnv = {}) {
  const at = await sshServer(behaviour)
  const ask = async () => null
  const { signal } = new AbortController()
  return signInAsAdmin(
    repairTarget(at.port, at.hostKeyLine),
    'admin',
    how,
    ask,
    signal,
    env,
    createProbeLimiter(),
  )
}

/** SSH_MSG_USERAUTH_BANNER (RFC 4252, 5.4): any number of them, before the end of authentication. */
function sendBanner(connection: Connection, text: Buffer): void {
  const { _packetRW, _cipher } = inside(connection)
  const at = _packetRW.write.allocStart
  const packet = _packetRW.write.alloc(1 + 4 + text.length + 4)
  packet[at] = 53
  packet.writeUInt32BE(text.length, at + 1)
  text.copy(packet, at + 5)
  packet.writeUInt32BE(0, at + 5 + text.length)
  _cipher.encrypt(_packetRW.write.finalize(packet))
}

/** An agent with one key that remembers what it was asked to sign. */
async function agentWith(key: ParsedKey): Promise<{ path: string; asked: readonly Buffer[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'))
  const asked: Buffer[] = []
  const server = createServer((socket) => {
    const talk = new ssh2.AgentProtocol(false)
    talk.on('identities', (request) => talk.getIdentitiesReply(request, [key]))
    talk.on('sign', (request, _key, data) => {
      asked.push(Buffer.from(data))
      talk.signReply(request, key.sign(data) as Buffer)
    })
    socket.on('error', () => {})
    socket.pipe(talk).pipe(socket)
  })
  const path = join(folder, 'agent')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { path, asked }
}

describe('a hostile server at the sign-in', () => {
  it('may send megabytes of banners: they are neither kept nor in the way', async () => {
    const before = process.memoryUsage().rss
    const text = Buffer.alloc(30_000, '\u001b[31mWelcome\u202e')
    const signed = await enter(
      {
        onConnection: (connection) =>
          connection.on('authentication', () => {
            for (let n = 0; n < 400; n++) sendBanner(connection, text)
          }),
      },
      { kind: 'password', password: 'x' },
    )
    expect(signed.ok).toBe(true)
    if (signed.ok) await signed.value.close()
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  it('gets the one signature that lets this admin in over this connection, and no way to the agent', async () => {
    const key = ssh2.utils.parseKey(keyPair().private) as ParsedKey
    const agent = await agentWith(key)
    let refused = 0
    const signed = await enter(
      {
        onConnection: (connection) => {
          connection.on('ready', () => {
            const protocol = inside(connection)
            protocol._handlers['CHANNEL_OPEN_FAILURE'] = () => {
              refused += 1
            }
            protocol.openssh_authAgent(90, 1024, 1024)
            protocol.x11(91, 1024, 1024, { originAddr: '127.0.0.1', originPort: 1 })
            const way = { boundAddr: '127.0.0.1', boundPort: 22, remoteAddr: '127.0.0.1', remotePort: 1 }
            protocol.forwardedTcpip(92, 1024, 1024, way)
          })
        },
      },
      { kind: 'agent' },
      { SSH_AUTH_SOCK: agent.path },
    )
    expect(signed.ok, JSON.stringify(signed)).toBe(true)
    await expect.poll(() => refused).toBe(3)
    expect(agent.asked).toHaveLength(1)
    // RFC 4252, section 7: the session's own id, then a request to let "admin" in.
    const data = agent.asked[0] ?? Buffer.alloc(0)
    const rest = data.subarray(4 + data.readUInt32BE(0))
    expect(rest[0]).toBe(50)
    expect(rest.subarray(5, 10).toString()).toBe('admin')
    expect(rest.toString('latin1')).toContain('ssh-connection')
    if (signed.ok) await signed.value.close()
  })
})
