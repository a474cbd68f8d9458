// When to look and when to prove: pure, at told times.
import { describe, expect, it } from 'vitest'
import {
  ask,
  backOffMs,
  begin,
  end,
  hopefulMs,
  isProofDue,
  newSchedule,
  type ProofEnd,
  recoveryMs,
  restMs,
  type ScheduleState,
  suspect,
  type Trigger,
  vouchedMs,
  waitMs,
} from '../../../../src/core/monitor/schedule.ts'

const pace = { heartbeatMs: 30_000, proofMs: 300_000 }
const id = 'desktop'
const good: ProofEnd = { id, spoke: true, result: 'good' }
const refused: ProofEnd = { id, spoke: true, result: 'discouraged' }

/** One round at `now`, with what the builder's proof came to if it was due. */
function round(state: ScheduleState, now: number, result: ProofEnd = good, answers = true) {
  const begun = begin(state, pace, now)
  const proven = isProofDue(begun.state, begun.plan, id, pace, now)
  const knocked = new Map(proven ? [] : [[id, answers]])
  return { ...begun, proven, after: end(begun.state, begun.plan, proven ? [result] : [], knocked, now) }
}

/** The times in ms at which a builder is proven when rounds follow the heartbeat for `untilMs`. */
function proofTimes(untilMs: number, result: (now: number) => ProofEnd): number[] {
  let state = newSchedule(0)
  const times: number[] = []
  for (let now = 0; now <= untilMs; now += waitMs(state, now) ?? 1) {
    const one = round(state, now, result(now))
    if (one.proven) times.push(now)
    state = one.after
  }
  return times
}

describe('the schedule', () => {
  it('looks at once, then at every heartbeat', () => {
    const first = newSchedule(1000)
    expect(waitMs(first, 1000)).toBe(0)
    const { after } = round(first, 1000)
    expect(waitMs(after, 1000)).toBe(30_000)
    expect(waitMs(after, 30_900)).toBe(100)
  })

  it('begins nothing while a round is running, whatever is asked', () => {
    const { state } = begin(newSchedule(0), pace, 0)
    expect(waitMs(state, 0)).toBeNull()
    expect(waitMs(ask(ask(state, 'click'), 'network'), 99_999)).toBeNull()
  })

  it('serves what was asked meanwhile once, right after the round', () => {
    const begun = begin(newSchedule(0), pace, 0)
    const asked = ask(ask(ask(begun.state, 'click'), 'click'), 'network')
    const ended = end(asked, begun.plan, [good], new Map(), 10)
    expect(waitMs(ended, 10)).toBe(0)
    const next = begin(ended, pace, 10)
    expect([...next.plan.triggers]).toEqual(['click', 'network'])
    expect(waitMs(end(next.state, next.plan, [good], new Map(), 20), 20)).toBe(29_990)
  })

  it.each<[Trigger, boolean]>([
    ['start', true],
    ['wake', true],
    ['click', true],
    ['config', true],
    ['network', false],
    ['change', false],
    ['glance', false],
    ['slot', false],
  ])('surveys the laptop on %s: %s', (trigger, survey) => {
    const { after } = round(newSchedule(0), 0)
    expect(begin(ask(after, trigger), pace, 1000).plan.survey).toBe(survey)
  })

  it('surveys the laptop as rarely as it proves', () => {
    let state = round(newSchedule(0), 0).after
    const surveys: number[] = []
    for (let now = 30_000; now <= 600_000; now += 30_000) {
      const one = round(state, now)
      if (one.plan.survey) surveys.push(now)
      state = one.after
    }
    expect(surveys).toEqual([300_000, 600_000])
  })
})

