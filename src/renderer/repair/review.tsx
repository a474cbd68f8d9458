// Review: everything that will be changed, before anything is. The yes is about exactly what stands here.
import type { CauseCode } from '../../shared/causes.ts'
import { fill } from '../../shared/locale.ts'
import { planSentence, totalsOf } from '../../shared/plan-view.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { PlanList } from './plan-list.tsx'
import { ProblemBox } from './problem-box.tsx'
import { ReportFold } from './report.tsx'
import { SudoForm } from './sudo-form.tsx'
import { Title } from './title.tsx'
import { UnmendedBox } from './unmended.tsx'

/** The plan, what no step mends, and the yes. */
export function Review({ guide }: { readonly guide: GuideIn<'review'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const admin = plainLine(guide.admin, 60)
  const { plan, problem, skipped } = guide
  const well = plan.steps.length === 0 && plan.unmended.length === 0
  return (
    <>
      <div className="repair-intro">
        <Title phase="review">{fill(well ? words.reviewNothing : words.reviewTitle, { host })}</Title>
        {!well && <p className="plan-sentence">{planSentence(totalsOf(plan, skipped), messages)}</p>}
        <p className="quiet">{well ? words.reviewNothingIntro : fill(words.reviewIntro, { admin })}</p>
        {plan.partial && <p className="caution">{words.reviewPartial}</p>}
        {problem !== null && <ProblemBox problem={problem} known={{ host: guide.host, user: guide.admin }} />}
      </div>
      {plan.steps.length > 0 && <PlanList plan={plan} skipped={skipped} host={host} admin={admin} />}
      {plan.unmended.length > 0 && <UnmendedBox unmended={plan.unmended} host={guide.host} />}
      {guide.report !== undefined && <ReportFold report={guide.report} />}
      <Yes guide={guide} admin={admin} />
    </>
  )
}

/** Why this admin cannot become root: running it would only say so again. */
const denials: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'desktop.sudo-denied',
  'desktop.sudo-needs-terminal',
  'desktop.doas-needs-terminal',
])

/** Runs it; asks for the sudo password first where root's part needs one, or for another admin. */
function Yes({ guide, admin }: { readonly guide: GuideIn<'review'>; readonly admin: string }) {
  const { messages } = useWords()
  const words = messages.repairView
  const chosen = guide.plan.steps.filter(({ id }) => !guide.skipped.includes(id))
  const left = totalsOf(guide.plan, guide.skipped).changes
  if (guide.asksSudoPassword) {
    return (
      <section className="card repair-card">
        <p>{words.sudoBefore}</p>
        <SudoForm
          label={fill(words.sudoPassword, { admin })}
          submit={words.sudoGo}
          onPassword={(sudoPassword) => attempt(api().repairApply({ sudoPassword }))}
        />
      </section>
    )
  }
  if (guide.problem !== null && denials.has(guide.problem.cause) && chosen.some((step) => step.needsRoot)) {
    return (
      <div className="buttons apply">
        <button
          type="button"
          className="button main"
          onClick={() => attempt(api().repairBack({ phase: 'sign-in' }))}
        >
          {words.signInElse}
        </button>
      </div>
    )
  }
  const label =
    left === 0 ? words.applyNone : left === 1 ? words.applyOne : fill(words.applyMany, { count: left })
  return (
    <div className="buttons apply">
      <button type="button" className="button main" onClick={() => attempt(api().repairApply({}))}>
        {label}
      </button>
    </div>
  )
}
