// Drives the schedule with real timers: one round at a time, wishes that come meanwhile are served right after.
import { nothingSeen, type RoundEnd } from './round.ts'
import {
  ask,
  begin,
  end,
  isProofDue,
  newSchedule,
  type Pace,
  type RoundPlan,
  type ScheduleState,
  suspect,
  type Trigger,
  waitMs,
} from './schedule.ts'

export interface LoopOptions {
  readonly pace: Pace
  readonly look: (
    number: number,
    plan: RoundPlan,
    isProofDue: (builderId: string) => boolean,
  ) => Promise<RoundEnd>
  /** What the caches look like in a word: when a heartbeat changes it, the builders are proven too. */
  readonly cacheStates: () => string
  readonly monotonic: () => number
  readonly say: (line: string) => void
  readonly afterRound: () => void
}

export interface Loop {
  start(): void
  stop(): Promise<void>
  ask(trigger: Trigger): void
  /** Builders on which a build ended as soon as it began. */
  suspect(builderIds: readonly string[]): void
  /** A round that begins after this call, and its end. */
  lookNow(): Promise<void>
  /** Looks no more by itself until wakeUp; lookNow still works. */
  rest(): void
  wakeUp(): void
}

/** A loop at rest until `start`: runs the rounds that the schedule wants, one at a time. */
export function createLoop(options: LoopOptions): Loop {
  let schedule: ScheduleState = newSchedule(options.monotonic())
  let number = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let active = false
  let resting = false

  const round = async () => {
    const begun = begin(schedule, options.pace, options.monotonic())
    schedule = begun.state
    const { plan } = begun
    const caches = options.cacheStates()
    number += 1
    const due = (id: string) => isProofDue(begun.state, plan, id, options.pace, options.monotonic())
    const seen = await options.look(number, plan, due).catch((error: unknown) => {
      options.say(`round ${number} broke: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
      return nothingSeen
    })
    schedule = end(schedule, plan, seen.proofs, seen.knocked, options.monotonic())
    const isHeartbeat = plan.triggers.size === 0
    if (active && isHeartbeat && seen.knocked.size > 0 && caches !== options.cacheStates()) {
      schedule = ask(schedule, 'change')
    }
    options.afterRound()
  }
  /** Runs rounds one after the other; the returned promise is of the round that begins next. */
  const run = (): Promise<void> => {
    clearTimeout(timer)
    if (running !== undefined) {
      next ??= running.then(() => {
        next = undefined
        return run()
      })
      return next
    }
    running = round().finally(() => {
      running = undefined
      arm()
    })
    return running
  }
  const arm = () => {
    clearTimeout(timer)
    if (!active || resting) return
    const wait = waitMs(schedule, options.monotonic())
    if (wait !== null) timer = setTimeout(() => void run(), wait)
  }

  return {
    start() {
      active = true
      schedule = ask(schedule, 'start')
      arm()
    },
    async stop() {
      active = false
      clearTimeout(timer)
      await (next ?? running)
      clearTimeout(timer)
    },
    ask(trigger) {
      schedule = ask(schedule, trigger)
      arm()
    },
    suspect(builderIds) {
      schedule = suspect(schedule, builderIds, options.monotonic())
      arm()
    },
    lookNow() {
      schedule = ask(schedule, 'click')
      return run()
    },
    rest() {
      resting = true
      clearTimeout(timer)
    },
    wakeUp() {
      resting = false
      schedule = ask(schedule, 'wake')
      arm()
    },
  }
}
