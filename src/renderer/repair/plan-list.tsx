// The plan, a card for each thing that is wrong: explained once, and under it what will happen.
import { groupByCause, type PlanGroup } from '../../shared/plan-view.ts'
import type { RepairPlan, StepId } from '../../shared/repair.ts'
import { fallingWith, neededFor } from '../../shared/step-needs.ts'
import { StateShape } from '../parts/shape.tsx'
import { causeText, titleAlone } from '../status/subject.ts'
import { useWords } from '../words.ts'
import { PlannedStep } from './planned-step.tsx'

interface PlanListProps {
  readonly plan: RepairPlan
  readonly skipped: readonly StepId[]
  readonly host: string
  readonly admin: string
}

/** As many as this are shown whole; of more the diffs are folded. */
const few = 2

/** The steps of a plan under the causes that they mend, each to be left out or taken in. */
export function PlanList(props: PlanListProps) {
  return (
    <ol className="planned">
      {groupByCause(props.plan.steps).map((group) => (
        <Group key={group.cause} group={group} {...props} />
      ))}
    </ol>
  )
}

function Group({ group, plan, skipped, host, admin }: PlanListProps & { readonly group: PlanGroup }) {
  const words = useWords()
  const params = { host, ...group.params }
  const stays = group.steps.every(({ step }) => skipped.includes(step.id))
  const placesOf = (ids: readonly StepId[]) =>
    ids.map((id) => plan.steps.findIndex((step) => step.id === id) + 1)
  return (
    <li className="card plan-group" data-cause={group.cause}>
      <h2 className="is-fail">
        <StateShape shape="fail" />
        {titleAlone(group.cause, params, words)}
      </h2>
      <p className="quiet">{causeText(group.cause, params, words).explain}</p>
      {stays && <p className="stays">{words.messages.repairPlan.staysWrong}</p>}
      <ol className="group-steps">
        {group.steps.map(({ number, step }) => (
          <PlannedStep
            key={step.id}
            step={step}
            number={number}
            skipped={skipped.includes(step.id)}
            neededBy={placesOf(fallingWith(plan, step.id))}
            without={placesOf(neededFor(plan, step.id).filter((id) => skipped.includes(id)))}
            host={host}
            admin={admin}
            open={plan.steps.length <= few}
          />
        ))}
      </ol>
    </li>
  )
}
