// Nix values a person writes down plainly: read from source and printed as source.
import { lastName, type Node } from './tree.ts'

export type NixValue = boolean | number | string | readonly string[]

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** What a "string" literal says; null where it holds an interpolation, or is the '' kind. */
export function plainString(literal: string): string | null {
  if (!literal.startsWith('"')) return null
  const inside = literal.slice(1, -1)
  if (inside.replaceAll(/\\[\s\S]/g, '_').includes('${')) return null
  return inside.replaceAll(/\\([\s\S])/g, (_, sign: string) => escapes[sign] ?? sign)
}

/** The value a node plainly is; null where only an evaluation would know. */
export function literalOf(node: Node): NixValue | null {
  switch (node.kind) {
    case 'paren':
      return literalOf(node.inside)
    case 'id':
      return node.text === 'true' ? true : node.text === 'false' ? false : null
    case 'number':
      return /^\d+$/.test(node.text) ? Number(node.text) : null
    case 'string':
      return plainString(node.text)
    case 'list': {
      const items = node.items.map(literalOf)
      const texts = items.filter((item) => typeof item === 'string')
      return texts.length === items.length ? texts : null
    }
    default:
      return null
  }
}

/** `mkDefault x`, `lib.mkForce x`, `mkIf c x`: the function's name and its last argument; null for anything else. */
export function marked(node: Node): { readonly name: string; readonly value: Node } | null {
  if (node.kind === 'paren') return marked(node.inside)
  const value = node.kind === 'apply' ? node.args.at(-1) : undefined
  const name = node.kind === 'apply' ? lastName(node.fn) : null
  return value === undefined || name === null || !name.startsWith('mk') ? null : { name, value }
}

/** A string as Nix source, on one line; no character of it can end the string or begin an interpolation. */
export function printString(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `"${escaped}"`
}

/** A value as Nix source; a list of more than one item gets a line for each, indented by `indent` and `unit`. */
export function printValue(value: NixValue, indent = '', unit = '  ', newline = '\n'): string {
  if (typeof value === 'string') return printString(value)
  if (typeof value !== 'object') return String(value)
  const items = value.map(printString)
  if (items.length === 0) return '[ ]'
  if (items.length === 1) return `[ ${items[0]} ]`
  return ['[', ...items.map((item) => `${indent}${unit}${item}`), `${indent}]`].join(newline)
}

/** An attribute's name as it is written: quoted where it must be. */
export function printName(name: string): string {
  const words = ['let', 'in', 'with', 'assert', 'if', 'then', 'else', 'rec', 'inherit', 'or']
  return /^[A-Za-z_][A-Za-z0-9_'-]*$/.test(name) && !words.includes(name) ? name : printString(name)
}
