// Repair: progress over all steps, and the running one live.
import { fill } from '../../shared/locale.ts'
import type { RepairPlan, StepProgress } from '../../shared/repair.ts'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'
import { Elapsed } from './elapsed.tsx'
import type { GuideIn } from './guide.ts'
import { StepList, stepsEnded } from './step-list.tsx'
import { Title } from './title.tsx'

/** Counted in steps; the button that stops stands above, as everywhere. */
export function Running({ guide }: { readonly guide: GuideIn<'repair'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const done = stepsEnded(guide.steps)
  const count = guide.steps.length
  const progress = fill(words.repairProgress, { done, count })
  const running = guide.steps.find(({ state }) => state === 'running')
  return (
    <section className="card repair-card">
      <Title phase="repair">{fill(words.repairTitle, { host })}</Title>
      <div className="progress">
        <progress value={done} max={Math.max(1, count)} aria-label={progress} />
        <span className="quiet">
          <span role="status">{guide.cancelling ? words.repairCancelling : progress}</span>
          {' · '}
          <Elapsed />
        </span>
      </div>
      {running !== undefined && isLong(running, guide.plan) && <LastLine step={running} />}
      <StepList steps={guide.steps} host={guide.host} />
    </section>
  )
}

function isLong({ id }: StepProgress, plan: RepairPlan): boolean {
  return plan.steps.some((step) => step.id === id && step.long === true)
}

/** Of a step that takes minutes: that it moves, at a glance. */
function LastLine({ step }: { readonly step: StepProgress }) {
  const { messages } = useWords()
  const last = step.output.trimEnd().split('\n').at(-1) ?? ''
  return (
    <p className="last-line">
      <strong>{messages.repairView.steps[step.id]}</strong>
      {' · '}
      <Elapsed key={step.id} />
      <code>{plainLine(last, 300) || '…'}</code>
    </p>
  )
}
