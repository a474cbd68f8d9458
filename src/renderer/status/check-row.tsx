// One check: its state by shape and word, its cause in plain words, its proof; what to do next; details that fold.
import { fill } from '../../shared/locale.ts'
import type { Check } from '../../shared/status.ts'
import { duration, text } from '../format.ts'
import { Fold } from '../parts/fold.tsx'
import { StateShape } from '../parts/shape.tsx'
import { Age, Took, useAgeText } from '../parts/time.tsx'
import { useWords, type Words } from '../words.ts'
import { CheckDetails } from './check-details.tsx'
import { NextStep } from './next-step.tsx'
import { asksForAction, paramsOf, rowShape, rowWord, type Subject, titleAlone } from './subject.ts'

interface CheckRowProps {
  readonly check: Check
  readonly subject: Subject
}

/** A row of a card. A row that fails or warns has one button: what to do next. */
export function CheckRow({ check, subject }: CheckRowProps) {
  return (
    <li className={`check is-${rowShape(check)}`} data-check={check.id}>
      <Fold className="row" summary={<Line check={check} subject={subject} />}>
        <CheckDetails check={check} subject={subject} />
      </Fold>
      {asksForAction(check) && <NextStep check={check} subject={subject} />}
    </li>
  )
}

function Line({ check, subject }: CheckRowProps) {
  const words = useWords()
  const why = reason(check, subject, words)
  // Only what was proven has a time of proof.
  const proven = check.state !== 'skip' && check.state !== 'unknown'
  return (
    <>
      <StateShape shape={rowShape(check)} />
      <span className="check-name">{words.messages.status.checks[check.id]}</span>
      {why !== null && <span className="cause">{why}</span>}
      <span className="state">{rowWord(check, words)}</span>
      <span className="took">{proven && <TookCell ms={check.ms} />}</span>
      <span className="proven">{proven && <ProvenCell at={check.at} />}</span>
    </>
  )
}

/** The cause in plain words; where there is none, why something is unknown. Good news and skipped checks need no reason. */
function reason(check: Check, subject: Subject, words: Words): string | null {
  if (check.cause !== undefined) return titleAlone(check.cause, paramsOf(check, subject), words)
  if (check.state !== 'unknown' || check.note === undefined) return null
  return words.messages.notes[check.note]
}

function TookCell({ ms }: { readonly ms: number }) {
  const { locale, messages } = useWords()
  return (
    <>
      <span className="sentence">{fill(messages.window.tookText, { time: text(duration(ms, locale)) })}</span>
      <span className="aligned" aria-hidden="true">
        <Took ms={ms} />
      </span>
    </>
  )
}

function ProvenCell({ at }: { readonly at: string }) {
  const { messages } = useWords()
  return (
    <>
      <span className="sentence">{fill(messages.window.proven, { age: useAgeText(at) })}</span>
      <span className="aligned" aria-hidden="true">
        <Age at={at} />
      </span>
    </>
  )
}
