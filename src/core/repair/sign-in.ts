// Signs in to the desktop as an admin, in the way that the person chose. The host key is judged before anything of
// theirs goes out; secrets are handed to ssh2 and kept nowhere but in the session.

import type { SignIn } from '../../shared/guide.ts'
import { bad, good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'
import { hostKeyAlgorithms, judgeHostKey, knownKeysOf } from '../desktop/host-key.ts'
import { type ProbeLimiter, probeLimiter } from '../desktop/probe-limiter.ts'
import { connectSsh } from '../desktop/ssh-connect.ts'
import { type AdminSession, type Again, adminSession } from './admin-session.ts'
import type { Ask, RepairTarget } from './engine.ts'
import { type Next, wayOf } from './sign-in-ways.ts'

/** sshd's LoginGraceTime is 120 s by default: a person has that long to answer. */
const personMs = 115_000
const machineMs = 20_000
const phaseMs = { tcp: 8000, banner: 8000, handshake: 10_000 }
/** How long the desktop may think about one answer: PAM holds a refusal back for seconds, a directory for more. */
const thinkingMs = 25_000

/** See RepairEngine.signIn. */
export async function signInAsAdmin(
  target: RepairTarget,
  user: string,
  how: SignIn,
  ask: Ask,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
  limiter: ProbeLimiter = probeLimiter,
): Promise<Outcome<AdminSession>> {
  const { host, address } = target.builder
  const params: Params = { host, port: address.port, user }
  let offers: readonly string[] = []
  let wasAsked = false
  // An agent may ask the person itself, for a touch or a passphrase: only its own end or the deadline is one.
  const thinking = how.kind === 'agent' ? null : createPatience(signal)
  const note =
    (next: Next): Next =>
    (left) => {
      if (left !== null) offers = left
      thinking?.begin()
      return next(left)
    }
  const askPatiently: Ask = async (question) => {
    thinking?.rest()
    wasAsked = true
    const texts = await ask(question)
    thinking?.begin()
    return texts
  }
  const way = await wayOf(how, user, askPatiently, env)
  if (!way.ok) return way
  const keys = await knownKeysOf(address, pinOf(target), target.knownHosts)
  const turn = `${address.host}:${address.port}`
  // Only the turn is waited for: a person who thinks about an answer must not hold up the checks of this host.
  await limiter.run(
    turn,
    async () => undefined,
    () => false,
  )
  const attempt = await connectSsh({
    address: { host: address.host, port: address.port, user },
    params,
    goal: { kind: 'sign-in', next: note(way.value) },
    deadlineMs: how.kind === 'agent' || how.kind === 'key-file' ? machineMs + personMs : personMs,
    phaseMs,
    hostKeyAlgorithms: hostKeyAlgorithms(keys),
    judgeHostKey: (offered) => judgeHostKey(offered, keys),
    signal: thinking?.signal ?? signal,
  })
  thinking?.rest()
  if (attempt.end.state === 'session') {
    const again: Again = wasAsked
      ? (ends) => answersAgain(target, user, ends)
      : (ends) => signInAsAdmin(target, user, how, async () => null, ends, env, limiter)
    const session = adminSession(attempt.end.session, user, params, again)
    if (how.kind === 'password') session.giveSudoPassword(how.password, 'guess')
    return good(session)
  }
  if (attempt.connectMs !== null)
    await limiter.run(
      turn,
      async () => undefined,
      () => true,
    )
  if (thinking?.ranOut()) return bad('net.connection-lost', { host }, `no answer in ${thinkingMs} ms (auth)`)
  if (attempt.end.state !== 'failed') return bad('ssh.sign-in-refused', params)
  return { ok: false, problem: inWordsOfSignIn(attempt.end.problem, how, offers, params) }
}

/** A new connection as far as it goes without the person: the desktop answers, and with the key that it should have. */
async function answersAgain(
  target: RepairTarget,
  user: string,
  signal: AbortSignal,
): Promise<Outcome<AdminSession | null>> {
  const { host, address } = target.builder
  const params: Params = { host, port: address.port, user }
  const keys = await knownKeysOf(address, pinOf(target), target.knownHosts)
  const { end } = await connectSsh({
    address,
    params,
    goal: { kind: 'host-key' },
    deadlineMs: machineMs,
    phaseMs,
    hostKeyAlgorithms: hostKeyAlgorithms(keys),
    judgeHostKey: (offered) => judgeHostKey(offered, keys),
    signal,
  })
  if (end.state === 'failed') return { ok: false, problem: end.problem }
  return good(null)
}

/** Ends what it is given to where the other side says nothing for too long; `rest` while the person is asked. */
function createPatience(outer: AbortSignal) {
  const end = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let ranOut = false
  const rest = () => clearTimeout(timer)
  const begin = () => {
    rest()
    timer = setTimeout(() => {
      ranOut = true
      end.abort()
    }, thinkingMs)
  }
  return { begin, rest, ranOut: () => ranOut, signal: AbortSignal.any([outer, end.signal]) }
}

function pinOf({ builder }: RepairTarget) {
  if (builder.hostKeyLine === null) return null
  return { line: builder.hostKeyLine, source: `${builder.source.file}:${builder.source.line}` }
}

/** A refused key of the builder's and a refused admin are two things. */
function inWordsOfSignIn(found: Problem, how: SignIn, offers: readonly string[], params: Params): Problem {
  if (found.cause !== 'ssh.key-refused') return found
  const needed = how.kind === 'password' ? ['password', 'keyboard-interactive'] : [methodOf(how)]
  const known = offers.filter((one) => /^[a-z-]{1,40}$/.test(one))
  if (known.length === 0 || known.some((one) => needed.includes(one)))
    return problem('ssh.sign-in-refused', params, found.raw)
  return problem('ssh.sign-in-method', { ...params, what: known.join(', ') }, found.raw)
}

function methodOf(how: SignIn): string {
  return how.kind === 'keyboard-interactive' ? how.kind : 'publickey'
}
