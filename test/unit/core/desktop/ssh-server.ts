// A real SSH server (ssh2's) in this process, for what a real sshd cannot be made to do.
import type { Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel, type ServerConfig } from 'ssh2'
import { onTestFinished } from 'vitest'
import { keyPair } from './keys.ts'
import { listen } from './servers.ts'

export interface TestServer {
  readonly port: number
  /** For SshTarget.hostKeyLine. */
  readonly hostKeyLine: string
  /** What each client sent in its authentication requests, in order: "publickey?", "publickey+signature", "none" … */
  readonly asked: string[]
}

export interface Behaviour {
  /** What becomes of each request: accepted by default; "hold" never answers. */
  readonly auth?: (signed: boolean) => 'accept' | 'reject' | 'hold' | 'hang-up'
  readonly onExec?: (command: string, channel: ServerChannel) => void
  /** The exec request is never answered. */
  readonly muteExec?: boolean
  readonly onConnection?: (connection: Connection, socket: Socket) => void
  readonly config?: Partial<ServerConfig>
}

export async function sshServer(behaviour: Behaviour = {}): Promise<TestServer> {
  const hostKey = keyPair()
  const asked: string[] = []
  const open = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [hostKey.private], ...behaviour.config }, (connection) => {
    open.add(connection)
    connection.on('error', () => {})
    connection.on('close', () => open.delete(connection))
    behaviour.onConnection?.(connection, socketOf(connection))
    connection.on('authentication', (request) => {
      const signed = request.method === 'publickey' && request.signature !== undefined
      asked.push(
        request.method === 'publickey' ? (signed ? 'publickey+signature' : 'publickey?') : request.method,
      )
      answer(request, connection, behaviour.auth?.(signed) ?? 'accept')
    })
    connection.on('session', (accept) => {
      const session = accept()
      session.on('exec', (acceptExec, _reject, info) => {
        if (behaviour.muteExec) return
        const channel = acceptExec()
        channel.on('error', () => {})
        behaviour.onExec?.(info.command, channel)
      })
    })
  })
  onTestFinished(() => {
    for (const connection of open) socketOf(connection).destroy()
    server.close()
  })
  // ssh2's server wraps a net.Server; its own address() and listen() delegate to it.
  const port = await listen(server as unknown as Parameters<typeof listen>[0])
  return { port, hostKeyLine: hostKey.public, asked }
}

function answer(
  request: AuthContext,
  connection: Connection,
  what: 'accept' | 'reject' | 'hold' | 'hang-up',
) {
  if (what === 'accept') request.accept()
  if (what === 'reject') request.reject(['publickey'])
  if (what === 'hang-up') socketOf(connection).end()
}

/** The TCP socket below a connection, which ssh2 does not show. */
export function socketOf(connection: Connection): Socket {
  return (connection as unknown as { _sock: Socket })._sock
}
