// When to look: a pure state machine over a monotonic clock in ms. The heartbeat is cheap; an SSH proof is rare, because
// sshd counts the ones that end before a login against this laptop's address (OpenSSH's PerSourcePenalties).
//
//   idle --heartbeat due, or asked--> running --ended--> idle; what is asked while running waits and is done at once after

export interface Pace {
  readonly heartbeatMs: number
  readonly proofMs: number
}

/** change: a heartbeat saw something come or go. glance: somebody looks. slot: for the suspected builders alone. */
export type Trigger = 'start' | 'network' | 'wake' | 'click' | 'config' | 'change' | 'glance' | 'slot'

/** How a builder's proof ended, as far as the schedule cares. */
export interface ProofEnd {
  readonly id: string
  /** sshd was reached, so that the attempt counts there. */
  readonly spoke: boolean
  /** discouraged: refused or throttled, which asking on and on makes no better. */
  readonly result: 'good' | 'failed' | 'discouraged'
}

interface BuilderTimes {
  /** When sshd was last spoken to. */
  readonly provedAt: number | null
  /** Since when every answer was discouraging; null where the last was not. */
  readonly discouragedAt: number | null
  /** How often it was asked in vain since there is no more hope that it passes soon. */
  readonly inVain: number
  /** To be proven at the next heartbeat: something is wrong, or a wish came too early. */
  readonly owed: boolean
  /** A build on it ended as soon as it began: to be proven once the last proof no longer speaks against that. */
  readonly suspected: boolean
}

export interface ScheduleState {
  readonly running: boolean
  readonly heartbeatAt: number
  readonly surveyAt: number
  readonly asked: ReadonlySet<Trigger>
  readonly builders: ReadonlyMap<string, BuilderTimes>
}

export interface RoundPlan {
  readonly survey: boolean
  readonly triggers: ReadonlySet<Trigger>
}

/** Between two SSH proofs of a builder nobody clicked for, in ms. */
export const restMs = 30_000
/** The same where something changed or failed, on a click and after a sleep: sshd forgives one probe every 5.5 s. */
export const recoveryMs = 5500
/**
 * A proof that is younger vouches for a builder whose build ended at once, in ms: a short build looks the same as one that
 * was turned away, and many short ones must not bring a question each.
 */
export const vouchedMs = 60_000
/** For so long a refused key or a throttled connection is asked about at every heartbeat, in ms: somebody may be mending. */
export const hopefulMs = 3_600_000
/** After that nobody is: between two questions then, in ms. */
export const backOffMs = [60_000, 120_000, 300_000] as const

const unproved: BuilderTimes = {
  provedAt: null,
  discouragedAt: null,
  inVain: 0,
  owed: true,
  suspected: false,
}
const surveying: ReadonlySet<Trigger> = new Set<Trigger>(['start', 'wake', 'click', 'config'])

/** Nothing looked at, nothing asked for; `now` in ms of the monotonic clock. */
export function newSchedule(now: number): ScheduleState {
  return { running: false, heartbeatAt: now, surveyAt: now, asked: new Set(), builders: new Map() }
}

/** Notes a wish; wishes of one kind become one. */
export function ask(state: ScheduleState, trigger: Trigger): ScheduleState {
  return { ...state, asked: new Set([...state.asked, trigger]) }
}

/** Notes builders on which a build ended as soon as it began. One that nothing vouches for asks for a round at once. */
export function suspect(state: ScheduleState, ids: readonly string[], now: number): ScheduleState {
  const good = ids.flatMap((id) => {
    const times = state.builders.get(id)
    // What is not in good order is looked at at every heartbeat anyway.
    return times === undefined || times.owed || times.inVain > 0 ? [] : [[id, times] as const]
  })
  const marked = good.map(([id, times]) => [id, { ...times, suspected: true }] as const)
  const next = { ...state, builders: new Map([...state.builders, ...marked]) }
  return good.some(([, times]) => isVouchedFor(times, now)) || good.length === 0 ? next : ask(next, 'slot')
}

