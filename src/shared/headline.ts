// The one sentence that says the state, and the check it comes from: tray, window, notification and terminal share it.
import type { CauseCode } from './causes.ts'
import { fill, type Locale } from './locale.ts'
import { messagesFor } from './messages/index.ts'
import type { Params } from './outcome.ts'
import { allChecks, type Check, isAdvice, type Snapshot, usability } from './status.ts'

export interface Cause {
  readonly code: CauseCode
  readonly params: Params
  /** The failing check. */
  readonly check: Check
}

/** The causes of everything that fails or warns, worst first, each once; advice last. */
export function causesOf(snapshot: Snapshot): readonly Cause[] {
  const found = allChecks(snapshot)
    .flatMap((check) =>
      check.cause !== undefined &&
      (check.state === 'fail' || check.state === 'warn' || check.state === 'unknown')
        ? [{ code: check.cause, params: check.params ?? {}, check }]
        : [],
    )
    .sort((a, b) => weight(a.check) - weight(b.check))
  return found.filter((cause, at) => found.findIndex((other) => sameCause(other, cause)) === at)
}

/** "Builds run on this laptop: desktop does not answer" */
export function headline(snapshot: Snapshot, locale: Locale): string {
  const words = messagesFor(locale)
  const worst = causesOf(snapshot)[0]
  const reason = worst === undefined ? '' : fill(words.causes[worst.code].title, worst.params)
  const text = fill(words.status.headline[snapshot.overall], {
    builder: builderName(snapshot),
    count: snapshot.builders.reduce((sum, builder) => sum + builder.slots.busy, 0),
    reason,
  })
  // With no cause to name, the colon before it goes too.
  return reason === '' ? text.replace(/[:,]?[^:,]*:\s*$/, '') || text : text
}

function builderName(snapshot: Snapshot): string {
  const usable = snapshot.builders.filter((builder) => usability(builder) === 'yes')
  const shown = usable.length > 0 ? usable : snapshot.builders
  return [...new Set(shown.map((builder) => builder.host))].join(', ')
}

function weight(check: Check): number {
  if (check.state === 'fail') return 0
  if (check.state === 'warn') return isAdvice(check) ? 3 : 1
  return 2
}

function sameCause(a: Cause, b: Cause): boolean {
  return a.code === b.code && JSON.stringify(a.params) === JSON.stringify(b.params)
}
