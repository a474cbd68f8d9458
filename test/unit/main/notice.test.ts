// Which change of state is worth a notification, and when it has lasted long enough.
import { describe, expect, it } from 'vitest'
import { flapSettleMs, flapWindowMs, nothingTold, noticeFor, settleMs } from '../../../src/main/notice.ts'
import type { Overall } from '../../../src/shared/status.ts'

/** Plays states at times (ms), asking again whenever the decision wants it; gives what was told and when. */
function play(...scenes: readonly (readonly [number, Overall])[]): readonly string[] {
  const told: string[] = []
  let memory = nothingTold
  let again: number | null = null
  const ask = (overall: Overall, at: number) => {
    const decision = noticeFor(memory, overall, at)
    memory = decision.memory
    again = decision.againInMs === null ? null : at + decision.againInMs
    if (decision.notice !== null) told.push(`${at} ${decision.notice.kind} ${decision.notice.overall}`)
  }
  scenes.forEach(([at, overall], scene) => {
    ask(overall, at)
    const next = scenes[scene + 1]?.[0] ?? at + 3_600_000
    while (again !== null && again < next) ask(overall, again)
  })
  return told
}

describe('what is news', () => {
  it('tells an outage once, however long and however often it is seen', () => {
    const seen = Array.from({ length: 50 }, (_, at) => [10_000 + at * 30_000, 'local'] as const)
    expect(play([0, 'ready'], ...seen)).toEqual([`${10_000 + settleMs} outage local`])
  })

  it('tells the recovery once', () => {
    expect(
      play([0, 'ready'], [10_000, 'local'], [100_000, 'ready'], [130_000, 'building'], [160_000, 'ready']),
    ).toEqual(['20000 outage local', '110000 recovery ready'])
  })

  it('says nothing when all is well from the start', () => {
    expect(play([0, 'checking'], [1_000, 'ready'], [31_000, 'building'], [61_000, 'ready'])).toEqual([])
  })

  it('tells an outage that was there from the start', () => {
    expect(play([0, 'checking'], [1_000, 'blocked'])).toEqual(['11000 outage blocked'])
  })

  it('tells one outage once although it shows as degraded first', () => {
    expect(play([0, 'ready'], [10_000, 'degraded'], [12_000, 'local'])).toEqual(['22000 outage local'])
  })

  it('tells when an outage grows worse, and not when it grows milder', () => {
    expect(
      play([0, 'ready'], [10_000, 'degraded'], [60_000, 'blocked'], [120_000, 'local'], [180_000, 'blocked']),
    ).toEqual(['20000 outage degraded', '70000 outage blocked'])
  })

  it('keeps quiet about a blip', () => {
    expect(play([0, 'ready'], [10_000, 'local'], [10_000 + settleMs - 1, 'ready'])).toEqual([])
  })

  it('takes checking and paused for no recovery', () => {
    expect(
      play(
        [0, 'ready'],
        [10_000, 'local'],
        [60_000, 'checking'],
        [90_000, 'local'],
        [120_000, 'paused'],
        [150_000, 'local'],
      ),
    ).toEqual(['20000 outage local'])
  })

  it('damps flapping: soon after a recovery only an outage that lasts is told', () => {
    const flaps = Array.from(
      { length: 8 },
      (_, at) => [200_000 + at * 30_000, at % 2 === 0 ? 'local' : 'ready'] as const,
    )
    expect(play([0, 'ready'], [10_000, 'local'], [100_000, 'ready'], ...flaps)).toEqual([
      '20000 outage local',
      '110000 recovery ready',
    ])
    expect(play([0, 'ready'], [10_000, 'local'], [100_000, 'ready'], [200_000, 'local'])).toEqual([
      '20000 outage local',
      '110000 recovery ready',
      `${200_000 + flapSettleMs} outage local`,
    ])
  })

  it('forgets the flapping after a while', () => {
    const later = 110_000 + flapWindowMs
    expect(play([0, 'local'], [100_000, 'ready'], [later, 'local'])).toContain(
      `${later + settleMs} outage local`,
    )
  })
})
