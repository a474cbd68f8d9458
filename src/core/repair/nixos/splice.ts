// Changes to a text as insertions at places, written in the style of the lines around them. All else stays byte for byte.
import type { AttrSet, Binding, List } from './tree.ts'

/** `text` in place of what stands from start to end. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with all splices made; they must not overlap. */
export function applySplices(source: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => b.start - a.start)
  return ordered.reduce(
    (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end),
    source,
  )
}

/** The file's own line ending. */
export function newlineOf(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n'
}

/** The blanks that begin the line of `at`. */
function indentAt(source: string, at: number): string {
  const line = source.slice(source.lastIndexOf('\n', at - 1) + 1)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

/** What one level deeper adds, as the file itself does it. */
export function indentUnit(source: string): string {
  const first = /^(?:\t| {2,8}(?=\S))/m.exec(source)?.[0]
  return first ?? '  '
}

const isFirstOnLine = (source: string, at: number) =>
  source.slice(source.lastIndexOf('\n', at - 1) + 1, at).trim() === ''

/** Where the line ends, if after `at` it holds only blanks and comments; else `at`. */
function lineEnd(source: string, at: number): number {
  const rest = /[ \t]*(?:\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)*(?:#[^\r\n]*)?(?=\r?\n|$)/y
  rest.lastIndex = at
  const found = rest.exec(source)
  return found === null ? at : at + found[0].length
}

/** Adds items at the end of a list: one a line where the list has one a line, else beside the last. */
export function addItems(source: string, list: List, items: readonly string[]): Splice {
  const newline = newlineOf(source)
  const last = list.items.at(-1)
  const inside = source.slice(list.start + 1, list.end - 1)
  if (last !== undefined) {
    if (!isFirstOnLine(source, last.start)) return insert(last.end, items.map((item) => ` ${item}`).join(''))
    const indent = indentAt(source, last.start)
    return insert(lineEnd(source, last.end), items.map((item) => `${newline}${indent}${item}`).join(''))
  }
  if (inside.trim() === '' && !inside.includes('\n') && items.length === 1)
    return { start: list.start + 1, end: list.end - 1, text: ` ${items[0]} ` }
  const indent = indentAt(source, list.start)
  const lines = items.map((item) => `${newline}${indent}${indentUnit(source)}${item}`).join('')
  const at = lineEnd(source, list.start + 1)
  return insert(at, inside.includes('\n') ? lines : `${lines}${newline}${indent}`)
}

/** How a binding is written at the indentation it will have; `flat` where it has to fit on one line. */
export type Writer = (indent: string, flat: boolean) => string

/**
 * Adds bindings to a set, after one of its own or after the last. `apart` leaves a blank line before, where the set's
 * bindings stand on lines of their own.
 */
export function addBindings(
  source: string,
  set: AttrSet,
  after: Binding | undefined,
  writers: readonly Writer[],
  apart = false,
): Splice {
  const newline = newlineOf(source)
  const before = after ?? set.bindings.at(-1)
  const flat = !source.slice(set.start, set.end).includes('\n')
  if (flat) {
    const texts = writers.map((write) => write('', true)).join(' ')
    if (before !== undefined) return insert(before.end, ` ${texts}`)
    const isEmpty = source.slice(set.inner, set.end - 1).trim() === ''
    return isEmpty
      ? { start: set.inner, end: set.end - 1, text: ` ${texts} ` }
      : insert(set.inner, ` ${texts}`)
  }
  const indent =
    before === undefined || !isFirstOnLine(source, before.start)
      ? `${indentAt(source, set.start)}${indentUnit(source)}`
      : indentAt(source, before.start)
  const gap = apart && before !== undefined ? newline : ''
  const lines = writers.map((write) => `${gap}${newline}${indent}${write(indent, false)}`).join('')
  const at = lineEnd(source, before?.end ?? set.inner)
  const isCrowded = apart && /^\r?\n[ \t]*[^\s}]/.test(source.slice(at, at + 200))
  return insert(at, isCrowded ? `${lines}${newline}` : lines)
}

/** Adds a binding before all others of a set, with a blank line after it where they stand on lines of their own. */
export function addFirst(source: string, set: AttrSet, write: Writer): Splice {
  if (set.bindings.length === 0) return addBindings(source, set, undefined, [write])
  const flat = !source.slice(set.start, set.end).includes('\n')
  if (flat) return insert(set.inner, ` ${write('', true)}`)
  const newline = newlineOf(source)
  const first = set.bindings[0]
  const at = lineEnd(source, set.inner)
  const indent =
    first === undefined || !isFirstOnLine(source, first.start)
      ? `${indentAt(source, set.start)}${indentUnit(source)}`
      : indentAt(source, first.start)
  return insert(at, `${newline}${indent}${write(indent, false)}${newline}`)
}

const insert = (at: number, text: string): Splice => ({ start: at, end: at, text })
