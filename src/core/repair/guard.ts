// The guard of a switched system: the desktop goes back by itself unless a new connection of ours confirms it in time.
import { setTimeout as sleep } from 'node:timers/promises'
import type { AdminSession } from './admin-session.ts'
import { guardProgram } from './sh.ts'

export interface Guard {
  /** Where the desktop keeps it. */
  readonly folder: string
  /** How long after its arming the desktop waits for us. */
  readonly seconds: number
}

/** What the desktop tells of it: that it is armed, or that the new system runs and waits for us. */
export type GuardNews = Guard | 'confirm'

/** confirmed: a new connection got in and the new system stays. unknown: it did not answer in time, nor well after it. */
export type GuardEnd = 'confirmed' | 'rolled-back' | 'unknown'

const execMs = 20_000
const pauseMs = 1500
/** Going back takes a while as well, and so may the desktop's network. */
const graceMs = 60_000
/** How long the old connection may keep silent about a guard that a new one saw decided. */
const deafMs = 15_000

interface Clock {
  now(): number
  pause(ms: number, signal: AbortSignal): Promise<void>
}

const clock: Clock = {
  now: () => performance.now(),
  // Aborted, it is over.
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
}

/**
 * Signs in anew until the guard is decided: confirms a system that lets us in, or learns that the old one is back. A
 * refused sign-in is not tried again before the old system should be back: it would only lock this laptop out.
 */
export async function settleGuard(
  session: AdminSession,
  guard: Guard,
  signal: AbortSignal,
  { now, pause }: Clock = clock,
): Promise<GuardEnd> {
  const over = now() + guard.seconds * 1000
  while (!signal.aborted && now() < over + graceMs) {
    const said = await ask(session, guard, signal)
    if (said === 'confirmed' || said === 'rolled-back') return said
    const wait = said === 'refused' ? Math.max(pauseMs, over + 5000 - now()) : pauseMs
    await pause(wait, signal)
  }
  return 'unknown'
}

export interface GuardKeeper {
  /** Aborted with the run's own signal, or where the guard is long decided and the old connection does not notice. */
  readonly signal: AbortSignal
  hear(news: GuardNews): void
  /** Whether the switch has begun: what comes now is the desktop's own business. */
  isArmed(): boolean
  /**
   * After the run: how a guard ended that was armed and whose steps did not come to their end (`open`); null where there
   * is nothing to learn.
   */
  end(open: boolean): Promise<GuardEnd | null>
}

/** Holds a run's guard, where one is armed. */
export function keepGuard(session: AdminSession, outer: AbortSignal): GuardKeeper {
  const run = new AbortController()
  const settling = new AbortController()
  const signal = AbortSignal.any([outer, run.signal])
  let guard: Guard | null = null
  let settled: Promise<GuardEnd> | null = null
  const settle = (held: Guard) => {
    settled ??= settleGuard(session, held, AbortSignal.any([outer, settling.signal]))
    return settled
  }
  return {
    signal,
    isArmed: () => guard !== null,
    hear(news) {
      if (news !== 'confirm') guard = news
      else if (guard !== null)
        void settle(guard).then(async () => {
          await sleep(deafMs, undefined, { signal: settling.signal }).catch(() => {})
          run.abort()
        })
    },
    async end(open) {
      const end = open && guard !== null && !outer.aborted ? await settle(guard) : null
      settling.abort()
      return end
    },
  }
}

async function ask(session: AdminSession, guard: Guard, signal: AbortSignal): Promise<string> {
  const opened = await session.again?.(signal)
  if (opened === undefined || !opened.ok)
    return opened?.problem.cause === 'ssh.sign-in-refused' ? 'refused' : 'away'
  const fresh = opened.value
  const ran = await (fresh ?? session).run(guardProgram(guard.folder), 'root', {
    deadlineMs: execMs,
    maxBytes: 64 * 1024,
    signal,
  })
  await fresh?.close()
  if (!ran.ok) return 'away'
  return /^guard: ([a-z-]+)$/m.exec(ran.value.stdout)?.[1] ?? 'away'
}
