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
