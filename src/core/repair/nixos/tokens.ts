// Splits Nix source into tokens with their places: enough of Nix's lexer that nothing in a string or comment is ever taken for code.

export type TokenKind = 'id' | 'number' | 'string' | 'path' | 'uri' | 'op' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** The source, quotes and all; an operator's or keyword's own sign. */
  readonly text: string
  /** Offsets in UTF-16 units; `end` is the first one after. */
  readonly start: number
  readonly end: number
}

/** Thrown inside this folder only: where the source stops being Nix as far as we read it. The faces turn it into a refusal. */
export class NotNix extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** Strings within strings deeper than any file a person writes. */
const maxDepth = 50

/** Operators of two characters, all between two operands. */
export const longBinary = ['++', '//', '->', '&&', '||', '==', '!=', '<=', '>=', '|>', '<|']

const operators = ['...', ...longBinary, '${', ...'{}[]().,:;@?=+-*/!<>']

// Sticky, so that each is tried at one place only. After flex's rules in Nix's own lexer.l.
const blank = /[ \t\r\n]+|#[^\r\n]*|\/\*[\s\S]*?\*\//y
const searchPath = /<[A-Za-z0-9._+-]+(?:\/[A-Za-z0-9._+-]+)*>/y
const uri = /[A-Za-z][A-Za-z0-9+.-]{0,255}:[A-Za-z0-9%/?:@&=+$,_.!~*'-]+/y
const pathStart = /(?:[A-Za-z0-9._+-]{0,255}|~)(?:\/(?:[A-Za-z0-9._+-]+|(?=\$\{)))/y
const pathPart = /[A-Za-z0-9._+/-]+/y
const number = /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y
const name = /[A-Za-z_][A-Za-z0-9_'-]*/y

/** All tokens but blanks and comments, ending in one `end`. Throws NotNix. */
export function tokens(source: string): readonly Token[] {
  const found: Token[] = []
  let at = skipBlank(source, 0)
  while (at < source.length) {
    const token = tokenAt(source, at, 0)
    found.push(token)
    at = skipBlank(source, token.end)
  }
  found.push({ kind: 'end', text: '', start: source.length, end: source.length })
  return found
}

/** The first offset from `at` on that is neither blank nor comment. */
function skipBlank(source: string, at: number): number {
  let next = at
  for (;;) {
    const text = matchAt(blank, source, next)
    if (text === null) break
    next += text.length
  }
  if (source.startsWith('/*', next)) throw new NotNix('a comment that does not end', next)
  return next
}

function tokenAt(source: string, at: number, depth: number): Token {
  const token = (kind: TokenKind, end: number): Token => ({
    kind,
    text: source.slice(at, end),
    start: at,
    end,
  })
  if (depth > maxDepth) throw new NotNix('strings nested too deeply', at)
  if (source[at] === '"') return token('string', endOfString(source, at + 1, depth))
  if (source.startsWith("''", at)) return token('string', endOfIndented(source, at + 2, depth))
  const search = matchAt(searchPath, source, at)
  if (search !== null) return token('path', at + search.length)
  const begin = matchAt(pathStart, source, at)
  if (begin !== null) return token('path', endOfPath(source, at, at + begin.length, depth))
  const link = matchAt(uri, source, at)
  if (link !== null) return token('uri', at + link.length)
  const digits = matchAt(number, source, at)
  if (digits !== null) return token('number', at + digits.length)
  const word = matchAt(name, source, at)
  // Longer than the patterns look ahead (which keeps them from looking far at every dot) is no name of a person's.
  if (word !== null && word.length > 255) throw new NotNix('a name without end', at)
  if (word !== null) return token('id', at + word.length)
  const sign = operators.find((one) => source.startsWith(one, at))
  if (sign !== undefined) return token('op', at + sign.length)
  throw new NotNix('a character that is no Nix', at)
}

/** After the closing quote of a "string" whose inside begins at `from`. */
function endOfString(source: string, from: number, depth: number): number {
  let at = from
  while (at < source.length) {
    if (source[at] === '"') return at + 1
    if (source[at] === '\\') at += 2
    // A $ takes the next character with it, so $${ opens nothing and $$${ does.
    else if (source[at] === '$' && !'{"\\'.includes(source[at + 1] ?? '"')) at += 2
    else if (source.startsWith('${', at)) at = endOfInterpolation(source, at + 2, depth)
    else at++
  }
  throw new NotNix('a string that does not end', from - 1)
}

/** After the closing '' of an indented string: ''' and ''$ and ''\x are escapes, not its end. */
function endOfIndented(source: string, from: number, depth: number): number {
  let at = from
  while (at < source.length) {
    if (source.startsWith("'''", at) || source.startsWith("''$", at)) at += 3
    else if (source.startsWith("''\\", at)) at += 4
    else if (source.startsWith("''", at)) return at + 2
    else if (source[at] === '$' && !"{'".includes(source[at + 1] ?? "'")) at += 2
    else if (source.startsWith('${', at)) at = endOfInterpolation(source, at + 2, depth)
    else at++
  }
  throw new NotNix("a '' string that does not end", from - 2)
}

/** After the } that closes a ${ whose inside begins at `from`: tokens are read, so a } in a string there does not count. */
function endOfInterpolation(source: string, from: number, depth: number): number {
  let open = 1
  let at = skipBlank(source, from)
  while (at < source.length) {
    const token = tokenAt(source, at, depth + 1)
    if (token.kind === 'op' && (token.text === '{' || token.text === '${')) open++
    if (token.kind === 'op' && token.text === '}') open--
    if (open === 0) return token.end
    at = skipBlank(source, token.end)
  }
  throw new NotNix('a ${ that does not end', from - 2)
}

function endOfPath(source: string, start: number, from: number, depth: number): number {
  let at = from
  for (;;) {
    const part = matchAt(pathPart, source, at)
    if (part !== null) at += part.length
    else if (source.startsWith('${', at)) at = endOfInterpolation(source, at + 2, depth)
    else break
  }
  if (source[at - 1] === '/') throw new NotNix('a path that ends in /', start)
  return at
}

/** What the sticky pattern matches at `at`; null where it does not or matches nothing. */
function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at
  const text = pattern.exec(source)?.[0]
  return text === undefined || text === '' ? null : text
}
