// A switch that was cancelled: that the desktop goes back by itself, how to watch it there, and that it did.

import type { GoingBack } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { CodeBlock } from '../parts/code.tsx'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'

/** Told again as the desktop is seen to be back. */
export function GoingBackBox({ goingBack, host }: { readonly goingBack: GoingBack; readonly host: string }) {
  const { messages } = useWords()
  const { goingBack: told, ...words } = messages.repairPlan
  const name = plainLine(host, 80)
  const { state, seconds, look } = goingBack
  const ended = state === 'back' || state === 'stayed'
  return (
    <div className="going-back" data-going-back={state}>
      <p role="status">{fill(told[state], { host: name, seconds })}</p>
      {!ended && (
        <CodeBlock
          code={plainLine(look, 300)}
          caption={fill(words.goingBackLook, { host: name })}
          label={words.goingBackCopy}
        />
      )}
      {state === 'waiting' && <Busy>{fill(words.goingBackSeen, { host: name })}</Busy>}
    </div>
  )
}
