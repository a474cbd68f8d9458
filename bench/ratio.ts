// One row of the benchmark: ours beside what a user would use instead, measured by turns in one run.

interface Measured {
  readonly name: string
  readonly ours: number
  readonly unit: 'ms' | 'MB' | '% of a core'
  readonly limit: number
  readonly runs: number
}

/** Ours may take at most `limit` times what theirs takes. */
export interface Ratio extends Measured {
  readonly kind: 'ratio'
  /** What ours is measured against. */
  readonly beside: string
  readonly theirs: number
}

/** Ours may be at most `limit` units; theirs, where measured, is only shown. */
export interface Most extends Measured {
  readonly kind: 'most'
  readonly beside: string
  readonly theirs: number | null
}

export type Row = Ratio | Most

/** The middle value. Throws on no values: a benchmark that measured nothing must not print a number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('nothing was measured')
  return middle
}

/**
 * Runs all of them by turns, so that whatever else the machine does hits them alike. Medians in ms by name, after one
 * unmeasured turn. Rejects with the first failure.
 */
export async function byTurns<Name extends string>(
  runs: number,
  works: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number>> {
  const times = Object.keys(works).map((name) => ({ name: name as Name, all: [] as number[] }))
  for (let run = -1; run < runs; run++)
    for (const { name, all } of times) {
      const ms = await timed(works[name])
      if (run >= 0) all.push(ms)
    }
  return Object.fromEntries(times.map(({ name, all }) => [name, median(all)])) as Record<Name, number>
}

/** How long it took, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Whether a row keeps its limit. Exactly at the limit counts as kept; what is no number never does. */
export function isMet(row: Row): boolean {
  return row.kind === 'ratio' ? row.ours <= row.limit * row.theirs : row.ours <= row.limit
}

/** The table, as Markdown. */
export function table(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'beside', 'theirs', 'ratio', 'limit', 'runs', '']
  const lines = rows.map((row) => [
    row.name,
    shown(row.ours, row.unit),
    row.beside,
    row.theirs === null ? '' : shown(row.theirs, row.unit),
    row.kind === 'ratio' ? (row.ours / row.theirs).toFixed(2) : '',
    row.kind === 'ratio' ? `≤ ${row.limit}` : `≤ ${row.limit} ${row.unit}`,
    String(row.runs),
    isMet(row) ? 'met' : '**missed**',
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function shown(value: number, unit: Row['unit']): string {
  return `${value >= 100 ? value.toFixed(0) : value >= 1 ? value.toPrecision(3) : value.toFixed(3)} ${unit}`
}
