// Counts the bytes that Nix's ssh moves: Nix 2.8 tells none of its own. The kernel shows every user the counters of every
// TCP connection, root's too; `ss` (iproute2) reads them.
import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { run } from '../laptop/run.ts'

/** What the new connections to an address have carried since they began, in bytes. */
export interface LinkBytes {
  /** Sent and received by the other side. */
  readonly sent: number
  readonly received: number
}

/** Which link is measured, and who hears of it. */
export interface LinkMeterOptions {
  /** Where the bytes go now; null while nothing is counted. */
  readonly address: () => { readonly host: string; readonly port: number } | null
  readonly env: NodeJS.ProcessEnv
  /** Told whenever the bytes have changed. */
  readonly hear: (bytes: LinkBytes) => void
}

/** Often enough for a bar, and never for a build that moves its bytes in an instant. In ms. */
const everyMs = 250

/** Counts from now on, until stopped. Connections that exist already are not Nix's. No `ss`: nothing is ever told. */
export function startLinkMeter({ address, env, hear }: LinkMeterOptions): { stop(): void } {
  const older = connectedPorts()
  const addresses = new Map<string, Promise<readonly string[]>>()
  let last = -1
  let asking = false
  const ask = async (host: string, port: number) => {
    if (!addresses.has(host)) addresses.set(host, addressesOf(host))
    const peers = (await addresses.get(host)) ?? []
    const args = ['-tinH', 'state', 'established', 'dport', '=', `:${port}`]
    const answer = await run('ss', args, { env, deadlineMs: 2_000 })
    if (answer.state === 'missing') stop()
    if (answer.state !== 'done' || address() === null) return
    const bytes = countBytes(answer.stdout, peers, await older)
    const all = bytes.sent + bytes.received
    if (all === last || all === 0) return
    last = all
    hear(bytes)
  }
  const timer = setInterval(() => {
    const to = address()
    if (to === null || asking) return
    asking = true
    void ask(to.host, to.port).finally(() => {
      asking = false
    })
  }, everyMs)
  const stop = () => clearInterval(timer)
  return { stop }
}

/** The sum over the connections in `ss -tin`'s text to one of `peers` whose own port is not in `older`. */
export function countBytes(text: string, peers: readonly string[], older: ReadonlySet<number>): LinkBytes {
  let sent = 0
  let received = 0
  // One line of addresses, then an indented one of counters.
  for (const line of text.replace(/\n\s+/g, ' ').split('\n')) {
    const [, , own = '', peer = ''] = line.trim().split(/\s+/)
    if (!peers.includes(addressIn(peer)) || older.has(portIn(own))) continue
    sent += counter(line, 'bytes_acked')
    received += counter(line, 'bytes_received')
  }
  return { sent, received }
}

function counter(line: string, name: string): number {
  return Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0)
}

/** "[fe80::1]%wlan0:22", "[::ffff:10.0.0.2]:22" and "10.0.0.2:22" without what is not the address. */
function addressIn(text: string): string {
  return text
    .slice(0, text.lastIndexOf(':'))
    .replace(/%[^\]]*/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/, '')
}

function portIn(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1))
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map((one) => one.address)
  } catch {
    // Then nothing is counted; that the name is unknown is for others to say.
    return []
  }
}

/** The local ports of all TCP connections, in hexadecimal in /proc/net/tcp: cheaper than a process. */
async function connectedPorts(): Promise<ReadonlySet<number>> {
  const files = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const ports = files.flatMap((text) => [...text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)])
  return new Set(ports.map((match) => Number.parseInt(match[1] ?? '', 16)))
}
