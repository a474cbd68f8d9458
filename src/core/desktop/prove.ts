// One connection that proves a builder's SSH side: reachable, its host key, and that its key is accepted.
import ssh2, { type ParsedKey } from 'ssh2'
import { type Params, type Problem, problem } from '../../shared/outcome.ts'
import type { BuilderKeyFile } from '../laptop/facts.ts'
import { hostKeyAlgorithms, judgeHostKey, type KnownKeys, knownKeysOf, type PinnedKey } from './host-key.ts'
import { type ProbeLimiter, probeLimiter } from './probe-limiter.ts'
import { privateKeyAgent } from './public-key-agent.ts'
import type { SshProof } from './results.ts'
import { connectSsh, type SshAddress, type SshAttempt, type SshGoal } from './ssh-connect.ts'
import { hungUp } from './ssh-problem.ts'

export interface SshTarget {
  readonly address: SshAddress
  /** The name the user wrote, for messages. */
  readonly displayHost: string
  readonly keyFile: BuilderKeyFile
  /** Column 7 of the machines file, decoded; null where it has none. */
  readonly hostKeyLine: string | null
  /** Where that line is written, for messages; "machines" where absent. */
  readonly hostKeySource?: string
  /** known_hosts files, in the order they are asked. */
  readonly knownHosts: readonly string[]
}

/**
 * Proves one builder within deadlineMs (its turn among probes of the same host:port is waited for before that).
 * With a readable private key it logs in and hands the session over; else the public key alone is asked about.
 * The problem is net.*, ssh.* or laptop.builder-key-untestable; a missing key leaves `key` untested without one.
 */
export async function proveBuilder(
  target: SshTarget,
  deadlineMs: number,
  limiter: ProbeLimiter = probeLimiter,
): Promise<SshProof> {
  const { host, port } = target.address
  const plan = goalOf(target)
  const keys = await knownKeysOf(target.address, pinnedOf(target), target.knownHosts)
  const attempt = await limiter.run(
    `${host}:${port}`,
    () => connect(target, plan.goal, keys, deadlineMs),
    (result) => result.connectMs !== null && result.end.state !== 'session',
  )
  return proofOf(attempt, plan, keys)
}

interface Plan {
  readonly goal: SshGoal
  /** Set where a key is there that SSH cannot be asked about from here. */
  readonly untestable: Problem | null
  /** A login's: whether the server said that the key would do. */
  readonly asked?: { readonly accepted: boolean }
}

function goalOf(target: SshTarget): Plan {
  const file = target.keyFile
  const username = target.address.user
  if (file.state !== 'present') return { goal: { kind: 'host-key' }, untestable: null }
  const key = file.privateKey === null ? null : parseKey(file.privateKey)
  if (key?.isPrivateKey()) {
    const asked = { accepted: false }
    const agent = privateKeyAgent(key, () => {
      asked.accepted = true
    })
    return { goal: { kind: 'login', methods: [{ type: 'agent', username, agent }] }, untestable: null, asked }
  }
  if (file.publicKeyLine === null) return { goal: { kind: 'host-key' }, untestable: null }
  const publicKey = parseKey(file.publicKeyLine)
  if (publicKey) return { goal: { kind: 'public-key', key: publicKey }, untestable: null }
  const type = file.publicKeyLine.split(/\s+/, 1)[0] ?? ''
  const untestable = problem('laptop.builder-key-untestable', { key: file.path, what: type })
  return { goal: { kind: 'host-key' }, untestable }
}

function connect(target: SshTarget, goal: SshGoal, keys: KnownKeys, deadlineMs: number): Promise<SshAttempt> {
  return connectSsh({
    address: target.address,
    params: paramsOf(target),
    goal,
    deadlineMs,
    hostKeyAlgorithms: hostKeyAlgorithms(keys),
    judgeHostKey: (offered) => judgeHostKey(offered, keys),
  })
}

function pinnedOf({ hostKeyLine, hostKeySource = 'machines', displayHost }: SshTarget): PinnedKey | null {
  return hostKeyLine === null ? null : { line: hostKeyLine, source: hostKeySource, host: displayHost }
}

function paramsOf({ address, displayHost, keyFile }: SshTarget): Params {
  const key = keyFile.state === 'none-configured' ? '' : keyFile.path
  return { host: displayHost, port: address.port, user: address.user, key }
}

function proofOf(attempt: SshAttempt, plan: Plan, keys: KnownKeys): SshProof {
  const { connectMs, peer, hostKey, end } = attempt
  const base = { connectMs, peer, hostKey, keyMs: attempt.sshMs, session: null }
  switch (end.state) {
    case 'session':
      return { ...base, key: 'accepted', problem: null, session: end.session }
    case 'key-accepted':
      return { ...base, key: 'accepted', problem: null }
    case 'host-key-trusted':
      return { ...base, key: 'untested', problem: plan.untestable }
    case 'failed': {
      const locked = plan.asked?.accepted ? lockedOut(end.problem) : null
      if (locked !== null) return { ...base, key: 'accepted', problem: locked }
      const refused = end.problem.cause === 'ssh.key-refused'
      return { ...base, key: refused ? 'refused' : 'untested', problem: withUnused(end.problem, keys) }
    }
    default:
      return end satisfies never
  }
}

/** An unknown key where a certificate authority is trusted, or a file is none: say what was seen and not used. */
function withUnused(found: Problem, { authorities, unfit = [] }: KnownKeys): Problem {
  const lines = [
    ...(authorities.length === 0 ? [] : [`@cert-authority not used: ${authorities.join(', ')}`]),
    ...unfit,
  ]
  return found.cause !== 'ssh.host-key-unknown' || lines.length === 0
    ? found
    : { ...found, raw: lines.join('\n') }
}

/**
 * The server would take the key, got the signature, and hung up without a word: so sshd ends a login that the account
 * rules forbid (PAM: expired or locked account). null where the connection ended in another way.
 */
function lockedOut(found: Problem): Problem | null {
  if (found.cause !== 'ssh.protocol-error' || found.raw !== hungUp('auth')) return null
  return { ...found, cause: 'desktop.builder-locked' }
}

/** ssh2 knows no sk-* keys and no certificates, and returns or throws an error for broken ones. */
function parseKey(data: Buffer | string): ParsedKey | null {
  try {
    const parsed: unknown = ssh2.utils.parseKey(data)
    const key = Array.isArray(parsed) ? parsed[0] : parsed
    return key instanceof Error ? null : (key as ParsedKey)
  } catch {
    return null
  }
}
