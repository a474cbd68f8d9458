// One SSH connection attempt: TCP, identification, host key, then as far as its goal asks. The host key is judged
// before anything that belongs to the user goes out, and every way to end becomes one problem.
import ssh2, { type AnyAuthMethod, type Client, type ParsedKey, type ServerHostKeyAlgorithm } from 'ssh2'
import { type Params, type Problem, problem } from '../../shared/outcome.ts'
import { fingerprintOf, keyTypeOf } from './key-blob.ts'
import { publicKeyAgent } from './public-key-agent.ts'
import type { HostKeyVerdict, OfferedKey, SshPeer } from './results.ts'
import { type SshGate, sshGate } from './ssh-gate.ts'
import { problemOfEnd, problemOfSilence, type SshPhase } from './ssh-problem.ts'
import { type SshSession, sshSession } from './ssh-session.ts'
import { connectTcp, type TcpConnection } from './tcp.ts'

export interface SshAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  /** As in Builder.address. */
  readonly hostKeyAlias?: string
}

/** How far to go once the host key is trusted. */
export type SshGoal =
  /** No credential at all: hang up after the key exchange. */
  | { readonly kind: 'host-key' }
  /** Ask whether the key would do (RFC 4252, section 7), sign nothing, hang up. */
  | { readonly kind: 'public-key'; readonly key: ParsedKey }
  /** Log in with the first method that passes and keep the session. */
  | { readonly kind: 'login'; readonly methods: readonly AnyAuthMethod[] }
  /** The same, with a person behind it: each next method is chosen by what the server says is left (null at first). */
  | { readonly kind: 'sign-in'; readonly next: (left: readonly string[] | null) => AnyAuthMethod | false }

export interface SshConnectOptions {
  readonly address: SshAddress
  /** host, port, user and key as messages name them; every problem carries these. */
  readonly params: Params
  readonly goal: SshGoal
  /** For everything up to the goal, in ms. */
  readonly deadlineMs: number
  /** Tighter limits for single phases, in ms; each counts from where its phase begins. */
  readonly phaseMs?: Partial<Record<'tcp' | SshPhase, number>>
  /** What to ask the server for, best first; those of known host keys must come first. */
  readonly hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[]
  readonly judgeHostKey: (offered: OfferedKey) => HostKeyVerdict
  /** Gives the attempt up: it ends in ssh.protocol-error "given up". */
  readonly signal?: AbortSignal
}

export type SshAttemptEnd =
  | { readonly state: 'failed'; readonly problem: Problem }
  /** Goal host-key: trusted. */
  | { readonly state: 'host-key-trusted' }
  | { readonly state: 'key-accepted' }
  | { readonly state: 'session'; readonly session: SshSession }

export interface SshAttempt {
  /** Lookup and TCP, ms; null where TCP failed. */
  readonly connectMs: number | null
  /** Where it connected to; null where TCP failed. */
  readonly peer: SshPeer | null
  readonly hostKey: HostKeyVerdict | null
  /** From TCP connected to the end of the attempt, ms. */
  readonly sshMs: number
  readonly end: SshAttemptEnd
}

/** A dead peer is noticed after (3 + 1) of these; where a person waits, sooner. */
const keepaliveMs = { machine: 15_000, person: 5000 }

/**
 * Connects and goes as far as the goal asks, never longer than deadlineMs.
 * Fails with net.*, ssh.port-closed, ssh.not-ssh, ssh.banner-timeout, ssh.throttled, ssh.no-common-algorithm,
 * ssh.host-key-*, ssh.key-refused or ssh.protocol-error.
 */
export async function connectSsh(options: SshConnectOptions): Promise<SshAttempt> {
  const { address, deadlineMs } = options
  const started = performance.now()
  const tcp = await connectTcp(
    address,
    Math.min(deadlineMs, options.phaseMs?.tcp ?? deadlineMs),
    'ssh.port-closed',
  )
  if (!tcp.ok) {
    const params = { ...tcp.problem.params, ...options.params }
    return {
      connectMs: null,
      peer: null,
      hostKey: null,
      sshMs: 0,
      end: { state: 'failed', problem: { ...tcp.problem, params } },
    }
  }
  return speakSsh(tcp.value, options, started + deadlineMs)
}

