// Reads Nix source into its tree. Recursive descent over the tokens; grammar after Nix's own parser.y.
import { plainString } from './literal.ts'
import {
  binary,
  expect,
  isName,
  isSign,
  isWord,
  keywords,
  peek,
  type Reader,
  takeSign,
  takeWord,
  unexpected,
} from './reader.ts'
import { NotNix, type Token, tokens } from './tokens.ts'
import type { Attr, AttrSet, Binding, Node } from './tree.ts'

/** Characters and levels: more is not written by hand. Keeps the worst text under a second. */
const maxLength = 128 * 1024
const maxDepth = 300

/** The tree of one file. Throws NotNix, with the place, where it cannot be read. */
export function parseNix(source: string): Node {
  if (source.length > maxLength) throw new NotNix('more than a configuration file holds', 0)
  // Nix ends at a NUL and takes a byte order mark for a character: neither is a file to edit.
  const odd = source.search(/[\0\uFEFF]/)
  if (odd >= 0) throw new NotNix('a character that is no text', odd)
  const reader: Reader = { all: tokens(source), at: 0, depth: 0 }
  const node = expression(reader)
  if (peek(reader).kind !== 'end') throw unexpected(peek(reader))
  return node
}

function expression(reader: Reader): Node {
  if (++reader.depth > maxDepth) throw new NotNix('nested too deeply', peek(reader).start)
  const node = wrapped(reader)
  reader.depth--
  return node
}

function wrapped(reader: Reader): Node {
  const { start } = peek(reader)
  if (isFunction(reader)) return fn(reader, start)
  if (takeWord(reader, 'with') || takeWord(reader, 'assert')) {
    const head = expression(reader)
    expect(reader, ';')
    return wrap(start, [head], expression(reader))
  }
  if (isWord(peek(reader), 'let') && !isSign(peek(reader, 1), '{')) {
    reader.at++
    const bindings = bindingsUntil(reader, (token) => isWord(token, 'in'))
    reader.at++
    const body = expression(reader)
    return { kind: 'let', start, end: body.end, bindings, body }
  }
  if (takeWord(reader, 'if')) {
    const parts = [expression(reader)]
    for (const word of ['then', 'else']) {
      if (!takeWord(reader, word)) throw unexpected(peek(reader))
      parts.push(expression(reader))
    }
    return { kind: 'if', start, end: peek(reader, -1).end, parts }
  }
  return operation(reader)
}

const wrap = (start: number, head: readonly Node[], body: Node): Node => ({
  kind: 'wrap',
  start,
  end: body.end,
  head,
  body,
})

/** `x: …`, `x@{…}: …`, `{…}: …`, `{…}@x: …`. A { opens a function's head when its } is followed by : or @. */
function isFunction(reader: Reader): boolean {
  const [first, second, third] = [peek(reader), peek(reader, 1), peek(reader, 2)]
  if (isName(first)) return isSign(second, ':') || isSign(second, '@')
  if (!isSign(first, '{')) return false
  if (isSign(second, '}')) return isSign(third, ':') || isSign(third, '@')
  if (isSign(second, '...')) return true
  return isName(second) && [',', '?', '}'].some((sign) => isSign(third, sign))
}

function fn(reader: Reader, start: number): Node {
  const head: Node[] = []
  for (;;) {
    if (isSign(peek(reader), '{')) formals(reader, head)
    else reader.at++
    if (!takeSign(reader, '@')) break
  }
  expect(reader, ':')
  return wrap(start, head, expression(reader))
}

function formals(reader: Reader, defaults: Node[]): void {
  expect(reader, '{')
  while (!takeSign(reader, '}')) {
    if (!takeSign(reader, '...')) {
      if (!isName(peek(reader))) throw unexpected(peek(reader))
      reader.at++
      if (takeSign(reader, '?')) defaults.push(expression(reader))
    }
    if (!takeSign(reader, ',') && !isSign(peek(reader), '}')) throw unexpected(peek(reader))
  }
}

function operation(reader: Reader): Node {
  const { start } = peek(reader)
  const operands = [operand(reader)]
  const signs: string[] = []
  for (;;) {
    const token = peek(reader)
    if (takeSign(reader, '?')) {
      attrPath(reader)
      signs.push('?')
    } else if (token.kind === 'op' && binary.has(token.text)) {
      reader.at++
      signs.push(token.text)
      operands.push(operand(reader))
    } else break
  }
  const [only] = operands
  if (only !== undefined && signs.length === 0) return only
  return { kind: 'operation', start, end: peek(reader, -1).end, operands, signs }
}

