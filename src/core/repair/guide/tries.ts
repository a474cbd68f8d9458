// How often a sign-in may still be refused before the desktop locks this laptop out; beginning again gives no new tries.

/** sshd drops an address after four refused ones in a row (PerSourcePenalties). */
const most = 3
/** Refused ones count this long, in ms; sshd forgets them sooner (5 s each by default). */
const countMs = 3 * 60_000

export interface Tries {
  /** For a desktop, named by its address and port. */
  left(desktop: string): number
  refused(desktop: string): void
  /** sshd lets this address in: what was refused before is settled. */
  accepted(desktop: string): void
}

/** Nobody was refused yet. `now` in ms. */
export function createTries(now: () => number = Date.now): Tries {
  const refusals = new Map<string, readonly number[]>()
  const recent = (desktop: string) => (refusals.get(desktop) ?? []).filter((at) => now() - at < countMs)
  return {
    left: (desktop) => Math.max(0, most - recent(desktop).length),
    refused: (desktop) => void refusals.set(desktop, [...recent(desktop), now()]),
    accepted: (desktop) => void refusals.delete(desktop),
  }
}
