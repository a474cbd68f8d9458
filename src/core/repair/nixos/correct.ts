// Makes one setting hold where it is defined already: a plain value is replaced, a plain list is added to.
import { Refusal } from './edit.ts'
import { plainLists } from './flake.ts'
import { literalOf, marked, type NixValue, printString, printValue } from './literal.ts'
import type { Definition } from './settings.ts'
import { addItems, type Splice } from './splice.ts'
import { type Node, unwrap } from './tree.ts'

/** Throws Refusal where the value is computed, conditional, forced, or given more than once with different values. */
export function correct(
  source: string,
  name: string,
  wanted: NixValue,
  defined: readonly [Definition, ...Definition[]],
): readonly Splice[] {
  if (typeof wanted === 'object') return addToList(source, name, wanted, defined)
  if (defined.every((one) => !one.isConditional && literalOf(plain(one.value)) === wanted)) return []
  const [only, second] = defined
  const at = only.value.start
  if (second !== undefined) throw new Refusal('several', { what: name }, second.value.start)
  if (only.isConditional) throw new Refusal('conditional', { what: name }, at)
  const mark = marked(only.value)
  const isPlain = mark === null || mark.name === 'mkDefault'
  const value = plain(only.value)
  if (!isPlain || literalOf(value) === null) throw new Refusal('not-plain', { what: name }, at)
  // Only the value itself: a mkDefault around it stays, and so does a comment between them.
  return [{ start: value.start, end: value.end, text: printValue(wanted) }]
}

/** Through mkDefault, mkForce and their kin to the value. */
function plain(value: Node): Node {
  const mark = marked(value)
  return mark === null ? unwrap(value) : unwrap(mark.value)
}

function addToList(
  source: string,
  name: string,
  wanted: readonly string[],
  defined: readonly Definition[],
): readonly Splice[] {
  const open = defined.filter((one) => !one.isConditional)
  const lists = open.flatMap(({ value }) => plainLists(plain(value)))
  const there = lists.flatMap(({ items }) => items.map(literalOf)).filter((item) => typeof item === 'string')
  const missing = wanted.filter((item) => !there.some((other) => identity(other) === identity(item)))
  if (missing.length === 0) return []
  const [list] = lists
  const at = defined[0]?.value.start ?? null
  if (list !== undefined) return [addItems(source, list, missing.map(printString))]
  throw new Refusal(open.length === 0 ? 'conditional' : 'not-plain', { what: name }, at)
}

/** What makes two key lines the same key: the blob, whatever options stand before and comment after it. */
function identity(item: string): string {
  return item.split(/\s+/).find((word) => word.startsWith('AAAA')) ?? item
}
