// The laptop's side of a repair: what the guide asks of it, on the real laptop.
import type { LaptopWish } from '../../shared/laptop-side.ts'
import type { Outcome } from '../../shared/outcome.ts'
import { applyToLaptop, type LaptopDid, undoOnLaptop } from './apply.ts'
import { type FromDesktop, type LookOptions, lookAtLaptop } from './look.ts'
import type { LaptopPlanned } from './plan.ts'

export interface LaptopSide {
  /** What this laptop still needs. Changes nothing. */
  needs(wish: LaptopWish, desktop: FromDesktop, signal: AbortSignal): Promise<Outcome<LaptopPlanned>>
  /** Makes the changes, all or none. */
  apply(planned: LaptopPlanned, signal: AbortSignal): Promise<Outcome<LaptopDid>>
  /** Puts the old files back. */
  undo(did: LaptopDid, signal: AbortSignal): Promise<Outcome<void>>
}

/** As this user, with pkexec for what belongs to root. */
export function laptopSide(options: LookOptions): LaptopSide {
  return {
    needs: (wish, desktop) => lookAtLaptop(wish, desktop, options),
    apply: (planned, signal) => applyToLaptop(planned, options.env, signal),
    undo: (did, signal) => undoOnLaptop(did, options.env, signal),
  }
}
