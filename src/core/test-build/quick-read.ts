// The two shapes that make up most of a stream, read without JSON.parse: the end of an activity and a row of numbers.
// Nix writes its keys sorted and without blanks; anything that looks different is left to JSON.parse.
import type { NixEvent } from './protocol.ts'

const stop = '@nix {"action":"stop","id":'
const numbers = '@nix {"action":"result","fields":['
const id = '],"id":'
const type = ',"type":'
const zero = 48
const nine = 57
const comma = 44
/** Fewer digits than this are exact in a double. */
const maxDigits = 15

/** The event of a line, or null where it is of another shape. */
export function quickRead(line: string): NixEvent | null {
  if (line.startsWith(numbers)) return quickResult(line)
  return line.startsWith(stop) ? quickStop(line) : null
}

function quickStop(line: string): NixEvent | null {
  const end = digitsEnd(line, stop.length)
  return end === stop.length || end !== line.length - 1 || line[end] !== '}'
    ? null
    : { kind: 'stop', id: line.slice(stop.length, end) }
}

function quickResult(line: string): NixEvent | null {
  const fields: number[] = []
  let at = numbers.length
  for (;;) {
    const end = digitsEnd(line, at)
    if (end === at || end - at > maxDigits) return null
    fields.push(number(line, at, end))
    at = end + 1
    if (line.charCodeAt(end) !== comma) break
  }
  at -= 1
  if (!line.startsWith(id, at)) return null
  const idEnd = digitsEnd(line, at + id.length)
  if (idEnd === at + id.length || !line.startsWith(type, idEnd)) return null
  const typeEnd = digitsEnd(line, idEnd + type.length)
  const digits = typeEnd - idEnd - type.length
  if (digits === 0 || digits > maxDigits || typeEnd !== line.length - 1 || line[typeEnd] !== '}') return null
  return {
    kind: 'result',
    id: line.slice(at + id.length, idEnd),
    type: number(line, idEnd + type.length, typeEnd),
    fields,
  }
}

/** Where the run of decimal digits that begins at `from` ends. */
export function digitsEnd(line: string, from: number): number {
  let at = from
  for (let code = line.charCodeAt(at); code >= zero && code <= nine; code = line.charCodeAt(at)) at += 1
  return at
}

function number(line: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = value * 10 + line.charCodeAt(at) - zero
  return value
}
