// The geometry of the drawings: honest scales, nothing outside the frame.
import { describe, expect, it } from 'vitest'
import { chartOf, chartSize, groupTimes, roundStep } from '../../../src/renderer/test-build/chart.ts'
import { spans } from '../../../src/renderer/test-build/spans.ts'
import { boxHeight, lineHeight, visibleLines } from '../../../src/renderer/test-build/visible-lines.ts'
import type { TestBuildRun } from '../../../src/shared/test-build.ts'
import { historyOf } from '../../ui/rig/builds.ts'

describe('the history chart', () => {
  const runs = historyOf(60)
  const { bars, ticks } = chartOf(runs, 640)

  it('draws the newest fifty, the newest on the right', () => {
    expect(bars).toHaveLength(50)
    expect(bars.at(-1)?.run).toBe(runs.at(-1))
    expect(bars.map((bar) => bar.x)).toEqual(bars.map((bar) => bar.x).toSorted((a, b) => a - b))
  })

  it('keeps every bar inside the frame', () => {
    for (const bar of bars) {
      expect(bar.x).toBeGreaterThanOrEqual(chartSize.left)
      expect(bar.x + bar.width).toBeLessThanOrEqual(640)
      expect(bar.top).toBeGreaterThanOrEqual(chartSize.top)
    }
  })

  it('gives each part the height of its time', () => {
    const perMs = (chartSize.height - chartSize.top - chartSize.bottom) / (ticks.at(-1)?.ms ?? 1)
    for (const bar of bars) {
      const times = groupTimes(bar.run)
      for (const part of bar.parts) expect(part.height).toBeCloseTo(times[part.group] * perMs, 6)
    }
  })

  it('starts its scale at zero and ends it at a round number', () => {
    expect(ticks[0]?.ms).toBe(0)
    expect(roundStep(334)).toBe(500)
    expect(roundStep(1)).toBe(1)
    expect(roundStep(5001)).toBe(10_000)
  })

  it('counts in round minutes where seconds would be many', () => {
    expect([20_000, 20_001, 45_000, 61_000, 4_000_000].map(roundStep)).toEqual([
      20_000, 30_000, 60_000, 120_000, 7_200_000,
    ])
  })

  it('cuts a run that would flatten all others, and says how long it was', () => {
    const few = historyOf(20)
    const stalled = withTimes(few, 12, 100)
    const { bars, ticks } = chartOf(stalled, 640)
    expect(bars.filter((bar) => bar.cut).map((bar) => bar.run)).toEqual([stalled[12]])
    expect(bars[12]).toMatchObject({ labelled: true, top: chartSize.top })
    expect(ticks).toEqual(chartOf(few, 640).ticks)
    expect(bars.map((bar) => bar.x)).toEqual(bars.map((bar) => bar.x).toSorted((a, b) => a - b))
  })

  it('leaves out the time of a cut run that would run into another’s', () => {
    const both = withTimes(withTimes(historyOf(50), 20, 100), 21, 100)
    const labelled = chartOf(both, 640).bars.map((bar) => bar.labelled)
    expect(labelled.indexOf(true)).toBe(21)
    expect(labelled.filter(Boolean)).toHaveLength(1)
  })

  it('draws one slow run, or a link that stays slow, to scale', () => {
    expect(chartOf(withTimes(historyOf(1), 0, 100), 640).bars[0]?.cut).toBe(false)
    const slower = historyOf(20).map((run, at) => (at < 9 ? run : (withTimes([run], 0, 6)[0] ?? run)))
    expect(chartOf(slower, 640).bars.some((bar) => bar.cut)).toBe(false)
  })

  it('survives runs without any stage', () => {
    const [first] = historyOf(1)
    if (first === undefined) throw new Error('historyOf(1) is empty')
    const empty = { ...first, result: { ...first.result, stages: [] } }
    expect(chartOf([empty], 640).bars[0]?.parts.every((part) => part.height === 0)).toBe(true)
  })
})

/** The runs, one of them this many times as slow in every stage. */
function withTimes(runs: readonly TestBuildRun[], at: number, times: number): readonly TestBuildRun[] {
  return runs.map((run, index) => {
    if (index !== at) return run
    const stages = run.result.stages.map((stage) => ({ ...stage, ms: stage.ms * times }))
    return { ...run, result: { ...run.result, stages } }
  })
}

describe('the bars of the stages', () => {
  it('follow one another and fill the whole', () => {
    const [first, second] = spans([{ ms: 100 }, { ms: 300 }])
    expect(first).toEqual({ start: 0, width: 25 })
    expect(second).toEqual({ start: 25, width: 75 })
  })

  it('stay visible and inside, however short the stage', () => {
    const last = spans([{ ms: 100_000 }, { ms: 1 }])[1]
    expect(last?.width).toBe(0.6)
    expect((last?.start ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(100)
  })

  it('are empty before anything took time', () => {
    expect(spans([{ ms: 0 }])).toEqual([{ start: 0, width: 0 }])
  })
})

describe('the lines in sight', () => {
  it('always cover the box', () => {
    for (const top of [0, 17, 18, 5000, 179_000]) {
      const { first, last } = visibleLines(10_000, top)
      expect(first * lineHeight).toBeLessThanOrEqual(top)
      expect(last * lineHeight).toBeGreaterThanOrEqual(Math.min(top + boxHeight, 10_000 * lineHeight))
    }
  })

  it('are few', () => {
    const { first, last } = visibleLines(10_000, 90_000)
    expect(last - first).toBeLessThan(40)
  })
})
