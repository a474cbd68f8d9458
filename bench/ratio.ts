// One row of the benchmark: ours beside what a user would use instead, measured by turns in one run.
export interface Ratio {
  readonly name: string
  readonly ours: number
  readonly theirs: number
  readonly unit: 'ms' | 'MB' | '% CPU'
  /** What ours is measured against. */
  readonly beside: string
  /** The most that ours may be, as a multiple of theirs; an absolute limit where theirs is 1. */
  readonly limit: number
  readonly runs: number
}

/** The middle value. Throws on no values: a benchmark that measured nothing must not print a number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('nothing was measured')
  return middle
}

/** Runs both by turns, so that whatever else the machine does hits both alike; medians in ms. */
export async function byTurns(
  runs: number,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
): Promise<{ ours: number; theirs: number }> {
  const times = { ours: [] as number[], theirs: [] as number[] }
  await ours()
  await theirs()
  for (let run = 0; run < runs; run++) {
    times.ours.push(await timed(ours))
    times.theirs.push(await timed(theirs))
  }
  return { ours: median(times.ours), theirs: median(times.theirs) }
}

/** How long it took, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The table, as Markdown. */
export function table(rows: readonly Ratio[]): string {
  const head = ['what', 'ours', 'beside', 'theirs', 'ratio', 'limit', 'runs', '']
  const lines = rows.map((row) => {
    const ratio = row.ours / row.theirs
    return [
      row.name,
      shown(row.ours, row.unit),
      row.beside,
      shown(row.theirs, row.unit),
      ratio.toFixed(2),
      `≤ ${row.limit}`,
      String(row.runs),
      ratio <= row.limit ? 'met' : '**missed**',
    ]
  })
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function shown(value: number, unit: Ratio['unit']): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`
}
