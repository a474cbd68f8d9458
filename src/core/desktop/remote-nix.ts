// What Nix on the desktop says over an authenticated session: its daemon's own greeting, and a few facts beside it.
import { bad, good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'
import { parseRemoteFacts, type RemoteFacts, remoteFactsCommand } from './remote-facts.ts'
import type { RemoteNix } from './results.ts'
import type { ExecResult } from './ssh-exec.ts'
import type { SshSession } from './ssh-session.ts'
import { handshakeRequest, readHandshake } from './worker-protocol.ts'

/** Exactly what Nix starts for an ssh-ng:// builder, so whatever breaks it breaks this. */
export const daemonCommand = 'nix-daemon --stdio'

/** Below this a build can hardly start: nix.disk-full fails, in bytes. */
export const diskFullBytes = 256 * 1024 ** 2
/** Below this nix.disk-full warns, in bytes. */
export const diskLowBytes = 5 * 1024 ** 3

const maxBytes = 64 * 1024

/**
 * Greets the desktop's Nix daemon as ssh-ng does, and gathers system, trust and disk beside it: two commands at once
 * over the one session. Ends in nix.not-found, nix.daemon-down, nix.not-allowed, desktop.shell-noise,
 * desktop.builder-shell, or ssh.protocol-error where the connection or the deadline ended it.
 */
export async function askRemoteNix(session: SshSession, deadlineMs: number): Promise<Outcome<RemoteNix>> {
  const [daemon, facts] = await Promise.all([
    session.exec(daemonCommand, { deadlineMs, maxBytes, input: handshakeRequest(), inputUntil: isAnswered }),
    session.exec(remoteFactsCommand, { deadlineMs, maxBytes }),
  ])
  if (!daemon.ok) return daemon
  const known = parseRemoteFacts(facts.ok ? facts.value.stdout : '')
  return judgeGreeting(daemon.value, known, session.params, deadlineMs)
}

/** Old daemons' stdio end leaves as soon as its input ends (Nix 2.8), so that stays open until the greeting is whole. */
function isAnswered(stdout: Buffer): boolean {
  return readHandshake(stdout).state === 'greeted'
}

/**
 * What is wrong with a desktop's Nix that did greet, for one machines row. Pure.
 * nix.not-trusted, nix.system-mismatch, nix.feature-missing, nix.disk-full; a nearly full disk only warns.
 */
export function judgeRemoteNix(
  nix: RemoteNix,
  row: { readonly systems: readonly string[]; readonly features: readonly string[] },
  params: Params,
): { readonly state: 'pass' } | { readonly state: 'warn' | 'fail'; readonly problem: Problem } {
  if (nix.trusted === false) return { state: 'fail', problem: problem('nix.not-trusted', params) }
  const strange = nix.systems.length === 0 ? undefined : row.systems.find((one) => !nix.systems.includes(one))
  if (strange !== undefined) {
    const found = nix.systems.join(', ')
    return { state: 'warn', problem: problem('nix.system-mismatch', { ...params, expected: strange, found }) }
  }
  const lacking = nix.features?.length ? row.features.find((one) => !nix.features?.includes(one)) : undefined
  if (lacking !== undefined) {
    return { state: 'warn', problem: problem('nix.feature-missing', { ...params, what: lacking }) }
  }
  if (nix.diskFree === null || nix.diskFree >= diskLowBytes) return { state: 'pass' }
  const full = problem('nix.disk-full', { ...params, free: nix.diskFree })
  return { state: nix.diskFree < diskFullBytes ? 'fail' : 'warn', problem: full }
}

function judgeGreeting(
  daemon: ExecResult,
  facts: RemoteFacts,
  params: Params,
  deadlineMs: number,
): Outcome<RemoteNix> {
  const greeting = readHandshake(daemon.stdoutBytes)
  switch (greeting.state) {
    case 'greeted': {
      if (greeting.noise.length > 0) return bad('desktop.shell-noise', params, cleanText(greeting.noise, 500))
      const trusted = greeting.trusted ?? facts.trusted
      const version = greeting.version ?? facts.version ?? ''
      return good({
        version,
        trusted,
        systems: facts.systems,
        features: facts.features,
        diskFree: facts.diskFree,
      })
    }
    case 'broken':
      return bad('nix.daemon-down', params, cleanText(daemon.stderr, 500) || 'the greeting broke off')
    case 'no-daemon':
      return { ok: false, problem: withoutDaemon(daemon, params, deadlineMs) }
    default:
      return greeting satisfies never
  }
}

/** nologin(8) and its kin print one of these and leave. */
const nologinWords = /account is (currently )?not available|has been (disabled|locked)|nologin/i
const notFoundWords =
  /not found|unknown command|no such file or directory.*nix-daemon|nix-daemon.*no such file/i
const deniedWords = /permission denied|not allowed to connect/i
const downWords = /cannot connect to (socket|daemon)|connection refused|unable to connect/i

function withoutDaemon(daemon: ExecResult, params: Params, deadlineMs: number): Problem {
  const said = `${daemon.stderr}\n${daemon.stdout}`
  const raw = cleanText(said, 500)
  if (nologinWords.test(said)) return problem('desktop.builder-shell', params, raw)
  if (downWords.test(said))
    return problem(deniedWords.test(said) ? 'nix.not-allowed' : 'nix.daemon-down', params, raw)
  if (deniedWords.test(said)) return problem('nix.not-allowed', params, raw)
  if (daemon.code === 127 || daemon.code === 126 || notFoundWords.test(said)) {
    return problem('nix.not-found', params, raw)
  }
  if (daemon.ended === 'deadline') {
    return problem('nix.daemon-down', params, `no greeting in ${Math.round(deadlineMs)} ms\n${raw}`.trim())
  }
  if (daemon.stdout.trim() !== '') return problem('desktop.shell-noise', params, raw)
  // The daemon was reached and hung up without a word: that is how it turns away a user outside allowed-users.
  if (daemon.code === 0) return problem('nix.not-allowed', params, raw || 'the daemon closed the connection')
  // /bin/false as the shell: nothing printed, nothing run.
  return problem(
    raw === '' ? 'desktop.builder-shell' : 'nix.daemon-down',
    params,
    raw || `exit code ${daemon.code}`,
  )
}
