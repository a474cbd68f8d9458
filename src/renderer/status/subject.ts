// What a check is about, and the values it lends to texts and commands that the check's own params lack.
import type { CauseCode } from '../../shared/causes.ts'
import { commandFor } from '../../shared/command.ts'
import { isMendedOnLaptop } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import type { CauseText } from '../../shared/messages/words.ts'
import type { Params } from '../../shared/outcome.ts'
import { type BuilderStatus, type CacheStatus, type Check, isAdvice } from '../../shared/status.ts'
import type { Shape } from '../parts/shape.tsx'
import { plainLine, plainText } from '../plain.ts'
import type { Words } from '../words.ts'

export type Subject =
  | { readonly kind: 'builder'; readonly builder: BuilderStatus }
  | { readonly kind: 'cache'; readonly cache: CacheStatus }
  | { readonly kind: 'laptop' }

/** The params of a check, completed by what its subject is known by. */
export function paramsOf(check: Check, subject: Subject): Params {
  switch (subject.kind) {
    case 'builder': {
      const { host, port, user, uri } = subject.builder
      return { host, port, user, uri, ...check.params }
    }
    case 'cache':
      return { url: subject.cache.url, ...check.params }
    case 'laptop':
      return check.params ?? {}
    default:
      return subject satisfies never
  }
}

/** The texts of a cause with its values filled in and made safe to look at. */
export function causeText(cause: CauseCode, params: Params, words: Words): CauseText {
  const text = words.messages.causes[cause]
  const clean = cleanParams(params)
  return { title: fill(text.title, clean), explain: fill(text.explain, clean), fix: fill(text.fix, clean) }
}

/** Programs are called by their own names, which begin small. */
const programs = /^(?:sudo|doas|sshd|nix-\S+) /

/** Titles are written to stand after a colon; here one stands alone. A name at its beginning stays as it is written. */
export function titleAlone(cause: CauseCode, params: Params, words: Words): string {
  const { title } = causeText(cause, params, words)
  if (words.messages.causes[cause].title.startsWith('{') || programs.test(title)) return title
  return title.charAt(0).toLocaleUpperCase() + title.slice(1)
}

/** Values as one safe line each. */
export function cleanParams(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, plainLine(String(value))]))
}

/**
 * Whether a row carries a button: it fails, or warns of more than advice, or of advice that one click follows, or waits
 * for a test build. One button a row; none where the next step stands elsewhere in the view.
 */
export function asksForAction(check: Check): boolean {
  if (check.state === 'unknown')
    return (
      check.note === 'needs-test-build' || (check.note === 'through-a-proxy' && check.id === 'remote-nix')
    )
  if (check.state === 'warn' && isAdvice(check)) return isMendedOnLaptop(check.cause)
  // The form for a first builder stands above.
  if (check.cause === 'laptop.no-builder') return false
  return check.state === 'fail' || check.state === 'warn'
}

/** The shape of a row: its state, with advice set apart from warnings. */
export function rowShape(check: Check): Shape {
  return isAdvice(check) ? 'advice' : check.state
}

/** The word of a row's state. */
export function rowWord(check: Check, { messages }: Words): string {
  return isAdvice(check) ? messages.window.advice : messages.status.states[check.state]
}

/** What a subject is called. */
function subjectName(subject: Subject, { messages }: Words): string {
  switch (subject.kind) {
    case 'builder':
      return `${plainLine(subject.builder.host)} (${plainLine(subject.builder.uri)})`
    case 'cache':
      return plainLine(subject.cache.url)
    case 'laptop':
      return messages.window.thisLaptop
    default:
      return subject satisfies never
  }
}

/** A whole check as text, for a mail or an issue: everything the row and its fold show, raw words last. */
export function checkText(check: Check, subject: Subject, words: Words): string {
  const { messages } = words
  const params = paramsOf(check, subject)
  const lines = [subjectName(subject, words), `${messages.status.checks[check.id]}: ${rowWord(check, words)}`]
  if (check.cause !== undefined) {
    const text = causeText(check.cause, params, words)
    const command = commandFor(check.cause, params)
    lines.push(`${messages.window.code}: ${check.cause}`, text.title, text.explain, text.fix)
    if (command !== null) lines.push(`$ ${command}`)
  }
  if (check.note !== undefined) lines.push(messages.notes[check.note])
  lines.push(`${fill(messages.window.checkedExactly, { time: check.at })}, ${check.ms} ms`)
  if (check.detail !== undefined)
    lines.push('', `${messages.window.rawDetail}:`, plainText(check.detail, 100_000))
  return lines.join('\n')
}
