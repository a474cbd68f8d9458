// The admin's one session: scripts run in it as root, by whichever way the desktop gives root, and secrets end with it.
import { setTimeout } from 'node:timers/promises'
import { good, type Outcome, type Params, type Problem, problem } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { ExecResult, ExecStdin } from '../desktop/ssh-exec.ts'
import type { SshSession } from '../desktop/ssh-session.ts'
import { doorCommand, passwordPrompt, rightsOf } from './rights.ts'

export type RightsKind = 'root' | 'sudo' | 'sudo-password' | 'doas' | 'needs-password' | 'none'

export interface Rights {
  readonly kind: RightsKind
  /** What sudo or doas said, where they refused. */
  readonly said: string
}

export interface ScriptLimits {
  readonly deadlineMs: number
  /** Of everything it says. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
  /** Ends a `watched` script by hanging up: what it says of its end is still heard. */
  readonly hangUp?: AbortSignal
  /** Sees stdout as it comes. */
  readonly onOutput?: (text: string) => void
  /** stdin stays open until the end, so that the script sees when we are gone. */
  readonly watched?: boolean
}

export interface ScriptEnd extends Pick<ExecResult, 'code' | 'ended' | 'stdout' | 'stderr'> {
  readonly rights: Rights
}

export interface AdminSession {
  readonly user: string
  readonly params: Params
  /**
   * Runs a POSIX sh program, given on stdin; $1 is the laptop's address. `root`: fails with desktop.sudo-* where root
   * cannot be had; `best`: runs as the admin alone then.
   */
  run(program: string, want: 'root' | 'best', limits: ScriptLimits): Promise<Outcome<ScriptEnd>>
  /** Kept as bytes until the session ends, and wiped then. `guess`: nobody typed it for sudo, so a "no" is no mistake. */
  giveSudoPassword(password: string, guess?: 'guess'): void
  /** The last password that was typed for sudo was refused; it is forgotten. */
  sudoPasswordWasWrong(): boolean
  /** Exec round trips so far. */
  execs(): number
  /**
   * The same admin over a new connection, its host key judged anew: shows that the desktop still lets us in. null: it
   * answers there with the right host key, but signing in would need the person. Absent in an engine that cannot.
   */
  again?(signal: AbortSignal): Promise<Outcome<AdminSession | null>>
  close(): Promise<void>
}

export type Again = NonNullable<AdminSession['again']>

/** A channel's end comes a moment before its connection's, in ms. */
const closingMs = 100

