// The history as a table, newest first.
import { builderName } from '../../shared/builder-name.ts'
import { stageIds, type TestBuildResult, type TestBuildRun } from '../../shared/test-build.ts'
import { bytes, moment, text } from '../format.ts'
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
            <th scope="col">{words.when}</th>
            <th scope="col">{words.builder}</th>
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
  const builders = useAppState((state) => state.snapshot.builders)
  const { result } = run
  const times = new Map(result.stages.map((stage) => [stage.id, stage.ms]))
  return (
    <tr>
      <th scope="row">
        <time dateTime={run.at}>{moment(run.at, locale)}</time>
      </th>
      <td>{result.builder === null ? words.none : plainLine(builderName(result.builder, builders), 60)}</td>
      <td>{verdictWord(result, words)}</td>
      <td className="number">
        <Took ms={result.ms} />
      </td>
      {stageIds.map((stage) => {
        const ms = times.get(stage)
        return (
          <td className="number" key={stage}>
            {ms === undefined ? words.none : <Took ms={ms} />}
          </td>
        )
      })}
      <td className="number">{text(bytes(run.payloadBytes, locale))}</td>
    </tr>
  )
}

function verdictWord(
  result: TestBuildResult,
  words: { verdictPassed: string; verdictFailed: string; verdictCancelled: string },
): string {
  if (result.ok) return words.verdictPassed
  return result.cancelled ? words.verdictCancelled : words.verdictFailed
}
