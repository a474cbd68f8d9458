// Which of Nix's words are kept to judge a failure by, and which are shown as log lines.
import { cleanText } from '../desktop/clean-text.ts'
import { type NixEvent, resultType } from './protocol.ts'

/** Errors and warnings; from notices on it is chatter. */
const warning = 1
const info = 3
const talkative = 4

const maxLine = 2_000
const maxKept = 400

/** The words that tell why something failed; null for the rest. */
export function evidenceOf(event: NixEvent): string | null {
  switch (event.kind) {
    case 'message':
      return (event.level <= warning && withoutTrace(event.text)) || null
    case 'text':
      return event.text
    case 'oversized':
      return event.head
    case 'result':
      return event.type === resultType.buildLogLine ? String(event.fields[0] ?? '') : null
    case 'start':
    case 'stop':
    case 'unknown':
      return null
    default:
      return event satisfies never
  }
}

/** The line a person sees for an event, cleaned; null where it says nothing to them. */
export function logLineOf(event: NixEvent): string | null {
  const text =
    event.kind === 'message' && event.level <= info
      ? withoutTrace(event.text)
      : event.kind === 'start' && event.level <= talkative
        ? event.text
        : evidenceOf(event)
  const line = text === null ? '' : cleanText(text, maxLine)
  return line === '' ? null : line
}

/**
 * Where in our own expression an evaluation stood means nothing to anybody. Nix 2.8 writes a note below the error, often as a
 * message of its own; later ones write frames ("… while calling …") above it, which end where "error:" stands a second time.
 */
export function withoutTrace(text: string): string {
  if (!text.includes('… while') && !text.includes('--show-trace')) return text
  return cleanText(text, maxLine * 4)
    .replace(/^error:\s*\n\s*… while [\s\S]*?\n\s*(?=error: )/, '')
    .replace(/(?:^|\n)\s*\(use '--show-trace' to show detailed location information\)/, '')
}

/** Keeps the first and the newest lines: the cause stands at either end. */
export function createEvidence(): { add(line: string): void; lines(): readonly string[] } {
  const first: string[] = []
  let last: string[] = []
  return {
    add(line) {
      const cut = line.slice(0, maxLine * 4)
      if (first.length < maxKept) first.push(cut)
      else {
        last.push(cut)
        if (last.length > 2 * maxKept) last = last.slice(-maxKept)
      }
    },
    lines: () => [...first, ...last],
  }
}
