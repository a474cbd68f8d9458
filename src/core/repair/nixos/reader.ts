// The tokens of a Nix file under a finger that goes on: what is next, and is it what is expected.
import { longBinary, NotNix, type Token } from './tokens.ts'

export interface Reader {
  readonly all: readonly Token[]
  at: number
  depth: number
}

/** Operators between two operands. */
export const binary = new Set([...longBinary, '+', '-', '*', '/', '<', '>'])

export const keywords = new Set(['let', 'in', 'with', 'assert', 'if', 'then', 'else', 'rec', 'inherit'])

export function peek(reader: Reader, ahead = 0): Token {
  const token = reader.all[reader.at + ahead] ?? reader.all.at(-1)
  if (token === undefined) throw new NotNix('nothing', 0)
  return token
}

export const isSign = (token: Token, sign: string) => token.kind === 'op' && token.text === sign
export const isWord = (token: Token, word: string) => token.kind === 'id' && token.text === word
export const isName = (token: Token) => token.kind === 'id' && !keywords.has(token.text)

export function takeSign(reader: Reader, sign: string): boolean {
  if (!isSign(peek(reader), sign)) return false
  reader.at++
  return true
}

export function takeWord(reader: Reader, word: string): boolean {
  if (!isWord(peek(reader), word)) return false
  reader.at++
  return true
}

export function expect(reader: Reader, sign: string): void {
  if (!takeSign(reader, sign)) throw unexpected(peek(reader))
}

export const unexpected = (token: Token) =>
  new NotNix(
    token.kind === 'end' ? 'the end, too early' : `an unexpected ${token.text.slice(0, 20)}`,
    token.start,
  )
