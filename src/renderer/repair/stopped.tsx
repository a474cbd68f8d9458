// Stopped, by the person or by a problem: where, and what was and was not done.

import type { UndoState } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { UndoLaptop } from '../laptop-side/undo-laptop.tsx'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { GoingBackBox } from './going-back.tsx'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { ReportFold } from './report.tsx'
import { StepList } from './step-list.tsx'
import { Summary } from './summary.tsx'
import { Title } from './title.tsx'
import { Undo } from './undo.tsx'

/** Beginning again finds what was done already done. */
export function Stopped({ guide }: { readonly guide: GuideIn<'stopped'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const phase = words.phases[guide.at === 'survey' ? 'review' : guide.at]
  const changed =
    guide.laptop !== undefined || guide.steps.some(({ state }) => state !== 'pending' && state !== 'skipped')
  // The step that failed tells its problem itself.
  const toldByStep = guide.steps.some(({ problem }) => problem?.cause === guide.problem?.cause)
  const again = guide.steps.length > 0
  const goesBack = guide.goingBack?.state === 'waiting'
  const title = guide.cancelled ? words.stoppedTitle : words.failedTitle
  return (
    <>
      <section className="card repair-card">
        <Title phase="stopped">{title}</Title>
        <p>{fill(guide.cancelled ? words.stoppedIntro : words.failedIntro, { phase })}</p>
        {guide.problem !== null && !toldByStep && (
          <ProblemBox problem={guide.problem} known={{ host: guide.host, port: guide.port }} />
        )}
        {guide.goingBack !== undefined && <GoingBackBox goingBack={guide.goingBack} host={guide.host} />}
        {!changed && <p>{fill(words.stoppedNothing, { host })}</p>}
        {again && <StepList steps={guide.steps} host={guide.host} ended />}
        {again && !goesBack && <p>{messages.repairPlan.runAgainContinues}</p>}
        {/* Nothing is begun on a desktop that is just going back. */}
        {!goesBack && (
          <div className="buttons">
            <button type="button" className="button main" onClick={() => attempt(api().repairRetry())}>
              {again ? messages.repairPlan.runAgain : words.startAgain}
            </button>
          </div>
        )}
      </section>
      <UndoLaptop laptop={guide.laptop} />
      {changed && !goesBack && (
        <Summary host={guide.host} steps={guide.steps} told={guide} headline={title} proof={null} ended />
      )}
      {guide.undo !== undefined && <TakeBack undo={guide.undo} host={guide.host} />}
      {guide.report !== undefined && <ReportFold report={guide.report} />}
    </>
  )
}

/** While somebody is still signed in; once it was done, what was done. */
function TakeBack({ undo, host }: { readonly undo: UndoState; readonly host: string }) {
  const { messages } = useWords()
  if (undo.done !== null) return <p role="status">{messages.repairView.undone[undo.done]}</p>
  return undo.can.length > 0 ? <Undo undo={undo} host={host} /> : null
}
