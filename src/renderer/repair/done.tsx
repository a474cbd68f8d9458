// Done: paired, or what still stands in the way; what was changed, and how to take it back.
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { UndoLaptop } from '../laptop-side/undo-laptop.tsx'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { ProofLines } from './proof.tsx'
import { ReportFold } from './report.tsx'
import { StepLogs } from './step-list.tsx'
import { Summary } from './summary.tsx'
import { Title } from './title.tsx'
import { Undo } from './undo.tsx'

/** The end of a repair that ran. */
export function Done({ guide }: { readonly guide: GuideIn<'done'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const intro = guide.paired
    ? words.pairedIntro
    : guide.key === 'failed'
      ? words.notPairedKey
      : words.notPairedBuild
  const taken = guide.undo.done
  const shape: Shape = taken !== null ? 'cancelled' : guide.paired ? 'ready' : 'degraded'
  const title = taken !== null ? words.undoneTitle : guide.paired ? words.paired : words.notPaired
  return (
    <>
      <section className={`card repair-card verdict is-${shape}`}>
        <header>
          <StateShape shape={shape} />
          <Title phase={`done ${shape}`}>{title}</Title>
        </header>
        {taken === null && <p>{fill(intro, { host })}</p>}
        {taken === null && <ProofLines keyState={guide.key} build={guide.build} host={guide.host} />}
        {taken === null && guide.problem !== null && (
          <ProblemBox problem={guide.problem} known={{ host: guide.host, port: guide.port }} />
        )}
        {taken === null && !guide.paired && (
          <div className="buttons">
            <button type="button" className="button main" onClick={() => attempt(api().repairRetry())}>
              {words.proveAgain}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => attempt(api().repairBack({ phase: 'review' }))}
            >
              {words.lookAgain}
            </button>
          </div>
        )}
        {taken !== null && <p role="status">{words.undone[taken]}</p>}
      </section>
      <Summary host={guide.host} steps={guide.steps} told={guide} headline={title} proof={guide} />
      <UndoLaptop laptop={guide.laptop} />
      {guide.undo.can.length > 0 && <Undo undo={guide.undo} host={guide.host} />}
      <div className="end-folds">
        {guide.steps.length > 0 && <StepLogs steps={guide.steps} host={guide.host} />}
        {guide.report !== undefined && <ReportFold report={guide.report} />}
      </div>
    </>
  )
}
