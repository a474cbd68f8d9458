// Old proof is no proof: what was proven too long ago becomes unknown, with the time it was last known.
import type { Check, CheckId } from '../../shared/status.ts'
import { backOffMs, type Pace } from './schedule.ts'

/** How many intervals a proof may miss before it no longer counts. */
const missed = 3

/** A failure may be asked for as rarely as the back-off says; it stays until well after that, in ms. */
const failureHoldsMs = 2 * Math.max(...backOffMs)

/** The check, or `unknown` and stale where its proof is too old at `now` (ms since 1970). */
export function aged<Id extends CheckId>(check: Check<Id>, pace: Pace, now: number): Check<Id> {
  if (check.state === 'skip' || check.state === 'unknown') return check
  return now - Date.parse(check.at) > holdsMs(check, pace) ? stale(check) : check
}

/** The check as unknown: once true, not proven now. */
export function stale<Id extends CheckId>(check: Check<Id>): Check<Id> {
  return { id: check.id, state: 'unknown', note: 'stale', ms: check.ms, at: check.at }
}

function holdsMs(check: Check, pace: Pace): number {
  const interval = missed * (seenByHeartbeat.has(check.id) ? pace.heartbeatMs : pace.proofMs)
  return check.state === 'fail' ? Math.max(interval, failureHoldsMs) : interval
}

const seenByHeartbeat: ReadonlySet<CheckId> = new Set<CheckId>(['reachable', 'cache-info', 'cache-signature'])
