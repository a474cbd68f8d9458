// Words that may come from a server or a file, made fit for one line of a terminal.
import { cleanText } from '../../core/desktop/clean-text.ts'

/** Nothing that acts on a terminal, no line breaks, at most 300 characters. */
export function oneLine(text: string): string {
  return cleanText(text, 300).replace(/\s+/g, ' ')
}