/** Takes over an SSH session that has just been signed in. */
export function adminSession(ssh: SshSession, user: string, params: Params, again?: Again): AdminSession {
  let secret: { readonly bytes: Buffer; readonly guess: boolean } | null = null
  let wasWrong = false
  let execs = 0

  const forget = () => {
    secret?.bytes.fill(0)
    secret = null
  }
  const once = async (program: string, want: 'root' | 'best', limits: ScriptLimits) => {
    const password = secret?.bytes ?? null
    const talk = talker(program, password, limits)
    execs += 1
    const ran = await ssh.exec(doorCommand(want, password !== null), {
      deadlineMs: limits.deadlineMs,
      maxBytes: limits.maxBytes,
      ...(limits.signal === undefined ? {} : { signal: limits.signal }),
      ...(limits.hangUp === undefined ? {} : { hangUp: limits.hangUp }),
      ...(password === null ? { input: program } : {}),
      ...(password === null && limits.watched !== true ? {} : { talk: talk.hear }),
      onOutput: (chunk, from) => {
        if (from === 'stdout') limits.onOutput?.(chunk.toString('utf8'))
      },
    })
    return { ran, prompts: talk.prompts() }
  }

  /** An exec that breaks off with its whole connection is a link that was lost, not a protocol gone wrong. */
  const inWordsOfLink = async (found: Problem): Promise<Problem> => {
    const gone = await Promise.race([ssh.closed.then(() => true), setTimeout(closingMs, false)])
    if (!gone) return found
    return problem('net.connection-lost', { host: params['host'] ?? '' }, found.raw)
  }

  const run = async (
    program: string,
    want: 'root' | 'best',
    limits: ScriptLimits,
  ): Promise<Outcome<ScriptEnd>> => {
    const asked = secret
    const { ran, prompts } = await once(program, want, limits)
    if (!ran.ok) return { ok: false, problem: await inWordsOfLink(ran.problem) }
    const rights = rightsOf(ran.value.stderr)
    if (rights === null && asked !== null && ran.value.ended === 'exit') {
      // sudo was asked with the password and did not let us in: wrong, or right and not enough.
      const wrong = prompts > 1
      wasWrong = wrong && !asked.guess
      const refused = refusal(ran.value.stderr, wrong, params)
      forget()
      if (want === 'root') return { ok: false, problem: refused }
      const plain = await run(program, want, limits)
      if (!plain.ok || wrong) return plain
      return good({ ...plain.value, rights: { kind: 'none', said: refused.raw ?? '' } })
    }
    if (rights === null) return { ok: false, problem: noDoor(ran.value, params) }
    if (want === 'root' && (rights.kind === 'none' || rights.kind === 'needs-password'))
      return { ok: false, problem: refusal(rights.said, false, params) }
    const { code, ended, stdout, stderr } = ran.value
    return good({ code, ended, stdout, stderr, rights })
  }

  return {
    user,
    params,
    run,
    giveSudoPassword(password, guess) {
      forget()
      wasWrong = false
      secret = { bytes: Buffer.from(password, 'utf8'), guess: guess === 'guess' }
    },
    sudoPasswordWasWrong: () => wasWrong,
    execs: () => execs,
    ...(again === undefined
      ? {}
      : {
          async again(signal: AbortSignal) {
            const opened = await again(signal)
            if (opened.ok && opened.value !== null && secret !== null)
              opened.value.giveSudoPassword(secret.bytes.toString('utf8'), secret.guess ? 'guess' : undefined)
            return opened
          },
        }),
    async close() {
      forget()
      await ssh.close()
    },
  }
}

/** Answers sudo's question once and hands the program over when the door is open. */
function talker(program: string, password: Buffer | null, limits: ScriptLimits) {
  let said = ''
  let prompts = 0
  let given = password === null
  const hear = (chunk: Buffer, from: 'stdout' | 'stderr', stdin: ExecStdin) => {
    if (from !== 'stderr' || given || password === null) return
    said += chunk.toString('utf8')
    const asked = said.split(passwordPrompt).length - 1
    if (asked > prompts) {
      prompts = asked
      if (asked > 1) return stdin.end()
      const line = Buffer.concat([password, Buffer.from('\n')])
      stdin.write(line, () => line.fill(0))
    } else if (rightsOf(said) !== null) {
      given = true
      stdin.write(program)
      if (limits.watched !== true) stdin.end()
    }
  }
  return { hear, prompts: () => prompts }
}

/** Why root could not be had, from what sudo or doas said. */
export function refusal(said: string, wrongPassword: boolean, params: Params): Problem {
  const raw = cleanText(said.replaceAll(passwordPrompt, ''), 600)
  if (wrongPassword) return problem('desktop.sudo-password-wrong', params, raw)
  // "Authorization" in opendoas, "Authentication" in OpenBSD's; "a tty" where it was let ask.
  if (/doas: (?:(?:authorization|authentication|a tty is) required)/i.test(said))
    return problem('desktop.doas-needs-terminal', params, raw)
  if (/must have a tty|terminal is required|a tty is required/i.test(said))
    return problem('desktop.sudo-needs-terminal', params, raw)
  return problem('desktop.sudo-denied', params, raw)
}

function noDoor(ran: ExecResult, params: Params): Problem {
  if (ran.ended === 'deadline')
    return problem('ssh.protocol-error', { ...params, phase: 'exec' }, 'no answer')
  return problem('desktop.survey-failed', params, cleanText(`${ran.stdout}\n${ran.stderr}`, 600))
}
