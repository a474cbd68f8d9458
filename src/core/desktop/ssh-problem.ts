// Reads a cause out of how an SSH connection ended: its phase, what was said, and ssh2's error.
import { type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'
import type { HostKeyVerdict } from './results.ts'

/** How far a connection came: TCP is up in all of them. */
export type SshPhase = 'banner' | 'handshake' | 'auth'

export interface SshEnd {
  readonly phase: SshPhase
  /** Bytes that came before an SSH identification. */
  readonly said: Buffer
  readonly verdict: HostKeyVerdict | null
  /** ssh2's words; null where the other side just closed. */
  readonly error: (Error & { level?: string; code?: number | string }) | null
  /** host, port, user, key as messages name them. */
  readonly params: Params
}

/** What sshd says in place of its banner while it drops connections (OpenSSH sshd.c: MaxStartups, PerSourcePenalties). */
const throttleWords = /^(Exceeded MaxStartups|Not allowed at this time)/m

/** Why a connection that had reached TCP ended. */
export function problemOfEnd(end: SshEnd): Problem {
  const judged = end.verdict === null ? null : hostKeyProblem(end.verdict, end.params)
  if (judged !== null) return judged
  if (end.phase === 'banner') return beforeBanner(end)
  const words = end.error === null ? hungUp(end.phase) : end.error.message
  const raw = cleanText(words)
  if (/no matching/.test(words)) return problem('ssh.no-common-algorithm', end.params, raw)
  if (end.phase === 'auth' && isRefusal(end.error)) return problem('ssh.key-refused', end.params, raw)
  return problem('ssh.protocol-error', { ...end.params, phase: end.phase }, raw)
}

/** The raw words for a connection that the other side just closed. */
export function hungUp(phase: SshPhase): string {
  return `connection closed during ${phase}`
}

/** Why a connection that had reached TCP was given up at the deadline. */
export function problemOfSilence(end: Omit<SshEnd, 'error'>, deadlineMs: number): Problem {
  const raw = `no answer in ${Math.round(deadlineMs)} ms (${end.phase})`
  if (end.phase !== 'banner') return problem('ssh.protocol-error', { ...end.params, phase: end.phase }, raw)
  if (end.said.length > 0) return problem('ssh.not-ssh', end.params, cleanText(end.said, 300))
  return problem('ssh.banner-timeout', end.params, raw)
}

/** The problem of a host key that is not trusted; null for a trusted one. */
export function hostKeyProblem(verdict: HostKeyVerdict, params: Params): Problem | null {
  const seen = { ...params, type: verdict.offered.type, offered: verdict.offered.fingerprint }
  switch (verdict.state) {
    case 'trusted':
      return null
    case 'unknown':
      return problem('ssh.host-key-unknown', seen)
    case 'changed': {
      const expected = verdict.expected.map((one) => one.fingerprint).join(', ')
      const sources = verdict.expected.map((one) => `${one.fingerprint} (${one.source})`).join('\n')
      const raw = `offered ${verdict.offered.fingerprint} (${verdict.offered.type})\nexpected ${sources}`
      const source = verdict.expected[0]?.source ?? ''
      return problem('ssh.host-key-changed', { ...seen, expected, source }, raw)
    }
    case 'revoked':
      return problem('ssh.host-key-revoked', { ...seen, file: verdict.source })
    default:
      return verdict satisfies never
  }
}

function beforeBanner(end: SshEnd): Problem {
  const words = cleanText(end.said, 300)
  if (throttleWords.test(words)) return problem('ssh.throttled', end.params, words)
  if (end.said.length > 0) return problem('ssh.not-ssh', end.params, words)
  // Accepted, then closed or reset without a word: that is how sshd drops an address it penalises.
  return problem(
    'ssh.throttled',
    end.params,
    end.error === null ? 'closed before the banner' : end.error.message,
  )
}

function isRefusal(error: SshEnd['error']): boolean {
  if (error === null) return false
  return error.level === 'client-authentication' || /Too many authentication failures/i.test(error.message)
}
