// The top of the Status view: one sentence, under it the proof and its age.
import { headline } from '../../shared/headline.ts'
import { fill } from '../../shared/locale.ts'
import { type Overall, provenAt } from '../../shared/status.ts'
import { api } from '../api.ts'
import { useNow } from '../clock.ts'
import { moment } from '../format.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { useAgeText } from '../parts/time.tsx'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords, type Words } from '../words.ts'
import { isStale } from './stale.ts'

/** The state in one sentence. Its change is announced; its age is not, or a screen reader would never fall silent. */
export function Headline() {
  const { locale } = useWords()
  const snapshot = useAppState((state) => state.snapshot)
  const proof = provenAt(snapshot)
  const stale = isStale(snapshot.overall, proof, useNow())
  const shape: Shape = stale ? 'stale' : snapshot.overall
  return (
    <section className={`headline is-${shape}`} data-overall={snapshot.overall}>
      <StateShape shape={shape} />
      <div className="sentence">
        <h1 aria-live="polite">{plainLine(headline(snapshot, locale), 300)}</h1>
        <Proof overall={snapshot.overall} at={proof} stale={stale} />
      </div>
      <ActionButton action="check-now" shortcut="Control+R" quiet onClick={() => attempt(api().checkNow())} />
    </section>
  )
}

interface ProofProps {
  readonly overall: Overall
  readonly at: string | undefined
  readonly stale: boolean
}

/** While the desktop is only being asked, what this laptop says of itself proves nothing about builds. */
function Proof({ overall, at, stale }: ProofProps) {
  const { messages } = useWords()
  const checking = useAppState((state) => state.checking)
  const words = messages.window
  return (
    <p className="proof">
      {at === undefined || overall === 'checking' ? (
        words.notProven
      ) : (
        <ProofAge at={at} text={textOf(overall, stale, words)} />
      )}
      {checking && ` · ${words.checkingNow}`}
    </p>
  )
}

/** Where nothing is set up there is nothing to prove: it was only looked for. */
function textOf(overall: Overall, stale: boolean, words: Words['messages']['window']): string {
  if (overall === 'unconfigured') return words.looked
  return stale ? words.provenStale : words.proven
}

function ProofAge({ at, text }: { readonly at: string; readonly text: string }) {
  const { locale } = useWords()
  const age = useAgeText(at)
  return (
    <time dateTime={at} title={moment(at, locale)}>
      {fill(text, { age })}
    </time>
  )
}