function speakSsh(tcp: TcpConnection, options: SshConnectOptions, endsAt: number): Promise<SshAttempt> {
  const started = performance.now()
  const { params } = options
  const peer: SshPeer = { ip: tcp.ip, addresses: tcp.addresses }
  return new Promise((resolve) => {
    const client = new ssh2.Client()
    let phase: SshPhase = 'banner'
    let hostKey: HostKeyVerdict | null = null
    let settled = false
    let timer: NodeJS.Timeout | undefined

    const settle = (end: SshAttemptEnd) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', giveUp)
      if (end.state !== 'session') hangUp(client, gate)
      resolve({ connectMs: tcp.ms, peer, hostKey, sshMs: performance.now() - started, end })
    }
    const fail = (problem: Problem) => settle({ state: 'failed', problem })
    const facts = () => ({ phase, said: gate.said(), verdict: hostKey, params })
    const giveUp = () => fail(problem('ssh.protocol-error', { ...params, phase }, 'given up'))
    const enter = (next: SshPhase) => {
      phase = next
      clearTimeout(timer)
      const left = Math.min(endsAt - performance.now(), options.phaseMs?.[next] ?? Number.POSITIVE_INFINITY)
      timer = setTimeout(() => fail(problemOfSilence(facts(), left)), Math.max(left, 1))
    }

    const gate = sshGate(tcp.socket, {
      identified: () => enter('handshake'),
      foreign: () => fail(problemOfEnd({ ...facts(), error: null })),
    })
    // ssh2 emits 'error' more than once for one end (the fatal error, then the socket's, then "unusable after …").
    // The first decides; this listener stays, so that a later echo cannot become an uncaught exception.
    client.on('error', (error) => fail(problemOfEnd({ ...facts(), error })))
    client.on('close', () => fail(problemOfEnd({ ...facts(), error: null })))
    client.on('handshake', () => {
      if (settled || phase === 'auth') return
      if (options.goal.kind === 'host-key') settle({ state: 'host-key-trusted' })
      else enter('auth')
    })
    client.on('ready', () => {
      if (settled) return
      if (options.goal.kind === 'login' || options.goal.kind === 'sign-in')
        settle({ state: 'session', session: sshSession(client, gate.stream, params) })
      // A server that lets anyone in after only a question about the key: the key is good enough.
      else settle({ state: 'key-accepted' })
    })

    enter('banner')
    options.signal?.addEventListener('abort', giveUp)
    if (options.signal?.aborted) return giveUp()
    try {
      client.connect({
        sock: gate.stream,
        username: options.address.user,
        readyTimeout: 0,
        keepaliveInterval: options.goal.kind === 'sign-in' ? keepaliveMs.person : keepaliveMs.machine,
        algorithms: { serverHostKey: [...options.hostKeyAlgorithms] },
        hostVerifier: (blob: Buffer) => {
          const judged = options.judgeHostKey(offeredKey(blob))
          hostKey = judged
          return judged.state === 'trusted'
        },
        authHandler: authHandler(options, () => settle({ state: 'key-accepted' })),
      })
    } catch (error) {
      fail(problemOfEnd({ ...facts(), error: error instanceof Error ? error : new Error(String(error)) }))
    }
  })
}

/** Tries the goal's methods one after the other; ssh2's own first try, "none", is left out. */
function authHandler(options: SshConnectOptions, accepted: () => void) {
  const { goal } = options
  if (goal.kind === 'sign-in') return (left: readonly string[] | null) => goal.next(left) as AnyAuthMethod
  const methods = [...methodsOf(options, accepted)]
  // ssh2 takes `false` for "no more methods", which its types do not know.
  return () => (methods.shift() ?? false) as AnyAuthMethod
}

function methodsOf({ goal, address }: SshConnectOptions, accepted: () => void): readonly AnyAuthMethod[] {
  switch (goal.kind) {
    case 'host-key':
    case 'sign-in':
      return []
    case 'public-key':
      return [{ type: 'agent', username: address.user, agent: publicKeyAgent(goal.key, accepted) }]
    case 'login':
      return goal.methods
    default:
      return goal satisfies never
  }
}

/** Says goodbye where the stream still can, and lets nothing linger. */
function hangUp(client: Client, gate: SshGate): void {
  try {
    client.end()
  } catch {
    // A protocol that failed cannot say goodbye; the socket is destroyed below either way.
  }
  // The goodbye gets one turn of the loop to leave; a peer that never closes must not keep the process.
  setImmediate(() => gate.stream.destroy())
}

function offeredKey(blob: Buffer): OfferedKey {
  return { type: keyTypeOf(blob) ?? 'unknown', fingerprint: fingerprintOf(blob), blob: Buffer.from(blob) }
}
