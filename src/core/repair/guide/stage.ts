// What the guide's phases share: the state that is shown, what has been found so far, and one thing at a time.

import type { GuideState } from '../../../shared/guide.ts'
import { type Problem, problem } from '../../../shared/outcome.ts'
import type { RepairEngine } from '../engine.ts'
import { type Context, toldOf } from './context.ts'
import type { LaptopPart } from './laptop.ts'
import { createTries, type Tries } from './tries.ts'
import { undoAtRest } from './undo.ts'

export interface Stage {
  readonly engine: RepairEngine
  /** They outlast a guide that is begun again. */
  readonly tries: Tries
  state(): GuideState
  put(next: GuideState): void
  /** Returns how to unsubscribe. */
  subscribe(listener: () => void): () => void
  /** What is known of the builder being repaired; null before it is found. */
  context(): Context | null
  setContext(next: Context | null): void
  /** What is known of this laptop's own part; null before it is looked at. */
  laptop(): LaptopPart | null
  setLaptop(next: LaptopPart | null): void
  /** One thing at a time: what is asked while another runs is not done. Never rejects. */
  work(task: (signal: AbortSignal) => Promise<void>): Promise<void>
  busy(): boolean
  /** Ends at the phase that is shown, unless it has ended already. */
  stopAt(why: Problem | null, cancelled: boolean): void
  /** Waits for the person's texts; null where they give up or the work is aborted. */
  asked(signal: AbortSignal): Promise<readonly string[] | null>
  answer(texts: readonly string[] | null): void
  /** Aborts what is under way, and waits for its end. */
  abort(): Promise<void>
  endSession(): Promise<void>
}

/** A stage at rest, with nobody on it. */
export function createStage(engine: RepairEngine): Stage {
  const listeners = new Set<() => void>()
  let state: GuideState = { phase: 'closed' }
  let context: Context | null = null
  let laptop: LaptopPart | null = null
  let under = new AbortController()
  let working: Promise<void> = Promise.resolve()
  let answerTo: ((texts: readonly string[] | null) => void) | null = null

  const put = (next: GuideState) => {
    state = next
    for (const listener of listeners) listener()
  }
  const stopAt = (why: Problem | null, cancelled: boolean) => {
    if (state.phase === 'closed' || state.phase === 'stopped' || state.phase === 'done') return
    const { builder, host, port, phase: at } = state
    const steps = context?.steps ?? []
    const told = context === null ? {} : toldOf(context)
    // Who cancels is signed out, and over a lost link nothing goes back.
    const gone = cancelled || why?.cause === 'net.connection-lost'
    const undo = context?.session && !gone ? undoAtRest(context) : null
    const back = undo === null || undo.can.length === 0 ? {} : { undo }
    const left = context?.left ? { goingBack: context.left.goingBack } : {}
    const end = { ...told, ...back, ...left, at, cancelled, steps, problem: why }
    put({ phase: 'stopped', builder, host, port, ...end })
  }
  const params = () => ({ host: 'host' in state ? state.host : '', what: '' })

  return {
    engine,
    tries: createTries(),
    state: () => state,
    put,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    context: () => context,
    setContext(next) {
      context = next
    },
    laptop: () => laptop,
    setLaptop(next) {
      laptop = next
    },
    work(task) {
      const mine = new AbortController()
      under = mine
      working = task(mine.signal).catch((error: unknown) => {
        if (!mine.signal.aborted) stopAt(problem('desktop.repair-failed', params(), String(error)), false)
      })
      return working
    },
    busy: () => 'busy' in state && state.busy,
    stopAt,
    async asked(signal) {
      const answered = new Promise<readonly string[] | null>((resolve) => {
        answerTo = resolve
        signal.addEventListener('abort', () => resolve(null), { once: true })
      })
      const texts = await answered
      answerTo = null
      return texts
    },
    answer: (texts) => answerTo?.(texts),
    async abort() {
      under.abort()
      answerTo?.(null)
      await working
    },
    async endSession() {
      const session = context?.session ?? null
      if (context !== null) context.session = null
      await session?.close()
    },
  }
}
