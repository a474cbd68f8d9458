// When a change of Overall is news: once per outage, once per recovery, and not at every flap. Pure.
import type { Overall } from '../shared/status.ts'

export type Notice =
  | { readonly kind: 'outage'; readonly overall: 'degraded' | 'local' | 'blocked' }
  | { readonly kind: 'recovery'; readonly overall: 'ready' | 'building' }

/** What must be remembered between two decisions. Times are ms since the epoch. */
export interface NoticeMemory {
  /** The worst that was told in this outage: 0 nothing, 1 degraded, 2 local, 3 blocked. */
  readonly toldLevel: number
  /** When the last recovery was told. */
  readonly recoveredAt: number
  /** The level seen now, and since when. null: no opinion yet (checking, paused, unconfigured). */
  readonly level: number | null
  readonly since: number
}

export interface Decision {
  readonly memory: NoticeMemory
  readonly notice: Notice | null
  /** Ask again after this many ms, although nothing changes; null: not needed. */
  readonly againInMs: number | null
}

export const nothingTold: NoticeMemory = {
  toldLevel: 0,
  recoveredAt: Number.NEGATIVE_INFINITY,
  level: null,
  since: 0,
}

/** A state must stand this long before it is told: one outage often shows as degraded for a moment first. */
export const settleMs = 10_000
/** An outage this soon after a recovery is flapping: it is told only when it lasts. */
export const flapWindowMs = 10 * 60_000
export const flapSettleMs = 60_000

/** Whether `overall`, seen at `now`, is to be told. Call it on each change, and again after `againInMs`. */
export function noticeFor(memory: NoticeMemory, overall: Overall, now: number): Decision {
  const level = levelOf(overall)
  // Checking, paused and unconfigured say nothing about an outage: it is neither over nor worse.
  if (level === null) return { memory: { ...memory, level: null }, notice: null, againInMs: null }
  const seen = memory.level === level ? memory : { ...memory, level, since: now }
  const notice = newsOf(seen.toldLevel, overall)
  if (notice === null) return { memory: seen, notice: null, againInMs: null }
  const left = seen.since + settleTime(seen, notice) - now
  if (left > 0) return { memory: seen, notice: null, againInMs: left }
  const told = notice.kind === 'recovery' ? { toldLevel: 0, recoveredAt: now } : { toldLevel: level }
  return { memory: { ...seen, ...told }, notice, againInMs: null }
}

/** What there is to tell when `toldLevel` is the worst that was told; a milder state of the same outage is no news. */
function newsOf(toldLevel: number, overall: Overall): Notice | null {
  switch (overall) {
    case 'degraded':
    case 'local':
    case 'blocked':
      return (levelOf(overall) ?? 0) > toldLevel ? { kind: 'outage', overall } : null
    case 'ready':
    case 'building':
      return toldLevel > 0 ? { kind: 'recovery', overall } : null
    case 'checking':
    case 'unconfigured':
    case 'paused':
      return null
    default:
      return overall satisfies never
  }
}

function settleTime(memory: NoticeMemory, notice: Notice): number {
  const flapping = notice.kind === 'outage' && memory.since - memory.recoveredAt < flapWindowMs
  return flapping ? flapSettleMs : settleMs
}

function levelOf(overall: Overall): number | null {
  switch (overall) {
    case 'ready':
    case 'building':
      return 0
    case 'degraded':
      return 1
    case 'local':
      return 2
    case 'blocked':
      return 3
    case 'checking':
    case 'unconfigured':
    case 'paused':
      return null
    default:
      return overall satisfies never
  }
}
