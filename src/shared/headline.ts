// The one sentence that says the state, and the check it comes from: tray, window, notification and terminal share it.
import { type CauseCode, causes } from './causes.ts'
import { fill, type Locale } from './locale.ts'
import { messagesFor } from './messages/index.ts'
import type { Params } from './outcome.ts'
import { allChecks, type Check, isAdvice, judge, type Snapshot, usability } from './status.ts'

export interface Cause {
  readonly code: CauseCode
  readonly params: Params
  /** The failing check. */
  readonly check: Check
}

/** The causes of everything that fails, warns or stays unproven: what decided Overall first, advice last, each once. */
export function causesOf(snapshot: Snapshot): readonly Cause[] {
  const because = judge({ ...snapshot, paused: false }).because
  const rest = [...allChecks(snapshot)].sort((a, b) => weight(a) - weight(b))
  const found = [...because, ...rest].flatMap(causeOf)
  return found.filter((cause, at) => found.findIndex((other) => sameCause(other, cause)) === at)
}

/** "Builds run on this laptop: desktop does not answer" */
export function headline(snapshot: Snapshot, locale: Locale): string {
  const words = messagesFor(locale)
  const worst = causesOf(snapshot)[0]
  // A file that is closed to this user may well name one.
  const unseen = snapshot.overall === 'unconfigured' && worst?.code === 'laptop.file-unreadable'
  const template = unseen ? words.status.builderUnseen : words.status.headline[snapshot.overall]
  const sentence = worst === undefined ? withoutReason(template) : template
  return fill(sentence, {
    builder: builderName(snapshot),
    count: snapshot.builders.reduce((sum, builder) => sum + builder.slots.busy, 0),
    reason: worst === undefined ? '' : fill(words.causes[worst.code].title, worst.params),
  })
}

/** "Builds run on {builder}, but: {reason}" -> "Builds run on {builder}": with no cause to name, its lead-in goes too. */
function withoutReason(template: string): string {
  return template.replace(/[,:][^,:{}]*:?\s*\{reason\}$/, '')
}

/** The names of the builders in use; while a builder is building, only of those that build. */
function builderName(snapshot: Snapshot): string {
  const usable = snapshot.builders.filter((builder) => usability(builder) === 'yes')
  const busy = usable.filter((builder) => builder.slots.busy > 0)
  const shown = [busy, usable, snapshot.builders].find((some) => some.length > 0) ?? []
  return [...new Set(shown.map((builder) => builder.host))].join(', ')
}

function causeOf(check: Check): readonly Cause[] {
  if (check.cause === undefined || check.state === 'pass' || check.state === 'skip') return []
  return [{ code: check.cause, params: check.params ?? {}, check }]
}

function weight(check: Check): number {
  if (check.state === 'fail') return 0
  if (check.state === 'warn') return isAdvice(check) ? 3 : 1
  return 2
}

/** Two checks may meet the same cause and know different things about it; what its text names decides. */
function sameCause(a: Cause, b: Cause): boolean {
  return a.code === b.code && causes[a.code].params.every((name) => a.params[name] === b.params[name])
}
