// Keeps our own probes below sshd's PerSourcePenalties: one at a time per host, few in any ten seconds.

export interface ProbeLimiter {
  /**
   * Runs the task when its host's turn has come. `costs` says afterwards whether it counts against the host:
   * a full login does not, a key that was only asked about or refused does.
   */
  run<T>(hostAndPort: string, task: () => Promise<T>, costs: (result: T) => boolean): Promise<T>
}

export interface LimiterClock {
  /** Milliseconds, only ever growing. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Four quick ones got an address locked out of OpenSSH 10.0; two in ten seconds were always fine (facts). */
const windowMs = 10_000
const perWindow = 2

const realClock: LimiterClock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** A limiter of its own state; the product shares the one below. */
export function createProbeLimiter(clock: LimiterClock = realClock): ProbeLimiter {
  const queues = new Map<string, Promise<unknown>>()
  const costly = new Map<string, readonly number[]>()

  const recent = (host: string) => (costly.get(host) ?? []).filter((at) => clock.now() - at < windowMs)
  const waitForTurn = async (host: string) => {
    for (let past = recent(host); past.length >= perWindow; past = recent(host)) {
      await clock.sleep(Math.max(1, (past[0] ?? 0) + windowMs - clock.now()))
    }
  }
  const run = async <T>(host: string, task: () => Promise<T>, costs: (result: T) => boolean): Promise<T> => {
    const before = queues.get(host)
    const mine = (async () => {
      await before
      await waitForTurn(host)
      const result = await task()
      if (costs(result)) costly.set(host, [...recent(host), clock.now()])
      else if (recent(host).length === 0) costly.delete(host)
      return result
    })()
    const settled = mine.catch(() => undefined)
    queues.set(host, settled)
    try {
      return await mine
    } finally {
      if (queues.get(host) === settled) queues.delete(host)
    }
  }
  return { run }
}

/** The process's own: every probe of the product passes here. */
export const probeLimiter: ProbeLimiter = createProbeLimiter()
