// The geometry of the history chart: bars of stage groups on a scale with round numbers. Pure.
import type { StageId, TestBuildRun } from '../../shared/test-build.ts'

export const groupIds = ['prepare', 'upload', 'build', 'download'] as const
export type GroupId = (typeof groupIds)[number]

const groupOf = {
  evaluate: 'prepare',
  connect: 'prepare',
  wait: 'prepare',
  upload: 'upload',
  build: 'build',
  download: 'download',
  verify: 'download',
} as const satisfies Record<StageId, GroupId>

/** The most runs that are kept and drawn. */
export const mostRuns = 50

/** Room above for the time of a cut bar; below for the marks, clear of every bar, and the dates. */
export const chartSize = { height: 192, left: 48, right: 0, top: 18, bottom: 38 } as const

/** A run longer than this many usual ones is cut, or it would flatten all the others. */
const cutFrom = 4

/** The least room between two times above cut bars, in CSS px. */
const labelRoom = 56

export interface Bar {
  readonly run: TestBuildRun
  readonly x: number
  readonly width: number
  /** Where the bar ends above. */
  readonly top: number
  readonly parts: readonly { readonly group: GroupId; readonly y: number; readonly height: number }[]
  /** Longer than the scale: its parts share its height, its time stands above it where there is room. */
  readonly cut: boolean
  readonly labelled: boolean
}

export interface Chart {
  readonly bars: readonly Bar[]
  readonly ticks: readonly { readonly ms: number; readonly y: number }[]
  /** The time between two ticks, in ms. */
  readonly step: number
}

/**
 * In a chart of `chartWidth` CSS px: newest on the right; the scale starts at zero and ends at a round number above the
 * longest run that is not cut.
 */
export function chartOf(runs: readonly TestBuildRun[], chartWidth: number): Chart {
  const shown = runs.slice(-mostRuns)
  const longest = longestWhole(shown.map(total))
  const step = roundStep(longest / 3)
  const most = Math.ceil(longest / step) * step
  const plot = chartSize.height - chartSize.top - chartSize.bottom
  const y = (ms: number) => chartSize.top + plot * (1 - ms / most)
  const slot = (chartWidth - chartSize.left - chartSize.right) / Math.max(shown.length, 12)
  const width = Math.min(28, slot * 0.72)
  const bars = shown.map((run, at) => {
    const x = chartWidth - chartSize.right - slot * (shown.length - at) + (slot - width) / 2
    const ms = total(run)
    const cut = ms > longest
    return { run, x, width, cut, labelled: false, ...stack(run, cut ? (part) => y((part / ms) * most) : y) }
  })
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, at) => ({
    ms: at * step,
    y: y(at * step),
  }))
  return { bars: withLabels(bars), ticks, step }
}

/** The longest total that is drawn whole, in ms. */
function longestWhole(totals: readonly number[]): number {
  const sorted = totals.filter((ms) => ms > 0).toSorted((a, b) => a - b)
  const usual = sorted[Math.floor((sorted.length - 1) / 2)] ?? 1
  return Math.max(1, ...sorted.filter((ms) => ms <= usual * cutFrom))
}

/** The newest first: where two stand too close, the older one's time is left to the table. */
function withLabels(bars: readonly Bar[]): readonly Bar[] {
  let last = Number.POSITIVE_INFINITY
  return bars
    .toReversed()
    .map((bar) => {
      const labelled = bar.cut && last - bar.x >= labelRoom
      if (labelled) last = bar.x
      return { ...bar, labelled }
    })
    .toReversed()
}

/** The time of each group of stages, in ms. */
export function groupTimes(run: TestBuildRun): Readonly<Record<GroupId, number>> {
  const times: Record<GroupId, number> = { prepare: 0, upload: 0, build: 0, download: 0 }
  for (const stage of run.result.stages) times[groupOf[stage.id]] += Math.max(0, stage.ms)
  return times
}

/** All its stages together, in ms. */
export function total(run: TestBuildRun): number {
  const sum = Object.values(groupTimes(run)).reduce((all, ms) => all + ms, 0)
  return Math.max(sum, 0)
}

function stack(run: TestBuildRun, y: (ms: number) => number): Pick<Bar, 'parts' | 'top'> {
  const times = groupTimes(run)
  let below = 0
  const parts = groupIds.map((group) => {
    const from = below
    below += times[group]
    return { group, y: y(below), height: y(from) - y(below) }
  })
  return { parts, top: y(below) }
}

/** What a minute and its multiples are counted in, in ms. */
const minuteSteps = [0.5, 1, 2, 5, 10, 20, 30, 60].map((minutes) => minutes * 60_000)

/** The smallest of 1, 2, 5 times a power of ten that is not below `rough` ms; above 20 s a round number of minutes. */
export function roundStep(rough: number): number {
  if (rough > 20_000)
    return minuteSteps.find((step) => step >= rough) ?? Math.ceil(rough / 3_600_000) * 3_600_000
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10
  return factor * power
}
