// The history as a table, newest first; in a narrow window a block a run, each number with its name beside it.
import type { ReactNode } from 'react'
import { builderName } from '../../shared/builder-name.ts'
import { stageIds, type TestBuildResult, type TestBuildRun } from '../../shared/test-build.ts'
import { useNow } from '../clock.ts'
import { bytes, moment, shortMoment, text } from '../format.ts'
import { Scroller } from '../parts/scroller.tsx'
import { Took } from '../parts/time.tsx'
import { plainLine } from '../plain.ts'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'

/** Every number of the chart, and what the chart leaves out. */
export function HistoryTable({ runs }: { readonly runs: readonly TestBuildRun[] }) {
  const { messages } = useWords()
  const words = messages.testBuild
  return (
    <Scroller name={words.historyTable} className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">
              {words.when}
              <span className="where">{words.builder}</span>
            </th>
            <th scope="col">{words.verdict}</th>
            <th scope="col" className="number">
              {words.total}
            </th>
            {stageIds.map((stage) => (
              <th scope="col" className="number" key={stage}>
                {words.stages[stage]}
              </th>
            ))}
            <th scope="col" className="number">
              {words.payload}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.toReversed().map((run) => (
            <Row key={run.at} run={run} />
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

function Row({ run }: { readonly run: TestBuildRun }) {
  const { locale, messages } = useWords()
  const words = messages.testBuild
  const now = useNow()
  const builders = useAppState((state) => state.snapshot.builders)
  const { result } = run
  const times = new Map(result.stages.map((stage) => [stage.id, stage.ms]))
  return (
    <tr>
      <th scope="row" className="when">
        <time dateTime={run.at} title={moment(run.at, locale)}>
          {shortMoment(run.at, now, locale)}
        </time>
        <span className="where">
          {result.builder === null ? words.none : plainLine(builderName(result.builder, builders), 60)}
        </span>
      </th>
      <td className={`outcome is-${outcome(result)}`}>{verdictWord(result, words)}</td>
      <Numbers name={words.total} className="whole">
        <Took ms={result.ms} />
      </Numbers>
      {stageIds.map((stage) => {
        const ms = times.get(stage)
        return (
          <Numbers key={stage} name={words.stages[stage]}>
            {ms === undefined ? words.none : <Took ms={ms} />}
          </Numbers>
        )
      })}
      <Numbers name={words.payload}>
        {run.payloadBytes === 0 ? words.none : text(bytes(run.payloadBytes, locale))}
      </Numbers>
    </tr>
  )
}

interface NumbersProps {
  /** What its column is called: shown beside it where there are no columns. */
  readonly name: string
  readonly className?: string
  readonly children: ReactNode
}

function Numbers({ name, className = '', children }: NumbersProps) {
  return (
    <td className={`number ${className}`.trim()} data-name={name}>
      {children}
    </td>
  )
}

function outcome(result: TestBuildResult): 'pass' | 'fail' | 'cancelled' {
  if (result.ok) return 'pass'
  return result.cancelled ? 'cancelled' : 'fail'
}

function verdictWord(
  result: TestBuildResult,
  words: { verdictPassed: string; verdictFailed: string; verdictCancelled: string },
): string {
  if (result.ok) return words.verdictPassed
  return result.cancelled ? words.verdictCancelled : words.verdictFailed
}
