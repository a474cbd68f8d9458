// How long each probe may take, and how a promise is held to that even when the probe forgets.

/** Deadlines of the single probes, in ms. */
export const deadlines = {
  /** The laptop's own survey: Nix is asked for its settings. */
  survey: 5000,
  /** The kernel takes some 3 s to say that an address on this network is nobody's; waiting for it tells more. */
  knock: 4500,
  /** Name, connect, banner, key exchange, host key and key question together. */
  ssh: 4500,
  remoteNix: 4000,
  cacheInfo: 4500,
  /** One narinfo, its signature checked. */
  signature: 3000,
  /** Everything a round asks of the desktops. */
  round: 6000,
} as const

/** After its own deadline a probe gets this long to say so in its own words, in ms. */
const graceMs = 250

/** The promise's value, or `late()` once the deadline and a short grace are over; a late value is given to `discard`. */
export function within<T>(
  promise: Promise<T>,
  deadlineMs: number,
  late: () => T,
  discard: (value: T) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false
    const timer = setTimeout(() => {
      over = true
      resolve(late())
    }, Math.max(deadlineMs, 0) + graceMs)
    promise.then(
      (value) => {
        clearTimeout(timer)
        if (over) discard(value)
        else resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        if (!over) reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

/** What is left of a deadline until `endsAt` (ms of the monotonic clock), at least 1 ms. */
export function remaining(deadlineMs: number, endsAt: number): number {
  return Math.max(1, Math.min(deadlineMs, endsAt - performance.now()))
}
