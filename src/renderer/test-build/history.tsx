// The last runs: a small chart of total time by stage, failures marked, and the same numbers as a table.
import { fill } from '../../shared/locale.ts'
import type { TestBuildRun } from '../../shared/test-build.ts'
import { seconds, text } from '../format.ts'
import { Fold } from '../parts/fold.tsx'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { type Bar, chartOf, chartSize, groupIds, mostRuns } from './chart.ts'
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
  const { bars, ticks } = chartOf(runs, width)
  const failed = runs.filter((run) => !run.result.ok && !run.result.cancelled).length
  return (
    <figure ref={box}>
      <svg
        className="chart"
        viewBox={`0 0 ${width} ${chartSize.height}`}
        role="img"
        aria-label={fill(runs.length === 1 ? words.historyChartOne : words.historyChart, {
          count: runs.length,
          failed,
        })}
      >
        {ticks.map((tick) => (
          <g key={tick.ms}>
            <line x1={chartSize.left} x2={width} y1={tick.y} y2={tick.y} />
            <text x={chartSize.left - 8} y={tick.y + 4}>
              {tick.ms === 0 ? '0' : text(seconds(tick.ms, locale))}
            </text>
          </g>
        ))}
        {bars.map((bar) => (
          <ChartBar key={bar.run.at} bar={bar} />
        ))}
      </svg>
      <figcaption className="legend">
        {groupIds.map((group) => (
          <span key={group}>
            <i className={`swatch group-${group}`} aria-hidden="true" />
            {words.groups[group]}
          </span>
        ))}
        <span>
          <i className="swatch mark" aria-hidden="true">
            ×
          </i>
          {words.verdictFailed}
        </span>
      </figcaption>
    </figure>
  )
}

function ChartBar({ bar }: { readonly bar: Bar }) {
  const words = useWords()
  const builders = useAppState((state) => state.snapshot.builders)
  const { run, x, width, top } = bar
  const failed = !run.result.ok && !run.result.cancelled
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
      {failed && (
        <path className="mark" d={`M${middle - 3} ${top - 10}l6 6M${middle + 3} ${top - 10}l-6 6`} />
      )}
    </g>
  )
}
