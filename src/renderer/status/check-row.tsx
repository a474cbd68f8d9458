// One check: its state by shape and word, its cause in plain words, its proof; what to do next; details that fold.
import type { Check } from '../../shared/status.ts'
import { isAdvice } from '../../shared/status.ts'
import { moment } from '../format.ts'
import { Raw } from '../parts/code.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { Fold } from '../parts/fold.tsx'
import { StateShape } from '../parts/shape.tsx'
import { Age, Took } from '../parts/time.tsx'
import { useWords } from '../words.ts'
import { Fingerprints } from './fingerprints.tsx'
import { Command, NextStep } from './next-step.tsx'
import { causeText, checkText, paramsOf, rowShape, rowWord, type Subject } from './subject.ts'

interface CheckRowProps {
  readonly check: Check
  readonly subject: Subject
}

/** A row of a card. A row that fails or warns has one button: what to do next. */
export function CheckRow({ check, subject }: CheckRowProps) {
  const asksForAction = check.state === 'fail' || (check.state === 'warn' && !isAdvice(check))
  return (
    <li className={`check is-${rowShape(check)}`} data-check={check.id}>
      <Fold className="row" summary={<Line check={check} subject={subject} />}>
        <Explained check={check} subject={subject} />
      </Fold>
      {asksForAction && <NextStep check={check} subject={subject} />}
    </li>
  )
}

function Line({ check, subject }: CheckRowProps) {
  const words = useWords()
  const { window: own, status } = words.messages
  const title =
    check.cause === undefined ? null : causeText(check.cause, paramsOf(check, subject), words).title
  // A check that did not run has no time to show.
  const ran = check.state !== 'skip'
  return (
    <>
      <StateShape shape={rowShape(check)} />
      <span className="name">
        <span className="check-name">{status.checks[check.id]}</span>
        {title !== null && <span className="cause">{title}</span>}
      </span>
      <span className="state">{rowWord(check, words)}</span>
      <span className="took">
        {ran && (
          <>
            <span className="hidden">{own.took} </span>
            <Took ms={check.ms} />
          </>
        )}
      </span>
      <span className="proven">
        {ran && (
          <>
            <span className="hidden">{own.ago} </span>
            <Age at={check.at} />
          </>
        )}
      </span>
    </>
  )
}

function Explained({ check, subject }: CheckRowProps) {
  const words = useWords()
  const { window: own } = words.messages
  const params = paramsOf(check, subject)
  const text = check.cause === undefined ? null : causeText(check.cause, params, words)
  return (
    <>
      {text === null ? (
        <p>{plainExplain(check, own)}</p>
      ) : (
        <>
          <p>{text.explain}</p>
          <p className="fix">{text.fix}</p>
        </>
      )}
      {check.cause !== undefined && isAdvice(check) && <Command cause={check.cause} params={params} />}
      {check.cause === 'ssh.host-key-revoked' && <Fingerprints params={params} />}
      {check.detail !== undefined && (
        <>
          <h3>{own.rawDetail}</h3>
          <Raw text={check.detail} caption={own.rawDetail} />
        </>
      )}
      <p className="fold-foot">
        <CopyButton text={checkText(check, subject, words)} label={own.copyDetails} />
        <span className="quiet">
          {check.state !== 'skip' && own.provenExactly.replace('{time}', moment(check.at, words.locale))}
          {check.cause !== undefined && <code>{check.cause}</code>}
        </span>
      </p>
    </>
  )
}

function plainExplain(
  check: Check,
  own: { passExplain: string; skipExplain: string; unknownExplain: string },
) {
  if (check.state === 'skip') return own.skipExplain
  return check.state === 'pass' ? own.passExplain : own.unknownExplain
}
