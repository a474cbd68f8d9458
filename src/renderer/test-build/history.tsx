// The last runs: a small chart of total time by stage, failures and what is cut marked, and the same numbers as a table.
import { fill } from '../../shared/locale.ts'
import type { TestBuildRun } from '../../shared/test-build.ts'
import { useNow } from '../clock.ts'
import { duration, scaleTime, shortMoment, text } from '../format.ts'
import { Fold } from '../parts/fold.tsx'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { type Bar, chartOf, chartSize, groupIds, mostRuns, total } from './chart.ts'
import { HistoryTable } from './history-table.tsx'
import { useWidth } from './use-width.ts'
import { sentenceOf } from './verdict.tsx'

/** Newest on the right. */
export function History() {
  const { messages } = useWords()
  const runs = useAppState((state) => state.history).slice(-mostRuns)
  const words = messages.testBuild
  return (
    <section className="card history" aria-label={words.history}>
      <h2>{words.history}</h2>
      {runs.length === 0 ? (
        <p className="quiet">{words.historyNone}</p>
      ) : (
        <>
          <HistoryChart runs={runs} />
          <Fold className="fold" summary={words.historyTable}>
            <HistoryTable runs={runs} />
          </Fold>
        </>
      )}
    </section>
  )
}

function HistoryChart({ runs }: { readonly runs: readonly TestBuildRun[] }) {
  const { locale, messages } = useWords()
  const words = messages.testBuild
  const [box, width] = useWidth()
  const { bars, ticks, step } = chartOf(runs, width)
  const failed = runs.filter((run) => outcomeOf(run) === 'failed').length
  const told = runs.length === 1 ? words.historyChartOne : words.historyChart
  return (
    <figure ref={box}>
      <svg
        className="chart"
        viewBox={`0 0 ${width} ${chartSize.height}`}
        role="img"
        aria-label={fill(told, { count: runs.length, failed })}
      >
        {ticks.map((tick) => (
          <g key={tick.ms}>
            <line x1={chartSize.left} x2={width} y1={tick.y} y2={tick.y} />
            <text x={chartSize.left - 8} y={tick.y + 4}>
              {scaleTime(tick.ms, step, locale)}
            </text>
          </g>
        ))}
        {bars.map((bar) => (
          <ChartBar key={bar.run.at} bar={bar} chartWidth={width} />
        ))}
        <Dates bars={bars} chartWidth={width} />
      </svg>
      <Legend bars={bars} />
    </figure>
  )
}

/** What the shades mean, and those marks that are there. */
function Legend({ bars }: { readonly bars: readonly Bar[] }) {
  const words = useWords().messages.testBuild
  const has = (outcome: string) => bars.some((bar) => outcomeOf(bar.run) === outcome)
  const marks = [
    { sign: '×', name: words.verdictFailed, kind: 'failed', there: has('failed') },
    { sign: '–', name: words.verdictCancelled, kind: 'cancelled', there: has('cancelled') },
    { sign: '≈', name: words.historyCut, kind: 'cut', there: bars.some((bar) => bar.cut) },
  ]
  return (
    <figcaption className="legend">
      {groupIds.map((group) => (
        <span key={group}>
          <i className={`swatch group-${group}`} aria-hidden="true" />
          {words.groups[group]}
        </span>
      ))}
      {marks
        .filter((mark) => mark.there)
        .map(({ sign, name, kind }) => (
          <span key={kind}>
            <i className={`swatch mark is-${kind}`} aria-hidden="true">
              {sign}
            </i>
            {name}
          </span>
        ))}
    </figcaption>
  )
}

/** The oldest and the newest moment below their bars; of few bars only the newest. */
function Dates({ bars, chartWidth }: { readonly bars: readonly Bar[]; readonly chartWidth: number }) {
  const { locale } = useWords()
  const now = useNow()
  const [oldest, newest] = [bars[0], bars.at(-1)]
  if (oldest === undefined || newest === undefined) return null
  const y = chartSize.height - 6
  return (
    <>
      {chartWidth - oldest.x >= roomForTwoDates && (
        <text className="from" x={oldest.x} y={y}>
          {shortMoment(oldest.run.at, now, locale)}
        </text>
      )}
      <text x={chartWidth} y={y}>
        {shortMoment(newest.run.at, now, locale)}
      </text>
    </>
  )
}

/** In CSS px. */
const roomForTwoDates = 240
/** Where the marks stand, below the bars. */
const markY = chartSize.height - chartSize.bottom + 10
/** Half the width of a time above a cut bar, in CSS px. */
const halfLabel = 24

function outcomeOf({ result }: TestBuildRun): 'passed' | 'failed' | 'cancelled' {
  if (result.ok) return 'passed'
  return result.cancelled ? 'cancelled' : 'failed'
}

function ChartBar({ bar, chartWidth }: { readonly bar: Bar; readonly chartWidth: number }) {
  const words = useWords()
  const builders = useAppState((state) => state.snapshot.builders)
  const { run, x, width, top } = bar
  const outcome = outcomeOf(run)
  const middle = x + width / 2
  return (
    <g>
      <title>{sentenceOf(run.result, builders, words)}</title>
      {bar.parts.map((part) => (
        <rect
          key={part.group}
          className={`group-${part.group}`}
          x={x}
          y={part.y}
          width={width}
          height={Math.max(0, part.height)}
        />
      ))}
      {bar.cut && <path className="cut" d={cutAcross(x, width, top + 12)} />}
      {bar.labelled && (
        <text className="over" x={Math.min(middle, chartWidth - halfLabel)} y={11}>
          {text(duration(total(run), words.locale))}
        </text>
      )}
      {outcome === 'failed' && (
        <path className="mark" d={`M${middle - 3} ${markY - 3}l6 6M${middle + 3} ${markY - 3}l-6 6`} />
      )}
      {outcome === 'cancelled' && <path className="mark is-cancelled" d={`M${middle - 3} ${markY}h6`} />}
    </g>
  )
}

/** Two slanted lines: here the bar is not drawn to scale. */
function cutAcross(x: number, width: number, y: number): string {
  return [0, 6].map((down) => `M${x - 1} ${y + down + 3}l${width + 2} -6`).join('')
}
