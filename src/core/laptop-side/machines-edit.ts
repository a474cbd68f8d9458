// Edits of machines rows, in a machines file or in nix.conf's `builders`: one column, or one row more; comments stay.
import { parseStoreUri } from '../laptop/store-uri.ts'
import { linesOf, type Texts, withLine, withMore, withText } from './texts.ts'

export interface NewRow {
  readonly uri: string
  readonly systems: readonly string[]
  readonly keyPath: string
  readonly maxJobs: number
  readonly features: readonly string[]
  /** "ssh-ed25519 AAAA…"; null: not known. */
  readonly hostKeyLine: string | null
}

/** The row, eight columns. */
export function rowText(row: NewRow): string {
  const { uri, systems, keyPath, maxJobs, features, hostKeyLine } = row
  const key = hostKeyLine === null ? '-' : hostKeyColumn(hostKeyLine)
  return [uri, list(systems), keyPath, maxJobs, 1, list(features), '-', key].join(' ')
}

/** Column 7: base64 of the whole key line, here its type and blob, for a remark proves nothing. */
export function hostKeyColumn(line: string): string {
  return Buffer.from(line.trim().split(/\s+/).slice(0, 2).join(' ')).toString('base64')
}

/** The text of a machines file with the row behind it. */
export function addRow(texts: Texts, file: string, row: NewRow): Texts {
  return withText(texts, file, withMore(texts.get(file) ?? null, [rowText(row)]))
}

/** Column 7 of the row with this URI at FILE:LINE; the same texts where the row is not found there. */
export function pinRow(
  texts: Texts,
  place: { readonly file: string; readonly line: number },
  uri: string,
  hostKeyLine: string,
): Texts {
  const text = texts.get(place.file)
  const line = text == null ? undefined : linesOf(text)[place.line - 1]
  if (text == null || line === undefined) return texts
  const next = withColumn(line.text, uri, 7, hostKeyColumn(hostKeyLine))
  return next === null ? texts : withText(texts, place.file, withLine(text, place.line, next))
}

/** The line with one column of the row named by its URI set; columns before it that are absent become "-". */
export function withColumn(line: string, uri: string, column: number, value: string): string | null {
  const hash = line.indexOf('#')
  const code = hash < 0 ? line : line.slice(0, hash)
  const pieces = code.split(';')
  const at = pieces.findIndex((piece) => startOf(piece, uri) !== null)
  const piece = pieces[at]
  const start = piece === undefined ? null : startOf(piece, uri)
  if (piece === undefined || start === null) return null
  const head = piece.slice(0, start)
  const tail = /[ \t\r]*$/.exec(piece)?.[0] ?? ''
  const body = piece.slice(start, piece.length - tail.length)
  pieces[at] = head + setColumn(body, column, value) + tail
  return pieces.join(';') + (hash < 0 ? '' : line.slice(hash))
}

function setColumn(body: string, column: number, value: string): string {
  const words = [...body.matchAll(/\S+/g)]
  const word = words[column]
  if (word !== undefined) return body.slice(0, word.index) + value + body.slice(word.index + word[0].length)
  const missing = Array.from({ length: column - words.length }, () => '-')
  return [body, ...missing, value].join(' ')
}

/** Where the row begins in a piece of a line ("builders = ROW" included); null where it is another's. */
function startOf(piece: string, uri: string): number | null {
  const words = [...piece.matchAll(/[^ \t\r]+/g)]
  const skip = words[0]?.[0] === 'builders' && words[1]?.[0] === '=' ? 2 : 0
  const first = words[skip]
  if (first === undefined) return null
  return parseStoreUri(shownUri(first[0])).uri === uri ? first.index : null
}

/** The texts hold bytes; a URI that was parsed came from UTF-8. */
function shownUri(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '-' : items.join(',')
}
