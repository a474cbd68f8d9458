// The demo desktop's SSH: a real server that accepts one user with one key, and can misbehave in the ways real ones do.
import type { Socket } from 'node:net'
import ssh2, { type AuthContext, type Server } from 'ssh2'
import { type Listener, startListener } from './listener.ts'

export type SshManner =
  | 'well'
  /** Not listening. */
  | 'stopped'
  /** Packets are dropped. */
  | 'silent'
  /** Another service greets. */
  | 'not-ssh'
  /** Accepts, says nothing. */
  | 'mute'
  /** Turns the address away, as sshd's PerSourcePenalties do. */
  | 'throttles'
  /** Shows the other host key. */
  | 'other-host-key'
  | 'refuses-key'

export interface SshServer {
  readonly port: number
  behave(manner: SshManner): Promise<void>
  stop(): Promise<void>
}

export interface SshServerKeys {
  /** OpenSSH private key texts. */
  readonly hostKey: string
  readonly otherHostKey: string
  /** OpenSSH public key line. */
  readonly builderPublicKey: string
}

/** Starts on a random port of 127.0.0.1. */
export async function startSshServer(user: string, keys: SshServerKeys): Promise<SshServer> {
  let manner: SshManner = 'well'
  const accepts = (context: AuthContext) =>
    manner !== 'refuses-key' && isBuilder(context, user, keys.builderPublicKey)
  const usual = sshServer(keys.hostKey, accepts)
  const other = sshServer(keys.otherHostKey, accepts)
  const listener: Listener = await startListener((socket) => meet(socket))

  function meet(socket: Socket): void {
    switch (manner) {
      case 'not-ssh':
        socket.end('220 demo-desktop ESMTP ready\r\n')
        return
      case 'throttles':
        // OpenSSH's own words (sshd.c, PerSourcePenalties).
        socket.end('Not allowed at this time\r\n')
        return
      case 'mute':
        return
      case 'other-host-key':
        other.injectSocket(socket)
        return
      case 'well':
      case 'refuses-key':
      case 'stopped':
      case 'silent':
        usual.injectSocket(socket)
        return
      default:
        manner satisfies never
    }
  }

  return {
    port: listener.port,
    async behave(next) {
      manner = next
      await listener.set(next === 'stopped' ? 'closed' : next === 'silent' ? 'silent' : 'open')
    },
    stop: listener.stop,
  }
}

function sshServer(hostKey: string, accepts: (context: AuthContext) => boolean): Server {
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'OpenSSH_10.0 offload-tray-demo' })
  server.on('connection', (client) => {
    // A probe hangs up in the middle on purpose.
    client.on('error', () => {})
    client.on('authentication', (context) =>
      accepts(context) ? context.accept() : context.reject(['publickey']),
    )
    // No session handler: ssh2 refuses every channel. The demo desktop lets itself be looked at, not used.
  })
  return server
}

/** The "would this key do?" question (RFC 4252, 7) has no signature; a sign-in has one, and it must be right. */
function isBuilder(context: AuthContext, user: string, publicKeyLine: string): boolean {
  if (context.method !== 'publickey' || context.username !== user) return false
  const key = ssh2.utils.parseKey(publicKeyLine)
  if (key instanceof Error || !key.getPublicSSH().equals(context.key.data)) return false
  if (context.signature === undefined || context.blob === undefined) return true
  return key.verify(context.blob, context.signature, context.hashAlgo) === true
}
