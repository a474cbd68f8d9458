// Notices a test build that stopped moving: Nix's own timeouts do not stop a build that the hook runs (facts: nix#15620).
import type { StageId } from '../../shared/test-build.ts'

/** How long a stage may pass without a word, in ms. */
export type StallLimits = Readonly<Record<StageId, number>>

const second = 1000

/** The slowest link that is still waited for where Nix tells no progress, in bytes per second. */
const slowestLink = 1024 ** 2

/** How long bytes that were seen to move may stand still: a disk that writes late takes a while. */
const standstillMs = 60 * second

/** Limits for a payload. Nix 2.8 tells nothing while it copies a small path, so copies get time for their size. */
export function stallLimits(payloadBytes: number): StallLimits {
  const copy = 20 * second + (payloadBytes / slowestLink) * second
  return {
    evaluate: 30 * second + (payloadBytes / (16 * 1024 ** 2)) * second,
    connect: 10 * second,
    // All slots may be taken by real builds: those are worth waiting for.
    wait: 120 * second,
    upload: copy,
    build: copy,
    download: copy,
    verify: 10 * second,
  }
}

/** What is longer between two looks than this, in ms, this process itself stood still (Ctrl-Z), and could hear nothing. */
const longestTick = second

/** Is told of every sign of life, and barks at most once. */
export interface Watchdog {
  /** Something was heard in this stage. */
  heard(stage: StageId): void
  /** Bytes moved. Where they can be seen to move, their standing still needs less patience. */
  moved(stage: StageId): void
  stop(): void
}

/**
 * Calls `bark` once: with the stage that stayed silent for its limit (stalled), or was running when `hardMs` (ms) were
 * over (late). `seconds` is how long it was silent, or the whole time.
 */
export function startWatchdog(
  limits: StallLimits,
  hardMs: number,
  bark: (why: 'stalled' | 'late', stage: StageId, seconds: number) => void,
  now: () => number = () => performance.now(),
): Watchdog {
  let ticked = now()
  let total = 0
  let last = 0
  let current: StageId = 'evaluate'
  let metered: StageId | null = null
  const pass = () => {
    const at = now()
    total += Math.min(at - ticked, longestTick)
    ticked = at
  }
  const limit = () => (metered === current ? Math.min(limits[current], standstillMs) : limits[current])
  const heard = (stage: StageId) => {
    pass()
    last = total
    current = stage
  }
  const timer = setInterval(() => {
    pass()
    const silent = total - last
    if (silent < limit() && total < hardMs) return
    clearInterval(timer)
    const isStalled = silent >= limit()
    bark(isStalled ? 'stalled' : 'late', current, Math.round((isStalled ? silent : total) / second))
  }, 100)
  return {
    heard,
    moved(stage) {
      heard(stage)
      metered = stage
    },
    stop: () => clearInterval(timer),
  }
}
