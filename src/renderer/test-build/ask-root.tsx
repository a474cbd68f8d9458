// Asking root of this laptop why Nix hides its reason: what it takes and what runs, before the click; and what came of it.
import { Fragment } from 'react'
import { fill } from '../../shared/locale.ts'
import type { Params } from '../../shared/outcome.ts'
import type { RootSaid, TestBuildState } from '../../shared/test-build.ts'
import { api } from '../api.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { Raw } from '../parts/code.tsx'
import { useOnePress } from '../parts/one-press.ts'
import { plainLine } from '../plain.ts'
import { Command } from '../status/next-step.tsx'
import { cleanParams } from '../status/subject.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

interface AskRootProps {
  readonly question: NonNullable<Extract<TestBuildState, { phase: 'ended' }>['rootQuestion']>
  /** What came of it the last time, where that left it open. */
  readonly said: RootSaid | undefined
  readonly params: Params
}

/** Ask or stop asking, in one button, so that the focus stays where it is. */
export function AskRoot({ question, said, params }: AskRootProps) {
  const { root } = useWords().messages.testBuild
  const { asking } = question
  const press = useOnePress(() => void attempt(asking ? api().stopAskingRoot() : api().askRoot()))
  return (
    <div className="ask-root">
      <p>{root.about}</p>
      <Words command={question.command} />
      <div className="ask">
        <ActionButton action={asking ? 'stop-asking-root' : 'ask-root'} onClick={press} />
        <span className="quiet" role="status">
          {asking ? root.asking : ''}
        </span>
      </div>
      {said !== undefined && !asking && <RootOutcome said={said} params={params} />}
    </div>
  )
}

/** The whole command, broken between its words only. */
function Words({ command }: { readonly command: string }) {
  const words = plainLine(command, 4_000).split(' ')
  return (
    <pre className="root-command">
      {words.map((word, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words of one line, which changes as a whole
        <Fragment key={at}>
          {at > 0 && ' '}
          <span>{word}</span>
        </Fragment>
      ))}
    </pre>
  )
}

/** What came of it. */
export function RootOutcome({ said, params }: { readonly said: RootSaid; readonly params: Params }) {
  const { messages } = useWords()
  const { root } = messages.testBuild
  if (said.state !== 'refused')
    return <p className="root-said">{fill(root[said.state], cleanParams(params))}</p>
  const { cause, params: own = {}, raw = '' } = said.problem
  const { title, explain } = messages.causes[cause]
  return (
    <div className="root-said">
      <p>
        {fill(root.refused, { reason: fill(title, cleanParams(own)) })} {fill(explain, cleanParams(own))}
      </p>
      {/* In a terminal there may be another way to become root. */}
      {cause === 'laptop.pkexec-missing' && <Command cause="nix.no-answer" params={params} />}
      {raw !== '' && <Raw text={raw} caption={messages.testBuild.raw} />}
    </div>
  )
}
