// Repair: the steps live.
import { fill } from '../../shared/locale.ts'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { StepList, stepsEnded } from './step-list.tsx'
import { Title } from './title.tsx'

/** Progress is counted in steps; the button that stops stands above, as everywhere. */
export function Running({ guide }: { readonly guide: GuideIn<'repair'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const done = stepsEnded(guide.steps)
  const count = guide.steps.length
  const progress = fill(words.repairProgress, { done, count })
  return (
    <section className="card repair-card">
      <Title phase="repair">{fill(words.repairTitle, { host })}</Title>
      <div className="progress">
        <progress value={done} max={Math.max(1, count)} aria-label={progress} />
        <span className="quiet" role="status">
          {guide.cancelling ? words.repairCancelling : progress}
        </span>
      </div>
      <StepList steps={guide.steps} host={guide.host} />
    </section>
  )
}
