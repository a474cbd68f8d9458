// Asking root of this laptop why Nix hides its reason: what it takes and what runs, before the click; and what came of it.
import { useRef } from 'react'
import { fill } from '../../shared/locale.ts'
import type { Params } from '../../shared/outcome.ts'
import type { RootSaid, TestBuildState } from '../../shared/test-build.ts'
import { api } from '../api.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { Raw } from '../parts/code.tsx'
import { Command } from '../status/next-step.tsx'
import { cleanParams } from '../status/subject.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

type Question = NonNullable<Extract<TestBuildState, { phase: 'ended' }>['rootQuestion']>

/** A second press within this time, in ms, is a double click. */
const samePressMs = 500

/** Ask or stop asking, in one button, so that the focus stays where it is. */
export function AskRoot({ question }: { readonly question: Question }) {
  const { root } = useWords().messages.testBuild
  const pressedAt = useRef(Number.NEGATIVE_INFINITY)
  const press = () => {
    const again = performance.now() - pressedAt.current < samePressMs
    pressedAt.current = performance.now()
    if (!again) void attempt(question.asking ? api().stopAskingRoot() : api().askRoot())
  }
  return (
    <div className="ask-root">
      <p>{root.about}</p>
      <Raw text={question.command} caption={root.command} />
      <div className="next">
        <ActionButton action={question.asking ? 'stop-asking-root' : 'ask-root'} onClick={press} />
        <span className="quiet" role="status">
          {question.asking ? root.asking : ''}
        </span>
      </div>
    </div>
  )
}

/** What came of it; nothing where nobody asked. */
export function RootOutcome({ said, params }: { readonly said: RootSaid; readonly params: Params }) {
  const { messages } = useWords()
  const { root } = messages.testBuild
  if (said.state !== 'refused')
    return <p className="root-said">{fill(root[said.state], cleanParams(params))}</p>
  const { title, explain } = messages.causes[said.problem.cause]
  const own = cleanParams(said.problem.params ?? {})
  return (
    <div className="root-said">
      <p>{fill(root.refused, { reason: fill(title, own) })}</p>
      <p>{fill(explain, own)}</p>
      {/* In a terminal there may be another way to become root. */}
      {said.problem.cause === 'laptop.pkexec-missing' && <Command cause="nix.no-answer" params={params} />}
      {said.problem.raw !== undefined && said.problem.raw !== '' && (
        <Raw text={said.problem.raw} caption={messages.testBuild.raw} />
      )}
    </div>
  )
}
