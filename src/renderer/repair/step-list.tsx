// The steps as they run and after: state, time, log, backup. The running one's log is open and follows its end.
import { fill } from '../../shared/locale.ts'
import type { StepProgress, StepState } from '../../shared/repair.ts'
import { stateText } from '../../shared/repair-summary.ts'
import { Raw } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { Took } from '../parts/time.tsx'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'
import { Elapsed } from './elapsed.tsx'
import { LiveLog } from './live-log.tsx'
import { ProblemBox } from './problem-box.tsx'

const shapes = {
  pending: 'pending',
  running: 'running',
  done: 'pass',
  unchanged: 'pass',
  failed: 'fail',
  'rolled-back': 'warn',
  cancelled: 'warn',
  skipped: 'skip',
} as const satisfies Record<StepState, Shape>

interface StepListProps {
  readonly steps: readonly StepProgress[]
  readonly host: string
  /** Nothing runs any more: what waits was not begun. */
  readonly ended?: boolean
}

/** One line a step. */
export function StepList({ steps, host, ended = false }: StepListProps) {
  const { messages } = useWords()
  const words = messages.repairView
  return (
    <ol className="run-steps">
      {steps.map((step) => (
        <li key={step.id} className={`run-step is-${shapes[step.state]}`} data-step={step.id}>
          <p className="run-line">
            <StateShape shape={shapes[step.state]} />
            <span className="run-name">{words.steps[step.id]}</span>
            <span className="state">
              {ended && step.state === 'pending' ? words.notBegun : stateText(step, messages)}
            </span>
            <span className="took">
              {step.state === 'running' ? <Elapsed /> : step.ms > 0 && <Took ms={step.ms} />}
            </span>
          </p>
          {step.backup !== undefined && (
            <p className="run-note">{fill(words.backup, { file: plainLine(step.backup, 400) })}</p>
          )}
          {step.problem !== undefined && <ProblemBox problem={step.problem} known={{ host }} />}
          {step.output !== '' && <Output step={step} />}
        </li>
      ))}
    </ol>
  )
}

function Output({ step }: { readonly step: StepProgress }) {
  const { messages } = useWords()
  const words = messages.repairView
  const name = `${words.stepOutput}: ${words.steps[step.id]}`
  if (step.state === 'running') return <LiveLog text={step.output} name={name} />
  return (
    <Fold summary={words.stepOutput}>
      <Raw text={step.output} caption={name} />
    </Fold>
  )
}

/** The same, folded: after the summary has told what matters. */
export function StepLogs(props: StepListProps) {
  const { messages } = useWords()
  return (
    <Fold className="card fold" summary={messages.repairPlan.logs}>
      <StepList {...props} ended />
    </Fold>
  )
}

/** How many have come to their end. */
export function stepsEnded(steps: readonly StepProgress[]): number {
  return steps.filter(({ state }) => state !== 'pending' && state !== 'running').length
}