function operand(reader: Reader): Node {
  const token = peek(reader)
  if (takeSign(reader, '!') || takeSign(reader, '-')) {
    if (++reader.depth > maxDepth) throw new NotNix('nested too deeply', token.start)
    const inside = operand(reader)
    reader.depth--
    return { kind: 'operation', start: token.start, end: inside.end, operands: [inside], signs: [token.text] }
  }
  const callee = select(reader)
  const args: Node[] = []
  while (startsSimple(peek(reader))) args.push(select(reader))
  const last = args.at(-1)
  return last === undefined ? callee : { kind: 'apply', start: callee.start, end: last.end, fn: callee, args }
}

function startsSimple(token: Token): boolean {
  switch (token.kind) {
    case 'id':
      return !keywords.has(token.text) || token.text === 'rec' || token.text === 'let'
    case 'op':
      return token.text === '(' || token.text === '[' || token.text === '{'
    case 'end':
      return false
    default:
      return true
  }
}

function select(reader: Reader): Node {
  const from = simple(reader)
  if (!takeSign(reader, '.')) return from
  const path = attrPath(reader)
  // `a.b or c`: `or` is a word only here.
  const other = takeWord(reader, 'or') ? [select(reader)] : []
  const node: Node = { kind: 'select', start: from.start, end: peek(reader, -1).end, from, path }
  return other.length === 0
    ? node
    : { kind: 'operation', start: node.start, end: node.end, operands: [node, ...other], signs: ['or'] }
}

function simple(reader: Reader): Node {
  const token = peek(reader)
  reader.at++
  if (isSign(token, '(')) {
    const inside = expression(reader)
    expect(reader, ')')
    return { kind: 'paren', start: token.start, end: peek(reader, -1).end, inside }
  }
  if (isSign(token, '[')) return list(reader, token.start)
  if (isSign(token, '{')) return attrSet(reader, token.start)
  if (isWord(token, 'rec') || isWord(token, 'let')) {
    expect(reader, '{')
    return attrSet(reader, token.start)
  }
  if (token.kind === 'op' || token.kind === 'end' || (token.kind === 'id' && keywords.has(token.text)))
    throw unexpected(token)
  return { kind: token.kind, text: token.text, start: token.start, end: token.end }
}

function list(reader: Reader, start: number): Node {
  const items: Node[] = []
  while (!takeSign(reader, ']')) {
    if (!startsSimple(peek(reader))) throw unexpected(peek(reader))
    if (++reader.depth > maxDepth) throw new NotNix('nested too deeply', start)
    items.push(select(reader))
    reader.depth--
  }
  return { kind: 'list', start, end: peek(reader, -1).end, items }
}

/** After its {. */
function attrSet(reader: Reader, start: number): AttrSet {
  const inner = peek(reader, -1).end
  const bindings = bindingsUntil(reader, (token) => isSign(token, '}'))
  reader.at++
  return { kind: 'set', start, end: peek(reader, -1).end, bindings, inner }
}

function bindingsUntil(reader: Reader, isEnd: (token: Token) => boolean): readonly Binding[] {
  const bindings: Binding[] = []
  while (!isEnd(peek(reader))) bindings.push(binding(reader))
  return bindings
}

function binding(reader: Reader): Binding {
  const { start } = peek(reader)
  if (takeWord(reader, 'inherit')) {
    if (takeSign(reader, '(')) {
      expression(reader)
      expect(reader, ')')
    }
    const names: Attr[] = []
    while (!isSign(peek(reader), ';')) names.push(attr(reader))
    reader.at++
    return { kind: 'inherit', start, end: peek(reader, -1).end, names }
  }
  const path = attrPath(reader)
  expect(reader, '=')
  const value = expression(reader)
  expect(reader, ';')
  return { kind: 'bind', start, end: peek(reader, -1).end, path, value }
}

function attrPath(reader: Reader): readonly Attr[] {
  const path = [attr(reader)]
  while (takeSign(reader, '.')) path.push(attr(reader))
  return path
}

function attr(reader: Reader): Attr {
  const token = peek(reader)
  reader.at++
  if (isName(token)) return token.text
  if (token.kind === 'string') return plainString(token.text)
  if (!isSign(token, '${')) throw unexpected(token)
  expression(reader)
  expect(reader, '}')
  return null
}
