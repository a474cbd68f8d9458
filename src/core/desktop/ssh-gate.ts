// Stands between the socket and ssh2 until the SSH identification line (RFC 4253, 4.2) has come in whole:
// bounds what a talkative server may say before it, and keeps its first words for the person.
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** OpenSSH's client gives up at 1024 lines of at most 8192 bytes; nobody sane sends 64 kB. */
const maxGreetingBytes = 64 * 1024
/** A service that spoke and then waits is no SSH server: SSH greets and identifies itself in one breath. */
const foreignGraceMs = 2000

export interface SshGate {
  /** What ssh2 is given as its socket. */
  readonly stream: Duplex
  /** Bytes the server sent before it identified itself; empty once it did. */
  said(): Buffer
}

export interface GateEvents {
  /** The identification line is there; ssh2 gets it now. */
  identified(): void
  /** It spoke, but not SSH: too much, or words and then silence. */
  foreign(): void
}

/** Wraps a connected, paused socket; destroying either side destroys the other. */
export function sshGate(socket: Socket, events: GateEvents): SshGate {
  let held: Buffer | null = Buffer.alloc(0)
  let patience: NodeJS.Timeout | undefined
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      clearTimeout(patience)
      socket.destroy()
      done(error)
    },
  })
  const release = (bytes: Buffer) => {
    held = null
    clearTimeout(patience)
    events.identified()
    stream.push(bytes)
  }
  const giveUp = () => {
    socket.pause()
    events.foreign()
  }
  socket.on('data', (chunk: Buffer) => {
    if (held === null) {
      if (!stream.push(chunk)) socket.pause()
      return
    }
    held = Buffer.concat([held, chunk])
    if (hasIdentification(held)) return release(held)
    if (held.length > maxGreetingBytes) return giveUp()
    patience ??= setTimeout(giveUp, foreignGraceMs)
  })
  socket.once('end', () => stream.push(null))
  socket.once('error', (error) => stream.destroy(error))
  socket.once('close', () => stream.destroy())
  return { stream, said: () => held ?? Buffer.alloc(0) }
}

/** A whole line that begins with "SSH-", at the start or after other lines. */
function hasIdentification(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).equals(identification) ? 0 : bytes.indexOf(afterNewline) + 1
  if (start === 0 && bytes[0] !== identification[0]) return false
  return bytes.indexOf(10, start) > start && bytes.subarray(start, start + 4).equals(identification)
}

const identification = Buffer.from('SSH-')
const afterNewline = Buffer.from('\nSSH-')
