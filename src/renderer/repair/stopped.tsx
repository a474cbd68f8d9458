// Stopped, by the person or by a problem: where, and what was and was not done.
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { StepList } from './step-list.tsx'
import { Title } from './title.tsx'

/** Signed out by now; beginning again finds what was done already done. */
export function Stopped({ guide }: { readonly guide: GuideIn<'stopped'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const phase = words.phases[guide.at === 'survey' ? 'review' : guide.at]
  const changed = guide.steps.some(({ state }) => state !== 'pending' && state !== 'skipped')
  // The step that failed tells its problem itself.
  const toldByStep = guide.steps.some(({ problem }) => problem?.cause === guide.problem?.cause)
  return (
    <section className="card repair-card">
      <Title phase="stopped">{guide.cancelled ? words.stoppedTitle : words.failedTitle}</Title>
      <p>{fill(guide.cancelled ? words.stoppedIntro : words.failedIntro, { phase })}</p>
      {guide.problem !== null && !toldByStep && (
        <ProblemBox problem={guide.problem} known={{ host: guide.host, port: guide.port }} />
      )}
      {!changed && <p>{fill(words.stoppedNothing, { host })}</p>}
      {guide.steps.length > 0 && <StepList steps={guide.steps} host={guide.host} />}
      <div className="buttons">
        <button type="button" className="button main" onClick={() => attempt(api().repairRetry())}>
          {words.startAgain}
        </button>
      </div>
    </section>
  )
}
