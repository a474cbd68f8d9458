// Files as texts to be edited: every byte that is not meant stays. A byte is a character here (latin1), whatever it means.

/** Path -> its bytes as latin1; null: there is no such file. */
export type Texts = ReadonlyMap<string, string | null>

export interface Line {
  /** Without its ending. */
  readonly text: string
  /** "\n", "\r\n" or "" (a last line without one). */
  readonly ending: string
}

/** The lines with their endings: joined they are the text again. */
export function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .filter(([whole]) => whole !== '')
    .map(([, line = '', ending = '']) => ({ text: line, ending }))
}

/** The text with line `number` (from 1) exchanged; its ending stays. */
export function withLine(text: string, number: number, next: string): string {
  return linesOf(text)
    .map((line, index) => (index + 1 === number ? next : line.text) + line.ending)
    .join('')
}

/** The text with whole lines behind it; a last line without a newline gets one first. */
export function withMore(text: string | null, lines: readonly string[]): string {
  const old = text ?? ''
  const gap = old === '' || old.endsWith('\n') ? '' : '\n'
  return `${old}${gap}${lines.map((line) => `${line}\n`).join('')}`
}

/** Put into a map without touching the one that was given. */
export function withText(texts: Texts, path: string, text: string): Texts {
  return new Map([...texts, [path, text]])
}

/** What people wrote, from bytes: as UTF-8. */
export function shownText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
