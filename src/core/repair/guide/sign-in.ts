// Sign in: a session as an admin, in three tries, with the desktop's questions answered by the person.

import type { Question, SignIn } from '../../../shared/guide.ts'
import type { Problem } from '../../../shared/outcome.ts'
import type { Ask } from '../engine.ts'
import { base, type Context, desktopOf, sudoTries } from './context.ts'
import type { Stage } from './stage.ts'
import { look } from './survey.ts'

/** Shows the sign-in with the ways that this laptop has now. */
export async function showSignIn(stage: Stage, at: Context, why: Problem | null, signal: AbortSignal) {
  at.ways = await stage.engine.ways(at.target)
  if (!signal.aborted) putSignIn(stage, at, { problem: why })
}

interface Shown {
  readonly user?: string
  readonly busy?: boolean
  readonly problem?: Problem | null
  readonly question?: Question | null
}

function putSignIn(stage: Stage, at: Context, more: Shown) {
  const state = stage.state()
  const user = more.user ?? (state.phase === 'sign-in' ? state.user : at.target.adminUser)
  const shown = { busy: false, problem: null, question: null, ...more, user }
  stage.put({
    phase: 'sign-in',
    ...base(at),
    ...shown,
    ...at.ways,
    triesLeft: stage.tries.left(desktopOf(at)),
  })
}

function ask(stage: Stage, at: Context, signal: AbortSignal): Ask {
  return async (question) => {
    if (signal.aborted) return null
    const answered = stage.asked(signal)
    putSignIn(stage, at, { busy: true, question })
    const texts = await answered
    if (!signal.aborted) putSignIn(stage, at, { busy: true })
    return texts
  }
}

/** Ends at the survey, or at sign-in with a problem and, where it was refused, one try less. */
export async function signIn(stage: Stage, user: string, how: SignIn): Promise<void> {
  const at = stage.context()
  const state = stage.state()
  if (state.phase !== 'sign-in' || state.busy || at === null) return
  const desktop = desktopOf(at)
  if (stage.tries.left(desktop) <= 0) return
  await stage.work(async (signal) => {
    putSignIn(stage, at, { user, busy: true })
    const signed = await stage.engine.signIn(at.target, user, how, ask(stage, at, signal), signal)
    if (signal.aborted) {
      if (signed.ok) await signed.value.close()
      return
    }
    if (!signed.ok) {
      if (signed.problem.cause === 'ssh.sign-in-refused') stage.tries.refused(desktop)
      return putSignIn(stage, at, { user, problem: signed.problem })
    }
    stage.tries.accepted(desktop)
    at.session = signed.value
    at.sudoTriesLeft = sudoTries
    await look(stage, at, signed.value, signal)
  })
}
