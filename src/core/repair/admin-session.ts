// The admin's one session: scripts run in it as root, by whichever way the desktop gives root, and secrets end with it.
import type { Outcome, Params } from '../../shared/outcome.ts'

export interface ScriptLimits {
  readonly deadlineMs: number
  readonly maxBytes: number
  readonly signal?: AbortSignal
  /** Sees stdout as it comes. */
  readonly onOutput?: (text: string) => void
}

export interface ScriptEnd {
  readonly code: number | null
  readonly ended: 'exit' | 'signal' | 'deadline' | 'cancelled' | 'too-long'
  readonly stdout: string
  readonly stderr: string
  readonly rights: Rights
}

export interface Rights {
  readonly kind: 'root' | 'sudo' | 'sudo-password' | 'doas' | 'needs-password' | 'none'
  /** What sudo or doas said, where they refused. */
  readonly said: string
}

export interface AdminSession {
  readonly user: string
  readonly params: Params
  /**
   * Runs a POSIX sh program, given on stdin. `root`: fails with desktop.sudo-* where root cannot be had;
   * `best`: runs as the admin then.
   */
  run(program: string, rights: 'root' | 'best', limits: ScriptLimits): Promise<Outcome<ScriptEnd>>
  /** Kept as bytes until the session ends, and wiped then. */
  giveSudoPassword(password: string): void
  /** The last password given was refused (and is forgotten). */
  sudoPasswordWasWrong(): boolean
  /** Exec round trips so far. */
  execs(): number
  close(): Promise<void>
}
