// What a row's fold holds: why, what to do, the raw words, and all of it to copy.
import { fill } from '../../shared/locale.ts'
import { isRepairable, repairableCheck } from '../../shared/repairable.ts'
import type { Check } from '../../shared/status.ts'
import { moment } from '../format.ts'
import { Raw } from '../parts/code.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { useWords, type Words } from '../words.ts'
import { Fingerprints } from './fingerprints.tsx'
import { Command, isDoneOutside } from './next-step.tsx'
import { asksForAction, causeText, checkText, paramsOf, type Subject } from './subject.ts'

interface CheckDetailsProps {
  readonly check: Check
  readonly subject: Subject
}

/** Everything known about a check. */
export function CheckDetails({ check, subject }: CheckDetailsProps) {
  const words = useWords()
  const { window: own, notes } = words.messages
  const params = paramsOf(check, subject)
  const cause = check.cause === undefined ? null : causeText(check.cause, params, words)
  return (
    <>
      {cause !== null && <p>{cause.explain}</p>}
      {cause !== null && !isDoneOutside(check, subject) && <p className="fix">{cause.fix}</p>}
      {check.note !== undefined && <p>{notes[check.note]}</p>}
      {cause === null && check.note === undefined && <p>{plainExplain(check, words)}</p>}
      {check.cause !== undefined && showsCommand(check, subject) && (
        <Command cause={check.cause} params={params} />
      )}
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
          {check.state !== 'skip' && fill(own.checkedExactly, { time: moment(check.at, words.locale) })}
          {check.cause !== undefined && <code>{check.cause}</code>}
        </span>
      </p>
    </>
  )
}

/** The command stands in the fold where the row's button is another one. */
function showsCommand(check: Check, subject: Subject): boolean {
  if (subject.kind === 'cache') return !asksForAction(check) || repairableCheck(subject.cache) === check
  return !asksForAction(check) || (subject.kind === 'builder' && isRepairable(check.cause))
}

function plainExplain(check: Check, { messages }: Words): string {
  if (check.state === 'skip') return messages.window.skipExplain
  return check.state === 'pass' ? messages.status.proves[check.id] : messages.window.unknownExplain
}
