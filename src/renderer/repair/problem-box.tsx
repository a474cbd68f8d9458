// Why a step cannot go on: the cause in plain words, what to do, its command, and what was said.
import type { CauseCode } from '../../shared/causes.ts'
import type { Params, Problem } from '../../shared/outcome.ts'
import { Raw } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { StateShape } from '../parts/shape.tsx'
import { Command } from '../status/next-step.tsx'
import { causeText, titleAlone } from '../status/subject.ts'
import { useWords } from '../words.ts'

/** What to do about these stands right below: the form. */
const askedHere: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'ssh.sign-in-refused',
  'desktop.sudo-password-wrong',
  'laptop.passphrase-wrong',
])

interface ProblemBoxProps {
  readonly problem: Problem
  /** What the guide knows, for texts whose problem lacks it. */
  readonly known?: Params
}

/** Announced at once. */
export function ProblemBox({ problem, known = {} }: ProblemBoxProps) {
  const words = useWords()
  const params = { ...known, ...problem.params }
  const text = causeText(problem.cause, params, words)
  return (
    <section className="problem is-fail" role="alert" data-cause={problem.cause}>
      <p className="problem-title">
        <StateShape shape="fail" />
        <strong>{titleAlone(problem.cause, params, words)}</strong>
      </p>
      <p>{text.explain}</p>
      <p className="fix">{text.fix}</p>
      {!askedHere.has(problem.cause) && <Command cause={problem.cause} params={params} />}
      {problem.raw !== undefined && problem.raw !== '' && (
        <Fold summary={words.messages.repairView.whatWasSaid}>
          <Raw text={problem.raw} caption={words.messages.repairView.whatWasSaid} />
        </Fold>
      )}
    </section>
  )
}
