// Does this laptop's nix-daemon answer this user? A single-user Nix needs none.
import { access, constants, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { LaptopFiles } from './files.ts'
import { errorCode, readText } from './read-text.ts'

/** First words of Nix's worker protocol (libstore, worker-protocol.hh): ours, and the daemon's answer. */
const clientMagic = 0x6e697863
const daemonMagic = 0x6478696f
/** 1.21: above the oldest that today's Nix takes (1.18), below those that say more in the handshake. */
const clientVersion = 0x115
/** "The start-up went well, ask me": sent once the daemon has opened the store. */
const stderrLast = 0x616c7473

/** Every handshake is a line in the daemon's journal, so a proven daemon is only watched from outside for this long. */
const proofLastsMs = 5 * 60_000

/** A daemon whose store's database is being opened by another at this very moment hangs up ("is busy"; seen with 2.26). */
const busyMs = 300

/**
 * A check that greets the daemon now and then, and in between only looks whether its socket still listens. One that cannot
 * open its store hangs up just as it does on a user whom allowed-users leaves out: `servesAll`, asked then, tells that it
 * leaves out nobody.
 */
export function createDaemonCheck(
  files: LaptopFiles,
  servesAll: () => Promise<boolean> = async () => false,
): () => Promise<Problem | null> {
  const socket = join(files.nixStateDir, 'daemon-socket/socket')
  let proven: { readonly inode: number; readonly at: number } | null = null
  return async () => {
    const inode = await stat(socket).then(
      (info) => info.ino,
      () => null,
    )
    const fresh = proven !== null && proven.inode === inode && performance.now() - proven.at < proofLastsMs
    if (fresh && (await listens(socket, files.procNetUnix))) return null
    const found = await greetTwice(socket)
    const meant = found === 'turned-away' && (await servesAll()) ? 'broken' : found
    const verdict = await judge(meant, socket, files.nixStateDir, seen[found])
    proven = verdict === null && inode !== null ? { inode, at: performance.now() } : null
    return verdict
  }
}

async function greetTwice(socket: string): Promise<Greeting> {
  const found = await greetDaemon(socket, 3_000)
  if (found !== 'turned-away' && found !== 'broken') return found
  await sleep(busyMs)
  return greetDaemon(socket, 3_000)
}

type Greeting =
  | 'answered'
  | 'turned-away'
  | 'absent'
  | 'forbidden'
  | 'refused'
  | 'silent'
  | 'no-daemon'
  | 'broken'

/** For the details of a problem, in the words that other tools use. */
const seen: Readonly<Record<Greeting, string>> = {
  answered: 'the daemon answered',
  'turned-away': 'the daemon hung up without a word',
  absent: 'no such socket',
  forbidden: 'permission denied',
  refused: 'connection refused',
  silent: 'no answer in time',
  'no-daemon': 'something else than a Nix daemon answers',
  broken: 'the daemon ended the handshake halfway',
}

async function judge(
  found: Greeting,
  socket: string,
  nixStateDir: string,
  words: string,
): Promise<Problem | null> {
  const raw = `${socket}: ${words}`
  switch (found) {
    case 'answered':
      return null
    case 'turned-away':
    case 'forbidden':
      return problem('laptop.daemon-refuses', { user: userInfo().username }, raw)
    case 'absent':
      // Nix works on the store by itself where it may write to the state directory and nobody listens.
      return (await mayWrite(nixStateDir)) ? null : problem('laptop.daemon-down', {}, raw)
    case 'refused':
    case 'silent':
    case 'no-daemon':
    case 'broken':
      return problem('laptop.daemon-down', {}, raw)
  }
}

/**
 * Goes through the whole handshake within `deadlineMs` (ms) and hangs up. A daemon that is left in the middle of it
 * writes an error to the journal, and one that cannot open the store only says so at the end.
 */
export function greetDaemon(socket: string, deadlineMs: number): Promise<Greeting> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0)
    const connection = createConnection(socket)
    const end = (greeting: Greeting) => {
      clearTimeout(timer)
      connection.destroy()
      resolve(greeting)
    }
    const timer = setTimeout(() => end('silent'), deadlineMs)
    connection.on('connect', () => connection.write(words(clientMagic)))
    connection.on('data', (chunk) => {
      const before = heard.length
      heard = Buffer.concat([heard, chunk])
      if (heard.length >= 8 && heard.readBigUInt64LE(0) !== BigInt(daemonMagic)) end('no-daemon')
      else if (heard.length >= 24)
        end(heard.readBigUInt64LE(16) === BigInt(stderrLast) ? 'answered' : 'broken')
      // After its magic and version: ours, no CPU affinity, no reserved space (both obsolete).
      else if (before < 16 && heard.length >= 16) connection.write(words(clientVersion, 0, 0))
    })
    // The daemon closes without a word on a user that allowed-users leaves out.
    connection.on('end', () => end(heard.length === 0 ? 'turned-away' : 'broken'))
    connection.on('error', (error) => end(greetingOf(errorCode(error))))
  })
}

function greetingOf(code: string): Greeting {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'absent'
    case 'EACCES':
    case 'EPERM':
      return 'forbidden'
    case 'ECONNRESET':
    case 'EPIPE':
      return 'turned-away'
    default:
      return 'refused'
  }
}

/** Numbers in Nix's protocol are 64 bits, little endian. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index)
  return bytes
}

/** Whether the kernel's list of unix sockets has this path as a listener (flag __SO_ACCEPTCON). */
async function listens(socket: string, procNetUnix: string): Promise<boolean> {
  const list = await readText(procNetUnix)
  if (list.state !== 'read') return false
  return list.text
    .split('\n')
    .some((line) => line.endsWith(` ${socket}`) && line.split(/\s+/)[3] === '00010000')
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
}