describe('the SSH proof', () => {
  it('is rare while all is well', () => {
    expect(proofTimes(900_000, () => good)).toEqual([0, 300_000, 600_000, 900_000])
  })

  it('sees a refused key mended at the next heartbeat, for an hour', () => {
    const times = proofTimes(hopefulMs, () => refused)
    expect(times).toEqual(Array.from({ length: 121 }, (_, n) => n * 30_000))
  })

  it('backs off 60, 120, 300 s from a key that is refused for more than an hour, and stays there', () => {
    const times = proofTimes(hopefulMs + 1_100_000, () => refused).filter((time) => time >= hopefulMs)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(gaps).toEqual([...backOffMs, 300_000, 300_000])
  })

  it('has an hour of hope again once the key was accepted', () => {
    const mended = hopefulMs + 60_000
    const times = proofTimes(mended + 360_000, (now) => (now === mended ? good : refused))
    expect(times.filter((time) => time > mended)).toEqual([
      mended + 300_000,
      mended + 330_000,
      mended + 360_000,
    ])
  })

  it('rests half a minute where nothing is wrong, however often it is wanted', () => {
    const eager = { heartbeatMs: 5000, proofMs: 5000 }
    const begun = begin(newSchedule(0), eager, 0)
    const proved = end(begun.state, begun.plan, [good], new Map(), 0)
    const isDue = (now: number) => isProofDue(proved, begin(proved, eager, now).plan, id, eager, now)
    expect([isDue(29_999), isDue(30_000)]).toEqual([false, true])
  })

  it('keeps the heartbeat where sshd was not even reached', () => {
    const short = { heartbeatMs: 5000, proofMs: 30_000 }
    const begun = begin(newSchedule(0), short, 0)
    const silent: ProofEnd = { id, spoke: false, result: 'failed' }
    expect(waitMs(end(begun.state, begun.plan, [silent], new Map(), 200), 200)).toBe(4800)
  })

  it('waits with a short heartbeat until sshd forgave a question in vain', () => {
    const short = { heartbeatMs: 5000, proofMs: 30_000 }
    for (const result of ['discouraged', 'failed'] as const) {
      const begun = begin(newSchedule(0), short, 0)
      const after = end(begun.state, begun.plan, [{ id, spoke: true, result }], new Map(), 200)
      expect(waitMs(after, 200)).toBe(recoveryMs)
      const next = begin(after, short, 200 + recoveryMs)
      expect(isProofDue(next.state, next.plan, id, short, 200 + recoveryMs)).toBe(true)
    }
  })

  it('is tried at every heartbeat while the desktop does not answer: sshd never hears of it', () => {
    const times = proofTimes(120_000, () => ({ id, spoke: false, result: 'failed' }))
    expect(times).toEqual([0, 30_000, 60_000, 90_000, 120_000])
  })

  it('follows at the next heartbeat after any other failure', () => {
    const times = proofTimes(90_000, (now) => (now < 60_000 ? { id, spoke: true, result: 'failed' } : good))
    expect(times).toEqual([0, 30_000, 60_000])
  })

  it('follows a knock that nobody answered', () => {
    const proven = round(newSchedule(0), 0).after
    const silent = round(proven, 30_000, good, false)
    expect(silent.proven).toBe(false)
    expect(round(silent.after, 60_000).proven).toBe(true)
  })

  it('comes at once when something changed, but not within the time that sshd needs to forgive', () => {
    const { after } = round(newSchedule(0), 0)
    expect(round(ask(after, 'change'), recoveryMs - 1).proven).toBe(false)
    expect(round(ask(after, 'change'), recoveryMs).proven).toBe(true)
  })

  it('that a network change asked for too early is owed at the next heartbeat', () => {
    const { after } = round(newSchedule(0), 0)
    const early = round(ask(after, 'network'), 5000)
    expect(early.proven).toBe(false)
    expect(round(early.after, 35_000).proven).toBe(true)
  })

  it.each<Trigger>(['click', 'config', 'change'])(
    'comes on %s even in the middle of backing off',
    (trigger) => {
      let state = newSchedule(0)
      for (let now = 0; now <= hopefulMs + 60_000; now += 30_000) state = round(state, now, refused).after
      const now = hopefulMs + 66_000
      expect(round(state, now).proven).toBe(false)
      expect(round(ask(state, trigger), now).proven).toBe(true)
      expect(round(ask(state, trigger), now - 6000 + recoveryMs - 1).proven).toBe(false)
    },
  )

  it('is due at once for a builder nobody has seen', () => {
    const { after } = round(newSchedule(0), 0)
    const begun = begin(after, pace, 30_000)
    expect(isProofDue(begun.state, begun.plan, 'new one', pace, 30_000)).toBe(true)
  })

  it('never comes more often than twice in ten seconds, whatever is asked', () => {
    let state = newSchedule(0)
    const times: number[] = []
    const triggers: Trigger[] = ['click', 'network', 'change', 'config', 'wake', 'start']
    for (let now = 0; now < 60_000; now += 250) {
      state = ask(state, triggers[(now / 250) % triggers.length] ?? 'click')
      const one = round(state, now, { id, spoke: true, result: 'failed' })
      if (one.proven) times.push(now)
      state = one.after
    }
    const crowded = times.filter(
      (time) => times.filter((one) => one >= time && one < time + 10_000).length > 2,
    )
    expect(times.length).toBeGreaterThan(5)
    expect(crowded).toEqual([])
  })
})

