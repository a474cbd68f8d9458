// One step of the plan: what it does, what it needs, what changes and how. Details fold.

import { fill } from '../../shared/locale.ts'
import type { StepNeed } from '../../shared/plan-view.ts'
import { isLoud, needsOf, needText } from '../../shared/plan-view.ts'
import type { FileChange, RepairStep, StepChoice } from '../../shared/repair.ts'
import { api } from '../api.ts'
import { CodeBlock, Raw } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { plainLine } from '../plain.ts'
import { cleanParams } from '../status/subject.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Diff } from './diff.tsx'

interface PlannedStepProps {
  readonly step: RepairStep
  /** Its place in the run, from 1. */
  readonly number: number
  readonly skipped: boolean
  /** The places of the steps that fall with it. */
  readonly neededBy: readonly number[]
  /** The places of the steps that are left out and that it cannot be done without. */
  readonly without: readonly number[]
  readonly host: string
  readonly admin: string
  /** Few steps: their diffs are open from the start. */
  readonly open: boolean
}

/** Left out, it stays where it is and says so. */
export function PlannedStep(props: PlannedStepProps) {
  const { step, number, skipped, neededBy, without, host, admin, open } = props
  const words = useWords()
  const { repairView: own, repairPlan } = words.messages
  const { params } = step
  const who = step.where === 'laptop' ? own.onLaptop : step.needsRoot ? own.asRoot : own.asAdmin
  const notes = `notes-${step.id}`
  return (
    <li className={skipped ? 'planned-step is-skipped' : 'planned-step'} data-step={step.id}>
      <header>
        <h3>
          <span className="step-number">{number}</span>
          <span className="step-title">{own.steps[step.id]}</span>
        </h3>
        <label className="check-box">
          <input
            type="checkbox"
            checked={skipped}
            aria-describedby={notes}
            onChange={() => attempt(api().repairChoose({ step: step.id, skip: !skipped }))}
          />
          <span>
            {own.leaveOut}
            <span className="hidden">{`: ${own.steps[step.id]}`}</span>
          </span>
        </label>
      </header>
      <div className="step-facts">
        <Needs needs={needsOf(step)} />
        <p className="step-notes quiet" id={notes}>
          {skipped && without.length > 0
            ? fill(repairPlan.leftOutWith, { steps: without.join(', ') })
            : neededBy.length > 0 && fill(repairPlan.neededBy, { steps: neededBy.join(', ') })}
        </p>
      </div>
      {params['dead'] !== undefined && (
        <p className="step-notes beside quiet">
          {fill(repairPlan.wouldFree, cleanParams({ dead: params['dead'] }))}
        </p>
      )}
      {params['rule'] !== undefined && (
        <p className="step-notes beside quiet">
          {fill(repairPlan.ruleInWay, cleanParams({ rule: params['rule'] }))}
        </p>
      )}
      {step.choice !== undefined && !skipped && <Choice step={step} choice={step.choice} />}
      <div className="step-folds">
        {step.keep !== undefined && !skipped && <Keep keep={step.keep} host={host} />}
        {String(params['journal'] ?? '') !== '' && (
          <Fold summary={repairPlan.journal}>
            <Raw text={String(params['journal'])} caption={repairPlan.journal} />
          </Fold>
        )}
        {step.changes.map((change) => (
          <Change key={change.path} change={change} open={open} />
        ))}
        <Fold summary={own.commands}>
          <CodeBlock
            code={step.commands.join('\n')}
            caption={fill(who, { host, admin })}
            label={own.copyCommands}
          />
        </Fold>
        {step.script !== undefined && (
          <Fold className="fold program" summary={own.script}>
            <CodeBlock code={step.script} caption={own.script} label={own.copyScript} />
          </Fold>
        )}
      </div>
    </li>
  )
}

/** It would be gone after the next restart: what keeps it. */
function Keep({ keep, host }: { readonly keep: readonly string[]; readonly host: string }) {
  const { messages } = useWords()
  const { keep: told, copyKeep } = messages.repairPlan
  return (
    <CodeBlock code={keep.join('\n')} caption={fill(told, { host: plainLine(host, 80) })} label={copyKeep} />
  )
}

/** Chips: what it asks of the desktop and of the person. */
function Needs({ needs }: { readonly needs: readonly StepNeed[] }) {
  const { messages } = useWords()
  return (
    <ul className="needs">
      {needs.map((need) => {
        const text = plainLine(needText(need, messages), 80)
        return (
          <li key={text} className={isLoud(need) ? 'chip is-warn' : 'chip'}>
            {text}
          </li>
        )
      })}
    </ul>
  )
}

/** Where only owner or mode change there is nothing to fold. */
function Change({ change, open }: { readonly change: FileChange; readonly open: boolean }) {
  const { messages } = useWords()
  if (change.diff === '') return <Diff change={change} />
  const path = plainLine(change.path, 300)
  const lines = change.diff.split('\n').filter((line) => !/^(---|\+\+\+) /.test(line))
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  return (
    <Fold
      startOpen={open}
      summary={
        <>
          {fill(messages.repairPlan.changeTo, { file: path })}{' '}
          <span className="quiet counts">{fill(messages.repairPlan.diffCounts, { added, removed })}</span>
        </>
      }
    >
      <Diff change={change} />
    </Fold>
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
