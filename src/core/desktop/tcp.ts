// Name lookup and TCP connect under one deadline, with every way to fail told apart.
import { connect, isIP, type Socket } from 'node:net'
import { bad, good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'

export interface TcpAddress {
  readonly host: string
  readonly port: number
}

/** What a closed port means depends on who knocks: SSH's or the cache's. */
export type PortClosed = 'ssh.port-closed' | 'cache.port-closed'

export interface TcpConnection {
  /** Connected, paused, without delay (Nagle off); the caller owns it. */
  readonly socket: Socket
  /** Lookup and connect together, in milliseconds. */
  readonly ms: number
  readonly ip: string
  /** What the name was found to lead to; empty where the host is an address itself. */
  readonly addresses: readonly string[]
}

/** How long one address of a name may take before the next is tried too, in ms (Node's own 250 is short for a VPN). */
const nextAddressMs = 1000

/**
 * Connects within deadlineMs (lookup included).
 * Ends in net.name-not-found, net.unreachable, net.timeout or `closed`; params.found holds the addresses that the name
 * was found to lead to, where it was.
 */
export function connectTcp(
  address: TcpAddress,
  deadlineMs: number,
  closed: PortClosed,
): Promise<Outcome<TcpConnection>> {
  const params = { host: address.host, port: address.port }
  const started = performance.now()
  return new Promise((resolve) => {
    let named = isIP(address.host) !== 0
    const addresses: string[] = []
    let socket: Socket
    try {
      socket = connect({ ...params, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: nextAddressMs })
    } catch (error) {
      // A port outside 1-65535: Node throws at once.
      resolve(bad('net.unreachable', params, String(error)))
      return
    }
    const settle = (outcome: Outcome<TcpConnection>) => {
      clearTimeout(timer)
      socket.off('error', onError)
      if (!outcome.ok) {
        // A late error of a socket that was given up has nobody left to tell.
        socket.on('error', () => {})
        socket.destroy()
      }
      resolve(outcome.ok ? outcome : withFound(outcome.problem, addresses))
    }
    const onError = (error: Error) => settle({ ok: false, problem: socketProblem(error, params, closed) })
    const timer = setTimeout(() => settle(tooLate(named, params, deadlineMs)), Math.max(deadlineMs, 1))
    socket.on('lookup', (error: Error | null, ip: string) => {
      if (error) return
      named = true
      addresses.push(ip)
    })
    socket.on('error', onError)
    socket.once('connect', () => {
      socket.setNoDelay(true)
      socket.pause()
      settle(good({ socket, ms: performance.now() - started, ip: socket.remoteAddress ?? '', addresses }))
    })
  })
}

/** Connects and hangs up: does anything listen there? Same ends as connectTcp. */
export async function knockTcp(
  address: TcpAddress,
  deadlineMs: number,
  closed: PortClosed = 'ssh.port-closed',
): Promise<Outcome<Omit<TcpConnection, 'socket'>>> {
  const connection = await connectTcp(address, deadlineMs, closed)
  if (!connection.ok) return connection
  const { socket, ...seen } = connection.value
  socket.on('error', () => {}) // A reset while hanging up changes nothing: it had answered.
  socket.destroy()
  return good(seen)
}

/** Why a socket failed before it was connected, from Node's error (getaddrinfo's and connect's errno names). */
export function socketProblem(error: Error, params: Params, closed: PortClosed): Problem {
  const code = tellingCode(error)
  if (code.startsWith('EAI_') || code === 'ENOTFOUND' || code === 'ENODATA') {
    return problem('net.name-not-found', params, `getaddrinfo ${code} ${params['host'] ?? ''}`)
  }
  if (code === 'ECONNREFUSED') return problem(closed, params, code)
  // Taken and dropped in the same moment: somebody is there and turns us away.
  if (code === 'ECONNRESET')
    return problem(closed === 'ssh.port-closed' ? 'ssh.throttled' : 'cache.not-a-cache', params, code)
  if (code === 'ETIMEDOUT') return problem('net.timeout', params, code)
  return problem('net.unreachable', params, code === '' ? error.message : code)
}

/** What a deadline that passed before the connection stood means: `named` says whether the name had been looked up. */
export function tooLate(named: boolean, params: Params, deadlineMs: number): Outcome<never> {
  const raw = `${named ? 'no answer' : 'the name server did not answer'} in ${Math.round(deadlineMs)} ms`
  return bad(named ? 'net.timeout' : 'net.name-not-found', params, raw)
}

function withFound(found: Problem, addresses: readonly string[]): Outcome<never> {
  if (addresses.length === 0) return { ok: false, problem: found }
  return { ok: false, problem: { ...found, params: { ...found.params, found: addresses.join(', ') } } }
}

/** The errno name; of several addresses' failures the one that says most: refused means that the machine is there. */
function tellingCode(error: Error): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
  const codes = errors.map((one) => String((one as NodeJS.ErrnoException).code ?? ''))
  const rank = ['ECONNREFUSED', 'ETIMEDOUT']
  return rank.find((code) => codes.includes(code)) ?? codes[0] ?? ''
}
