// Survey: one look at the desktop, as root where this admin may, once they gave sudo's password if it asks.
import { type Problem, problem } from '../../../shared/outcome.ts'
import type { AdminSession } from '../admin-session.ts'
import { base, type Context, rootDenied } from './context.ts'
import { showReview } from './review.ts'
import type { Stage } from './stage.ts'

interface Shown {
  readonly busy?: boolean
  readonly problem?: Problem | null
  readonly asksSudoPassword?: boolean
}

function putSurvey(stage: Stage, at: Context, more: Shown) {
  const admin = at.session?.user ?? ''
  const shown = { busy: false, problem: null, asksSudoPassword: false, ...more }
  stage.put({ phase: 'survey', ...base(at), admin, ...shown, triesLeft: at.sudoTriesLeft })
}

/**
 * Looks at the desktop, as often as asked. Ends at the review, or at the survey: with a problem, or asking for a password.
 * `typed`: with a sudo password that the person has just given, which counts if it was wrong.
 */
export async function look(
  stage: Stage,
  at: Context,
  session: AdminSession,
  signal: AbortSignal,
  typed = false,
): Promise<void> {
  putSurvey(stage, at, { busy: true })
  const facts = await stage.engine.survey(session, at.target, signal)
  if (signal.aborted) return
  if (!facts.ok) return putSurvey(stage, at, { problem: facts.problem })
  at.facts = facts.value
  at.report = stage.engine.report?.(facts.value, at.target) ?? null
  const wrong = typed && session.sudoPasswordWasWrong()
  if (wrong) at.sudoTriesLeft -= 1
  if (facts.value.rights.kind !== 'needs-password') return showReview(stage, at, rootDenied(at))
  const who = { host: at.target.builder.host, user: session.user }
  const why = wrong ? problem('desktop.sudo-password-wrong', who) : null
  putSurvey(stage, at, { asksSudoPassword: at.sudoTriesLeft > 0, problem: why })
}

/** The sudo password, or null to go on with what can be seen without. */
export async function elevate(stage: Stage, sudoPassword: string | null): Promise<void> {
  const at = stage.context()
  const state = stage.state()
  if (state.phase !== 'survey' || state.busy || !at?.session) return
  const { session } = at
  if (sudoPassword === null) {
    if (at.facts !== null) showReview(stage, at, null)
    return
  }
  if (at.sudoTriesLeft <= 0) return
  session.giveSudoPassword(sudoPassword)
  await stage.work((signal) => look(stage, at, session, signal, true))
}
