// The guided repair that the window shows: one guide, made when it is first asked for, ended with its window.

import type { StepWish } from '../core/repair/guide/review.ts'
import type { Guide } from '../core/repair/guide.ts'
import type { GuidePhase, GuideState, SignIn, UndoKind } from '../shared/guide.ts'
import type { LaptopWish } from '../shared/laptop-side.ts'
import { good, type Outcome } from '../shared/outcome.ts'
import type { StepId } from '../shared/repair.ts'
import { isUnderWay } from '../shared/repairable.ts'
import { createChanges } from './changes.ts'

export interface Repairs {
  state(): GuideState
  subscribe(listener: () => void): () => void
  /** Begins with a builder; one that is under way with it goes on. */
  open(builder: string): void
  retry(): void
  /** Makes the builder key that the guide misses, at the place it names, and goes on. */
  makeKey(): Promise<Outcome<void>>
  trust(fingerprint: string): void
  signIn(user: string, how: SignIn): void
  answer(answers: readonly string[] | null): void
  elevate(sudoPassword: string | null): void
  choose(step: StepId, wish: StepWish): void
  apply(yes: { readonly sudoPassword?: string }): void
  back(phase: GuidePhase): void
  cancel(): void
  undo(kind: UndoKind): void
  openLaptop(wish: LaptopWish): void
  applyLaptop(): void
  skipLaptop(): void
  undoLaptop(): void
  /** Resolves when every connection has ended and every secret is forgotten. */
  close(): Promise<void>
  /** The window is gone: what was under way is cancelled. Gives what came of it, where somebody was signed in. */
  windowClosed(): Promise<Stopped | null>
}

export type Stopped = Extract<GuideState, { phase: 'stopped' }>

interface Options {
  /** Loaded only when a repair begins. */
  readonly makeGuide: () => Promise<Guide>
  readonly makeKey: (path: string) => Promise<Outcome<void>>
  /** A repair came to an end: what the checks said before may no longer hold. */
  readonly onEnd: () => void
  /** Told what nobody else hears of. Never a secret: the guide's verbs do not put their arguments into errors. */
  readonly say: (line: string) => void
}

const closed: GuideState = { phase: 'closed' }

/** No guide is made yet. */
export function createRepairs(options: Options): Repairs {
  const changes = createChanges()
  let guide: Guide | null = null
  let making: Promise<Guide> | null = null
  let phase: GuideState['phase'] = 'closed'

  const hear = (): void => {
    const now = guide?.state().phase ?? 'closed'
    // A key that was trusted lets the checks go further, too.
    const trusted = phase === 'trust' && now === 'sign-in'
    const ended = trusted || (now !== phase && (now === 'done' || now === 'stopped'))
    phase = now
    if (ended) options.onEnd()
    changes.emit()
  }
  const made = (): Promise<Guide> => {
    making ??= options.makeGuide().then((one) => {
      guide = one
      one.subscribe(hear)
      return one
    })
    return making
  }
  /** The window gets its answers from the state, never from a call. */
  const run = (task: Promise<unknown> | undefined): void => {
    task?.catch((error: unknown) => options.say(`repair: ${String(error)}`))
  }
  const state = () => guide?.state() ?? closed

  return {
    state,
    subscribe: changes.subscribe,
    open: (builder) => {
      if (!isUnderWay(state(), builder)) run(made().then((one) => one.open(builder)))
    },
    retry: () => run(guide?.retry()),
    makeKey: async () => {
      const path = missingKey(state())
      if (path === null) return good(undefined)
      const made = await options.makeKey(path)
      if (made.ok) run(guide?.retry())
      return made
    },
    trust: (fingerprint) => run(guide?.trust(fingerprint)),
    signIn: (user, how) => run(guide?.signIn(user, how)),
    answer: (answers) => guide?.answer(answers),
    elevate: (sudoPassword) => run(guide?.elevate(sudoPassword)),
    choose: (step, wish) => guide?.choose(step, wish),
    apply: (yes) => run(guide?.apply(yes)),
    back: (to) => run(guide?.back(to)),
    cancel: () => run(guide?.cancel()),
    undo: (kind) => run(guide?.undo(kind)),
    openLaptop: (wish) => run(made().then((one) => one.openLaptop(wish))),
    applyLaptop: () => run(guide?.applyLaptop()),
    skipLaptop: () => run(guide?.skipLaptop()),
    undoLaptop: () => run(guide?.undoLaptop()),
    close: async () => {
      await guide?.close()
    },
    windowClosed: async () => {
      if (guide === null) return null
      const told = touchesDesktop(state())
      // Signed in still, after a step that failed: nobody is there any more to take it back.
      if (told || state().phase === 'stopped') await guide.cancel()
      const end = state()
      if (told && end.phase === 'stopped') return end
      // What was stopped before stays to be read; of all else nothing is left to come back to.
      if (end.phase !== 'stopped') await guide.close()
      return null
    },
  }
}

/** Where the guide misses the key; the window never names the place. */
function missingKey(state: GuideState): string | null {
  if (state.phase !== 'find' || state.problem?.cause !== 'laptop.builder-key-missing') return null
  const path = state.problem.params?.['key']
  return typeof path === 'string' ? path : null
}

/** Whether somebody is signed in there, so that there is something to tell about. */
function touchesDesktop({ phase }: GuideState): boolean {
  return phase === 'survey' || phase === 'review' || phase === 'repair' || phase === 'proof'
}