describe('somebody who looks', () => {
  const looks = (state: ScheduleState, now: number, result = good) => round(ask(state, 'glance'), now, result)

  it('sees a refused key asked about at once, also after an hour of refusals, as lunch may be', () => {
    let state = newSchedule(0)
    let now = 0
    for (; now <= hopefulMs + 900_000; now += waitMs(state, now) ?? 1)
      state = round(state, now, refused).after
    // In the middle of the five minutes between two questions that nobody asked for.
    expect(round(state, now, refused).proven).toBe(false)
    expect(waitMs(ask(state, 'glance'), now)).toBe(0)
    const seen = looks(state, now)
    expect(seen.proven).toBe(true)
    expect(looks(seen.after, now + 10_000).proven).toBe(false)
  })

  it('gets a fresh proof where the last is older than half a minute, and no question more where it is not', () => {
    const { after } = round(newSchedule(0), 0)
    expect(looks(after, restMs - 1).proven).toBe(false)
    expect(looks(after, restMs).proven).toBe(true)
  })

  it('wakes it: a proof from before a sleep may look young, for the clock stood still', () => {
    const { after } = round(newSchedule(0), 0)
    expect(round(ask(after, 'wake'), recoveryMs).proven).toBe(true)
    expect(round(ask(after, 'wake'), recoveryMs - 1).proven).toBe(false)
  })
})

describe('a build that ended as soon as it began', () => {
  const { after: proven } = round(newSchedule(0), 0)

  it('brings a proof at once where the last one is old enough', () => {
    const state = suspect(round(proven, 30_000).after, [id], vouchedMs)
    expect(waitMs(state, vouchedMs)).toBe(0)
    const seen = round(state, vouchedMs)
    expect(seen.proven).toBe(true)
    expect(isProofDue(seen.after, { survey: false, triggers: new Set() }, id, pace, 2 * vouchedMs)).toBe(
      false,
    )
  })

  it('waits for that where it is younger, and is not forgotten', () => {
    const state = suspect(proven, [id], 10_000)
    expect(waitMs(state, 10_000)).toBe(20_000)
    const next = round(state, 30_000)
    expect(next.proven).toBe(false)
    expect(round(next.after, 60_000).proven).toBe(true)
  })

  it('however often, brings no more than a question a minute, and none for another builder', () => {
    let state = proven
    const times: number[] = []
    for (let now = 0; now < 600_000; now += 2000) {
      state = suspect(state, [id], now)
      if (waitMs(state, now) !== 0) continue
      const one = round(state, now)
      if (one.proven) times.push(now)
      const other = end(state, one.plan, [{ ...good, id: 'other' }], new Map(), now - 40_000)
      if (one.plan.triggers.has('slot')) expect(isProofDue(other, one.plan, 'other', pace, now)).toBe(false)
      state = one.after
    }
    expect(times.length).toBeLessThanOrEqual(10)
    expect(times.length).toBeGreaterThanOrEqual(6)
  })

  it('asks nothing more of a builder that is asked at every heartbeat anyway, or that nobody knows', () => {
    const bad = round(newSchedule(0), 0, refused).after
    expect(suspect(bad, [id], 100_000)).toEqual(bad)
    expect(suspect(proven, ['nobody'], 100_000)).toEqual(proven)
  })
})
