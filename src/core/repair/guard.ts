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
/** How long a desktop is listened to that says it is still at it: the longest switch that its guard waits for, and more. */
const mostMs = 20 * 60_000
/** How long a run that was hung up on may take to say its end. */
const partingMs = 10_000
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
  return askUntil(over, () => ask(session, guard, 'confirm', signal), signal, { now, pause })
}

/**
 * Sends a switched system back at once, where the desktop still hears us, and watches until it is back: its guard sees
 * to it in any case. `seconds`: what is left of the guard's own time.
 */
export async function awaitBack(
  session: AdminSession,
  guard: Guard,
  seconds: number,
  signal: AbortSignal,
  { now, pause }: Clock = clock,
): Promise<GuardEnd> {
  const over = now() + seconds * 1000
  // The old connection may be the only one that a new system lets through.
  await askOver(session, guard, 'back', signal)
  return askUntil(over, () => ask(session, guard, 'back', signal), signal, { now, pause })
}

async function askUntil(
  over: number,
  askOnce: () => Promise<string>,
  signal: AbortSignal,
  { now, pause }: Clock,
): Promise<GuardEnd> {
  const most = now() + mostMs
  let last = over + graceMs
  while (!signal.aborted && now() < last) {
    const said = await askOnce()
    if (said === 'confirmed' || said === 'rolled-back') return said
    if (atIt.has(said)) last = Math.min(most, Math.max(last, now() + graceMs))
    const wait = said === 'refused' ? Math.max(pauseMs, over + 5000 - now()) : pauseMs
    await pause(wait, signal)
  }
  return 'unknown'
}

/** Answers of a desktop that has not come to the end yet. */
const atIt: ReadonlySet<string> = new Set(['switching', 'going-back', 'keeping'])

/** A guard whose run was left: what is left of its time, and how it ends. */
export interface LeftGuard {
  /** Of its time, in s. */
  readonly seconds: number
  readonly folder: string
  readonly follow: (signal: AbortSignal) => Promise<GuardEnd>
}

export interface GuardKeeper {
  /**
   * Ends the run's connection: a while after the person's own signal, which hangs up, or where the guard is long decided
   * and the old connection does not notice.
   */
  readonly signal: AbortSignal
  hear(news: GuardNews): void
  /** Whether the switch has begun: what comes now is the desktop's own business. */
  isArmed(): boolean
  /**
   * After the run: how a guard ended that was armed and whose steps did not come to their end (`open`); null where there
   * is nothing to learn.
   */
  end(open: boolean): Promise<GuardEnd | null>
  /** An armed guard that nobody waits for any more; null where none was armed. */
  left(): LeftGuard | null
}

/** Holds a run's guard, where one is armed. */
export function keepGuard(session: AdminSession, outer: AbortSignal): GuardKeeper {
  const run = new AbortController()
  const settling = new AbortController()
  let guard: Guard | null = null
  let armedAt = 0
  let parting: ReturnType<typeof setTimeout> | undefined
  const part = () => {
    parting = setTimeout(() => run.abort(), partingMs)
  }
  outer.addEventListener('abort', part, { once: true })
  let settled: Promise<GuardEnd> | null = null
  const settle = (held: Guard) => {
    settled ??= settleGuard(session, held, AbortSignal.any([outer, settling.signal]))
    return settled
  }
  return {
    signal: run.signal,
    isArmed: () => guard !== null,
    hear(news) {
      if (news !== 'confirm') {
        guard = news
        armedAt = performance.now()
      } else if (guard !== null)
        void settle(guard).then(async () => {
          await sleep(deafMs, undefined, { signal: settling.signal }).catch(() => {})
          run.abort()
        })
    },
    async end(open) {
      const end = open && guard !== null && !outer.aborted ? await settle(guard) : null
      settling.abort()
      clearTimeout(parting)
      outer.removeEventListener('abort', part)
      return end
    },
    left() {
      if (guard === null) return null
      const held = guard
      const seconds = Math.max(0, Math.ceil(held.seconds - (performance.now() - armedAt) / 1000))
      return { seconds, folder: held.folder, follow: (signal) => awaitBack(session, held, seconds, signal) }
    },
  }
}

type Wish = 'confirm' | 'back'

async function ask(session: AdminSession, guard: Guard, wish: Wish, signal: AbortSignal): Promise<string> {
  const opened = await session.again?.(signal)
  if (opened === undefined || !opened.ok)
    return opened?.problem.cause === 'ssh.sign-in-refused' ? 'refused' : 'away'
  const fresh = opened.value
  const said = await askOver(fresh ?? session, guard, wish, signal)
  await fresh?.close()
  return said
}

async function askOver(
  session: AdminSession,
  guard: Guard,
  wish: Wish,
  signal: AbortSignal,
): Promise<string> {
  const limits = { deadlineMs: execMs, maxBytes: 64 * 1024, signal }
  const ran = await session.run(guardProgram(guard.folder, wish), 'root', limits)
  if (!ran.ok) return 'away'
  return /^guard: ([a-z-]+)$/m.exec(ran.value.stdout)?.[1] ?? 'away'
}
