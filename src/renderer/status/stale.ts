// When a proof is too old to be shown as a light.
import type { Overall } from '../../shared/status.ts'

/** Twice the default time between two SSH proofs (5 min), in ms: one missed proof is bad luck, two are no proof. */
export const staleAfterMs = 600_000

/** Whether the proof (ISO 8601, or none) says too little about now (ms since 1970). A pause says itself that it is old. */
export function isStale(overall: Overall, provenAt: string | undefined, now: number): boolean {
  if (provenAt === undefined || overall === 'unconfigured' || overall === 'paused') return false
  return now - Date.parse(provenAt) > staleAfterMs
}
