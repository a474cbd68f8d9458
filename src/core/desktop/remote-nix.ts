// What Nix on the desktop says over an authenticated session: its daemon's own greeting, and a few facts beside it.
import { bad, good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'
import { parseRemoteFacts, type RemoteFacts, remoteFactsCommand } from './remote-facts.ts'
import type { RemoteNix } from './results.ts'
import type { ExecResult } from './ssh-exec.ts'
import type { SshSession } from './ssh-session.ts'
import {
  type Greeting,
  handshakeRequest,
  readHandshake,
  serveRequest,
  speaksServe,
} from './worker-protocol.ts'

/** Exactly what Nix starts for an ssh-ng:// builder, so whatever breaks it breaks this. */
export const daemonCommand = 'nix-daemon --stdio'

const maxBytes = 64 * 1024

/**
 * Greets the desktop's Nix daemon as ssh-ng does, and gathers system, trust and disk beside it: two commands at once
 * over the one session. Ends in nix.not-found, nix.daemon-down, nix.not-allowed, desktop.shell-noise,
 * desktop.builder-shell, or ssh.protocol-error where the connection or the deadline ended it.
 */
export async function askRemoteNix(session: SshSession, deadlineMs: number): Promise<Outcome<RemoteNix>> {
  const endsAt = performance.now() + deadlineMs
  const [daemon, facts] = await Promise.all([
    session.exec(daemonCommand, { deadlineMs, maxBytes, input: handshakeRequest(), inputUntil: isAnswered }),
    session.exec(remoteFactsCommand, { deadlineMs, maxBytes }),
  ])
  if (!daemon.ok) return daemon
  const greeting = readHandshake(daemon.value.stdoutBytes)
  if (greeting.state === 'greeted') {
    return greeted(greeting, parseRemoteFacts(facts.ok ? facts.value.stdout : ''), session.params)
  }
  const known = withoutDaemon(daemon.value, session.params)
  if (known !== null) return { ok: false, problem: known }
  return { ok: false, problem: await whyNoDaemon(session, endsAt - performance.now()) }
}

/** Old daemons' stdio end leaves as soon as its input ends (Nix 2.8), so that stays open until the greeting is whole. */
function isAnswered(stdout: Buffer): boolean {
  return readHandshake(stdout).state === 'greeted'
}

function greeted(greeting: Greeting, facts: RemoteFacts, params: Params): Outcome<RemoteNix> {
  if (greeting.noise.length > 0) return bad('desktop.shell-noise', params, cleanText(greeting.noise, 500))
  const { systems, features, diskFree } = facts
  const version = greeting.version ?? facts.version ?? ''
  return good({ version, trusted: greeting.trusted ?? facts.trusted, systems, features, diskFree })
}

/** nologin(8) and its kin print one of these and leave. */
const nologinWords = /account is (currently )?not available|has been (disabled|locked)|nologin/i
const notFoundWords =
  /not found|unknown command|no such file or directory.*nix-daemon|nix-daemon.*no such file/i
const deniedWords = /permission denied|not allowed to connect/i
/** The daemon took the connection and dropped it at once: so it treats users outside allowed-users. */
const hungUpWords = /unexpected end-of-file|disconnected unexpectedly|broken pipe|connection reset/i
const downWords = /cannot connect to (socket|daemon)|connection refused|unable to connect/i

/** What the output of a daemon that did not greet says; null where it says nothing that would tell. */
function withoutDaemon(daemon: ExecResult, params: Params): Problem | null {
  const said = `${daemon.stderr}\n${printable(daemon)}`
  const raw = cleanText(said, 500)
  if (nologinWords.test(said)) return problem('desktop.builder-shell', params, raw)
  if (deniedWords.test(said)) return problem('nix.not-allowed', params, raw)
  if (downWords.test(said)) return problem('nix.daemon-down', params, raw)
  if (daemon.code === 127 || daemon.code === 126 || notFoundWords.test(said)) {
    return problem('nix.not-found', params, raw)
  }
  return printable(daemon).trim() === '' ? null : problem('desktop.shell-noise', params, raw)
}

/** stdout, unless it is the beginning of a greeting. */
function printable(daemon: ExecResult): string {
  return readHandshake(daemon.stdoutBytes).state === 'broken' ? '' : daemon.stdout
}

/** Reaches the daemon's socket the way that prints a reason; works in every Nix since 2.4 (facts, "store ping"). */
const pingCommand =
  "exec sh -c 'echo @; exec nix --extra-experimental-features nix-command store ping --store daemon 2>&1'"

/**
 * Why nix-daemon began and ended without a word. From Nix 2.24 on it speaks first and connects later, so that a dead
 * daemon and one that turns us away look alike in its output.
 */
async function whyNoDaemon(session: SshSession, deadlineMs: number): Promise<Problem> {
  const { params } = session
  const endsAt = performance.now() + deadlineMs
  const ping = await session.exec(pingCommand, { deadlineMs, maxBytes })
  if (!ping.ok) return ping.problem
  const raw = cleanText(ping.value.stdout, 500)
  const ran = ping.value.ended !== 'exit' || raw.includes('@')
  const said = ran ? raw.replace(/^@\s*/, '') : await askServe(session, endsAt - performance.now())
  // Not even echo ran, nor Nix: /bin/false as the login shell.
  if (said === null) return problem('desktop.builder-shell', params, raw)
  const words = said || `nix-daemon gave no greeting in ${Math.round(deadlineMs)} ms`
  const turnedAway = deniedWords.test(words) || hungUpWords.test(words)
  return problem(turnedAway ? 'nix.not-allowed' : 'nix.daemon-down', params, words)
}

/** What Nix starts for ssh:// builders: a key that may start Nix alone (restrictCommands) may start this one, too. */
const serveCommand = 'nix-store --serve --write'

/** The reason in the words of Nix's other way in, which needs no shell; null where that did not run either. */
async function askServe(session: SshSession, deadlineMs: number): Promise<string | null> {
  const served = await session.exec(serveCommand, { deadlineMs, maxBytes, input: serveRequest() })
  if (!served.ok) return null
  const words = cleanText(served.value.stderr, 500)
  return words === '' && !speaksServe(served.value.stdoutBytes) ? null : words
}
