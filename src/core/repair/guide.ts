// The guide: leads one person through one repair. A state machine over the engine's verbs; the window, the tests and
// the command line all drive this one. The picture of its phases stands in shared/repair.ts; a file a phase in guide/.

import type { GuidePhase, GuideState, SignIn, UndoKind } from '../../shared/guide.ts'
import type { LaptopWish } from '../../shared/laptop-side.ts'
import type { StepId } from '../../shared/repair.ts'
import type { RepairEngine } from './engine.ts'
import { find, lookAtHostKey, trust } from './guide/find.ts'
import { watchGoingBack } from './guide/going-back.ts'
import { applyLaptop, lookAgain, openLaptop, skipLaptop, undoLaptop } from './guide/laptop.ts'
import { prove } from './guide/proof.ts'
import { apply } from './guide/repair.ts'
import { choose, type StepWish } from './guide/review.ts'
import { showSignIn, signIn } from './guide/sign-in.ts'
import { createStage, type Stage } from './guide/stage.ts'
import { elevate, look } from './guide/survey.ts'
import { undo } from './guide/undo.ts'

export interface Guide {
  state(): GuideState
  /** Returns how to unsubscribe. */
  subscribe(listener: () => void): () => void
  /** Begins with a builder; a repair under way is cancelled first. */
  open(builderId: string): Promise<void>
  /** Looks for the desktop again (find), or at it (survey): for "Try again". */
  retry(): Promise<void>
  /** The explicit yes to the fingerprint that is shown. */
  trust(fingerprint: string): Promise<void>
  signIn(user: string, how: SignIn): Promise<void>
  /** Answers the desktop's question; null gives the sign-in up. */
  answer(texts: readonly string[] | null): void
  /** The admin's sudo password; null goes on without, with what can be seen so. */
  elevate(sudoPassword: string | null): Promise<void>
  choose(step: StepId, wish: StepWish): void
  /** The yes to the plan that is shown. Resolves when the proof is over. */
  apply(yes?: { readonly sudoPassword?: string }): Promise<void>
  /** Back to an earlier phase; nothing on the desktop changes by it. */
  back(phase: GuidePhase): Promise<void>
  /**
   * Ends it; what was and was not done stands in the state. Amid a switch of a NixOS desktop the state goes on: it tells
   * when the desktop is back (`goingBack`), unless it is asked for once more.
   */
  cancel(): Promise<void>
  undo(kind: UndoKind): Promise<void>
  /** What this laptop itself still needs, without signing in anywhere; a repair under way is cancelled first. */
  openLaptop(wish: LaptopWish): Promise<void>
  /** The yes to the changes of this laptop that are shown. */
  applyLaptop(): Promise<void>
  /** Goes on without them. */
  skipLaptop(): Promise<void>
  /** Puts this laptop's files back, at done or stopped. */
  undoLaptop(): Promise<void>
  /** Cancels, ends the session and forgets every secret. */
  close(): Promise<void>
}

/** A guide at rest. */
export function createGuide(engine: RepairEngine): Guide {
  const stage = createStage(engine)
  return {
    state: stage.state,
    subscribe: stage.subscribe,
    open: (builderId) => open(stage, builderId),
    retry: () => retry(stage),
    trust: (fingerprint) => trust(stage, fingerprint),
    signIn: (user, how) => signIn(stage, user, how),
    answer: stage.answer,
    elevate: (sudoPassword) => elevate(stage, sudoPassword),
    choose: (step, wish) => choose(stage, step, wish),
    apply: (yes = {}) => apply(stage, yes),
    back: (phase) => back(stage, phase),
    cancel: () => cancel(stage),
    undo: (kind) => undo(stage, kind),
    openLaptop: (wish) => openLaptop(stage, wish),
    applyLaptop: () => applyLaptop(stage),
    skipLaptop: () => skipLaptop(stage),
    undoLaptop: () => undoLaptop(stage),
    close: () => close(stage),
  }
}

async function open(stage: Stage, builderId: string): Promise<void> {
  await stage.abort()
  await stage.endSession()
  stage.setContext(null)
  stage.setLaptop(null)
  stage.put({ phase: 'closed' })
  await find(stage, builderId)
}

async function retry(stage: Stage): Promise<void> {
  if (stage.busy()) return
  const at = stage.context()
  const state = stage.state()
  if (state.phase === 'find' || state.phase === 'stopped') {
    if (state.phase === 'stopped') await stage.abort()
    await stage.endSession()
    await find(stage, state.builder)
  } else if (state.phase === 'survey' && at?.session) {
    const { session } = at
    await stage.work((signal) => look(stage, at, session, signal))
  } else if (state.phase === 'laptop') await lookAgain(stage)
  else if (state.phase === 'done' && at !== null) await stage.work((signal) => prove(stage, at, signal))
}

async function back(stage: Stage, phase: GuidePhase): Promise<void> {
  const at = stage.context()
  const now = stage.state().phase
  if (now === 'closed' || now === 'repair' || at === null) return
  await stage.abort()
  if (phase === 'find') {
    await stage.endSession()
    return find(stage, at.target.builder.id)
  }
  if (phase === 'trust') {
    await stage.endSession()
    return lookAtHostKey(stage, at)
  }
  if (phase === 'sign-in') {
    await stage.endSession()
    return stage.work((signal) => showSignIn(stage, at, null, signal))
  }
  const { session } = at
  if ((phase === 'survey' || phase === 'review') && session !== null)
    return stage.work((signal) => look(stage, at, session, signal))
}

function sayCancelling(stage: Stage): void {
  const state = stage.state()
  if (state.phase === 'repair') stage.put({ ...state, cancelling: true })
}

async function cancel(stage: Stage): Promise<void> {
  sayCancelling(stage)
  const before = stage.state().phase
  await stage.abort()
  stage.stopAt(null, true)
  if (stage.state().phase !== 'stopped') return
  // Asked for once more, it is left alone.
  if (before !== 'stopped' && watchGoingBack(stage)) return
  await stage.endSession()
  const ended = stage.state()
  if (ended.phase !== 'stopped' || ended.undo === undefined) return
  // Nobody is signed in any more to take anything back.
  const { undo: _gone, ...rest } = ended
  stage.put(rest)
}

async function close(stage: Stage): Promise<void> {
  sayCancelling(stage)
  await stage.abort()
  await stage.endSession()
  stage.setContext(null)
  stage.put({ phase: 'closed' })
}
