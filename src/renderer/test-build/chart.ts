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

export const chartSize = { height: 160, left: 48, right: 0, top: 16, bottom: 8 } as const

export interface Bar {
  readonly run: TestBuildRun
  readonly x: number
  readonly width: number
  /** Where the bar ends above, for the mark of a failure. */
  readonly top: number
  readonly parts: readonly { readonly group: GroupId; readonly y: number; readonly height: number }[]
}

export interface Chart {
  readonly bars: readonly Bar[]
  readonly ticks: readonly { readonly ms: number; readonly y: number }[]
}

/** In a chart of `chartWidth` CSS px: newest on the right; the scale starts at zero and ends at a round number above the longest run. */
export function chartOf(runs: readonly TestBuildRun[], chartWidth: number): Chart {
  const shown = runs.slice(-mostRuns)
  const longest = Math.max(1, ...shown.map((run) => total(run)))
  const step = roundStep(longest / 3)
  const most = Math.ceil(longest / step) * step
  const plot = chartSize.height - chartSize.top - chartSize.bottom
  const y = (ms: number) => chartSize.top + plot * (1 - ms / most)
  const slot = (chartWidth - chartSize.left - chartSize.right) / Math.max(shown.length, 12)
  const width = Math.min(28, slot * 0.72)
  const bars = shown.map((run, at) => {
    const x = chartWidth - chartSize.right - slot * (shown.length - at) + (slot - width) / 2
    return { run, x, width, ...stack(run, y) }
  })
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, at) => ({
    ms: at * step,
    y: y(at * step),
  }))
  return { bars, ticks }
}

/** The time of each group of stages, in ms. */
export function groupTimes(run: TestBuildRun): Readonly<Record<GroupId, number>> {
  const times: Record<GroupId, number> = { prepare: 0, upload: 0, build: 0, download: 0 }
  for (const stage of run.result.stages) times[groupOf[stage.id]] += Math.max(0, stage.ms)
  return times
}

function total(run: TestBuildRun): number {
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

/** The smallest of 1, 2, 5 times a power of ten that is not below `rough` ms. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10
  return factor * power
}
