// Colours for a terminal, or none: the one place that knows escape sequences.
import type { CheckState } from '../../shared/status.ts'

export type Paint = (state: CheckState | 'strong', text: string) => string

const codes: Readonly<Record<CheckState | 'strong', number>> = {
  pass: 32,
  warn: 33,
  fail: 31,
  skip: 2,
  unknown: 36,
  strong: 1,
}

/** The text as it is. */
export const plainPaint: Paint = (_state, text) => text
/** The text in its state's ANSI colour. */
export const colourPaint: Paint = (state, text) => `\u001b[${codes[state]}m${text}\u001b[0m`

/** Colours only on a terminal that can show them, unless the person said no (no-color.org: NO_COLOR set and not empty). */
export function choosePaint(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Paint {
  const off = !wanted || !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  return off ? plainPaint : colourPaint
}

/** One of a paint's sequences, else any control, format or separator character but tab and newline. */
const acting = new RegExp(`${String.fromCharCode(27)}\\[\\d+m|[^\\P{C}\\t\\n]|[\\u2028\\u2029]`, 'gu')

/**
 * Nothing of another machine's words may act on a terminal or turn its reading direction: such characters are shown as
 * U+FFFD. What a paint of ours wrote stays.
 */
export function harmless(text: string, paint: Paint): string {
  const kept = paint === plainPaint ? [] : [0, ...Object.values(codes)].map((code) => `\u001b[${code}m`)
  return text.replace(acting, (found) => (kept.includes(found) ? found : '\ufffd'))
}
