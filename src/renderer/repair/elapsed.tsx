// How long something has been under way, in whole seconds, kept current.
import { useState } from 'react'
import { useNow } from '../clock.ts'
import { duration, text } from '../format.ts'
import { useWords } from '../words.ts'

/** Counted from when it is first shown: give it a `key` that changes with what it counts. */
export function Elapsed() {
  const { locale } = useWords()
  const now = useNow()
  const [from] = useState(now)
  const ms = Math.max(0, now - from)
  return <>{ms < 60_000 ? whole(ms, locale) : text(duration(ms, locale))}</>
}

function whole(ms: number, locale: string): string {
  return `${new Intl.NumberFormat(locale).format(Math.round(ms / 1000))}\u00a0s`
}
