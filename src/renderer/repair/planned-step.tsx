// One step of the plan: what is wrong, what will change, by whom and how.
import { fill } from '../../shared/locale.ts'
import type { RepairStep, StepChoice } from '../../shared/repair.ts'
import { api } from '../api.ts'
import { CodeBlock } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Diff } from './diff.tsx'
import { titleAlone } from './problem-box.tsx'

interface PlannedStepProps {
  readonly step: RepairStep
  readonly skipped: boolean
  readonly host: string
  readonly admin: string
}

/** A card; left out, it stays where it is and says so. */
export function PlannedStep({ step, skipped, host, admin }: PlannedStepProps) {
  const words = useWords()
  const own = words.messages.repairView
  const who = step.where === 'laptop' ? own.onLaptop : step.needsRoot ? own.asRoot : own.asAdmin
  const commands = step.commands.join('\n')
  return (
    <li className={skipped ? 'card planned-step is-skipped' : 'card planned-step'} data-step={step.id}>
      <header>
        <h2>{own.steps[step.id]}</h2>
        <label className="check-box">
          <input
            type="checkbox"
            checked={skipped}
            onChange={() => attempt(api().repairChoose({ step: step.id, skip: !skipped }))}
          />
          <span>{own.leaveOut}</span>
        </label>
      </header>
      <p>{titleAlone(step.cause, { host, ...step.params }, words)}</p>
      <p className="step-facts quiet">
        <span>{fill(who, { host, admin })}</span>
        <span className={step.risk === 'high' ? 'risk is-warn' : 'risk'}>{own.risks[step.risk]}</span>
      </p>
      {step.choice !== undefined && !skipped && <Choice step={step} choice={step.choice} />}
      {!skipped && step.changes.map((change) => <Diff key={change.path} change={change} />)}
      <Fold summary={own.commands}>
        <CodeBlock code={commands} caption={fill(who, { host, admin })} label={own.copyCommands} />
      </Fold>
      {step.script !== undefined && (
        <Fold summary={own.script}>
          <CodeBlock code={step.script} caption={own.script} label={own.copyScript} />
        </Fold>
      )}
    </li>
  )
}

/** Where the person decides. A new choice makes a new plan, and its diff. */
function Choice({ step, choice }: { readonly step: RepairStep; readonly choice: StepChoice }) {
  const { messages } = useWords()
  const words = messages.repairView
  const named: Readonly<Record<string, string>> = words.choices
  return (
    <fieldset className="choices">
      <legend>{words.choice}</legend>
      {choice.options.map((option) => (
        <label key={option} className="radio">
          <input
            type="radio"
            name={`choice-${step.id}`}
            checked={option === choice.chosen}
            onChange={() => attempt(api().repairChoose({ step: step.id, option }))}
          />
          <span>{Object.hasOwn(named, option) ? named[option] : plainLine(option, 100)}</span>
        </label>
      ))}
    </fieldset>
  )
}