/** How long until something is due, in ms; 0: now; null: a round is running, its end will tell. */
export function waitMs(state: ScheduleState, now: number): number | null {
  if (state.running) return null
  return state.asked.size > 0 ? 0 : Math.max(0, state.heartbeatAt - now)
}

/** Begins the round that is due: what it is for, and the state while it runs. Ask waitMs first. */
export function begin(
  state: ScheduleState,
  pace: Pace,
  now: number,
): { readonly plan: RoundPlan; readonly state: ScheduleState } {
  const survey = now >= state.surveyAt || [...state.asked].some((trigger) => surveying.has(trigger))
  return {
    plan: { survey, triggers: state.asked },
    state: {
      ...state,
      running: true,
      asked: new Set(),
      heartbeatAt: now + pace.heartbeatMs,
      surveyAt: survey ? now + pace.proofMs : state.surveyAt,
    },
  }
}

/** Whether a builder is to be proven in this round; otherwise it is only knocked at. */
export function isProofDue(
  state: ScheduleState,
  plan: RoundPlan,
  builderId: string,
  pace: Pace,
  now: number,
): boolean {
  const times = state.builders.get(builderId) ?? unproved
  if (times.provedAt === null) return true
  const since = now - times.provedAt
  const wanted = isWanted(plan)
  // The clock stands still in a sleep: what looks young after one may be hours old, and sshd has forgiven it.
  if (plan.triggers.has('click') || plan.triggers.has('wake')) return since >= recoveryMs
  if (times.suspected && !isVouchedFor(times, now)) return true
  if (times.inVain > 0 && !wanted) return since >= backOff(times.inVain)
  const isWrong = times.owed || times.inVain > 0
  if (isWrong || plan.triggers.has('change') || plan.triggers.has('config')) return since >= recoveryMs
  return since >= (wanted ? restMs : Math.max(pace.proofMs, restMs))
}

/** Whether anything but suspected builders asked for the round. */
const isWanted = ({ triggers }: RoundPlan) => [...triggers].some((trigger) => trigger !== 'slot')

const isVouchedFor = ({ provedAt }: BuilderTimes, now: number) =>
  provedAt !== null && now - provedAt < vouchedMs

/**
 * Ends a round: `ends` are its proofs, `knocked` the builders that were only knocked at and whether they answered.
 * Who was not seen in good order is looked at again at the next heartbeat, which waits until sshd forgave this look.
 */
export function end(
  state: ScheduleState,
  plan: RoundPlan,
  ends: readonly ProofEnd[],
  knocked: ReadonlyMap<string, boolean>,
  now: number,
): ScheduleState {
  const builders = new Map<string, BuilderTimes>()
  for (const one of ends) builders.set(one.id, afterProof(state.builders.get(one.id) ?? unproved, one, now))
  for (const [id, answered] of knocked) {
    const before = state.builders.get(id) ?? unproved
    builders.set(id, { ...before, owed: before.owed || !answered || isWanted(plan) })
  }
  const spokenInVain = ends.some((one) => one.spoke && one.result !== 'good')
  const heartbeatAt = spokenInVain ? Math.max(state.heartbeatAt, now + recoveryMs) : state.heartbeatAt
  return { ...state, running: false, heartbeatAt, builders }
}

function afterProof(before: BuilderTimes, proof: ProofEnd, now: number): BuilderTimes {
  const proven = { provedAt: proof.spoke ? now : before.provedAt, suspected: false }
  if (proof.result !== 'discouraged')
    return { ...proven, discouragedAt: null, inVain: 0, owed: proof.result === 'failed' }
  const discouragedAt = before.discouragedAt ?? now
  const hopeful = now - discouragedAt < hopefulMs
  return { ...proven, discouragedAt, inVain: hopeful ? 0 : before.inVain + 1, owed: hopeful }
}

function backOff(inVain: number): number {
  return backOffMs[Math.min(inVain, backOffMs.length) - 1] ?? backOffMs[0]
}
