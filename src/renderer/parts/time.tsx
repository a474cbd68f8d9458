// Ages and durations, with the exact moment at hand.

import { useNow } from '../clock.ts'
import { age, duration, moment, type Quantity, text } from '../format.ts'
import { useWords } from '../words.ts'

/** A number and its unit in two columns, so that both line up down a card. */
function Aligned({ quantity }: { readonly quantity: Quantity }) {
  return (
    <span className="quantity">
      <span className="value">{quantity.value}</span>
      <span className="unit">{`\u00a0${quantity.unit}`}</span>
    </span>
  )
}

/** How long ago `at` was, kept current; the exact moment in its tooltip. */
export function Age({ at }: { readonly at: string }) {
  const { locale } = useWords()
  const now = useNow()
  return (
    <time dateTime={at} title={moment(at, locale)}>
      <Aligned quantity={age(now - Date.parse(at), locale)} />
    </time>
  )
}

/** The age of `at` as words for a sentence: "12 s". */
export function useAgeText(at: string): string {
  const { locale } = useWords()
  return text(age(useNow() - Date.parse(at), locale))
}

/** A duration in ms with its unit. */
export function Took({ ms }: { readonly ms: number }) {
  const { locale } = useWords()
  return <Aligned quantity={duration(ms, locale)} />
}
