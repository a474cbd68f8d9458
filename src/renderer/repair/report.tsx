// What was found on the desktop: the survey on one screen, folded, copyable.
import { fill } from '../../shared/locale.ts'
import type { SurveyReport } from '../../shared/survey-report.ts'
import { type ReportMark, type ReportTable, reportTables, reportText } from '../../shared/survey-report.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Fold } from '../parts/fold.tsx'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { plainLine, plainText } from '../plain.ts'
import { useWords } from '../words.ts'

const shapes: Readonly<Record<ReportMark, Shape | null>> = {
  good: 'pass',
  bad: 'fail',
  unknown: 'unknown',
  none: null,
}

/** "What was found on desktop"; its text is what offload-repair survey prints. */
export function ReportFold({ report }: { readonly report: SurveyReport }) {
  const { messages } = useWords()
  const words = messages.repairPlan
  const host = plainLine(report.host, 80)
  return (
    <Fold className="card fold report" summary={fill(words.found, { host })}>
      {report.partial && <p className="caution">{messages.surveyReport.partial}</p>}
      {reportTables(report, messages).map((table) => (
        <Table key={table.id} table={table} />
      ))}
      <div className="buttons">
        <CopyButton text={plainText(reportText(report, messages), 190_000)} label={words.copyReport} />
      </div>
    </Fold>
  )
}

function Table({ table }: { readonly table: ReportTable }) {
  const { messages } = useWords()
  return (
    <section className="found" data-section={table.id}>
      <h2>{table.title}</h2>
      <dl>
        {table.rows.map(({ label, value, mark }, at) => {
          const shape = shapes[mark]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of one name are told apart by their place
            <div key={at} className={shape === null ? 'found-row' : `found-row is-${shape}`}>
              <dt>
                {shape !== null && <StateShape shape={shape} />}
                <span className="found-name">{plainLine(label, 200)}</span>
                {shape !== null && <span className="hidden">{messages.repairPlan.marks[mark]}</span>}
              </dt>
              <dd>{plainText(value, 4000)}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
