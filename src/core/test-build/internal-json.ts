// Reads a stream of internal-json: bytes in, typed events out. Whatever comes in, it neither throws nor grows.
import { StringDecoder } from 'node:string_decoder'
import type { Field, NixEvent } from './protocol.ts'
import { digitsEnd, quickRead } from './quick-read.ts'

/** Longer lines are skipped but for their beginning, in characters. A build log line of this length helps nobody. */
const maxLineChars = 1_000_000
const headChars = 2_000

const prefix = '@nix '
const esc = String.fromCharCode(27)
/** A colour or carriage return that some program left before the prefix. \s is that too: named twice, thirty take minutes. */
const leftover = new RegExp(`^(?:${esc}\\[[0-9;]*[A-Za-z]|\\s)*$`)

/** Takes a stream piece by piece; it never throws. */
export interface NixEventParser {
  /** The events that this piece of the stream completes. Bytes that are no UTF-8 become U+FFFD. */
  push(bytes: Buffer): NixEvent[]
  /** The event of a last line without its end. */
  end(): NixEvent[]
}

/** A parser for one stream. It holds at most one unfinished line of `limit` characters. */
export function createParser(limit: number = maxLineChars): NixEventParser {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let skipped = 0
  const finish = (line: string, events: NixEvent[]) => {
    if (skipped > 0) {
      events.push({ kind: 'oversized', head: rest, chars: skipped + line.length })
      skipped = 0
    } else readLine(rest === '' ? line : rest + line, events, limit)
    rest = ''
  }
  const keep = (piece: string) => {
    if (skipped > 0) skipped += piece.length
    else if (rest.length + piece.length <= limit) rest += piece
    else {
      skipped = rest.length + piece.length
      rest = copied((rest + piece.slice(0, headChars)).slice(0, headChars))
    }
  }
  const take = (text: string) => {
    const events: NixEvent[] = []
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      finish(text.slice(from, at), events)
      from = at + 1
    }
    if (from < text.length) keep(copied(text.slice(from)))
    return events
  }
  return {
    push: (bytes) => take(decoder.write(bytes)),
    end: () => {
      const events = take(decoder.end())
      if (rest !== '' || skipped > 0) finish('', events)
      return events
    },
  }
}

/** A slice keeps the whole chunk alive in V8; what outlives the chunk is copied. */
function copied(text: string): string {
  return text.length < 1_000 ? Buffer.from(text, 'utf16le').toString('utf16le') : text
}

function readLine(line: string, events: NixEvent[], limit: number): void {
  if (line.length > limit) {
    events.push({ kind: 'oversized', head: copied(line.slice(0, headChars)), chars: line.length })
    return
  }
  if (line.startsWith(prefix)) {
    const event = quickRead(line) ?? parseMessage(line.slice(prefix.length))
    events.push(event ?? { kind: 'text', text: line })
    return
  }
  readMixed(line, events)
}

/** A line of another program; Nix's own message may stand behind words that had no line end. */
function readMixed(line: string, events: NixEvent[]): void {
  const at = line.indexOf(`${prefix}{`)
  const event = at < 0 ? null : parseMessage(line.slice(at + prefix.length))
  const before = event === null ? line : line.slice(0, at)
  if (!leftover.test(before)) events.push({ kind: 'text', text: before })
  if (event !== null) events.push(event)
}

interface Wire {
  readonly action?: unknown
  readonly id?: unknown
  readonly parent?: unknown
  readonly level?: unknown
  readonly type?: unknown
  readonly text?: unknown
  readonly msg?: unknown
  readonly fields?: unknown
}

function parseMessage(json: string): NixEvent | null {
  let wire: Wire
  try {
    wire = JSON.parse(json) as Wire
  } catch {
    return null
  }
  if (typeof wire !== 'object' || wire === null || typeof wire.action !== 'string') return null
  switch (wire.action) {
    case 'result':
      return {
        kind: 'result',
        id: idOf(wire.id, json, '"id":'),
        type: numberOf(wire.type),
        fields: fieldsOf(wire.fields),
      }
    case 'start':
      return {
        kind: 'start',
        id: idOf(wire.id, json, '"id":'),
        parent: idOf(wire.parent, json, '"parent":'),
        level: numberOf(wire.level),
        type: numberOf(wire.type),
        text: textOf(wire.text),
        fields: fieldsOf(wire.fields),
      }
    case 'stop':
      return { kind: 'stop', id: idOf(wire.id, json, '"id":') }
    case 'msg':
      return { kind: 'message', level: numberOf(wire.level), text: textOf(wire.msg) }
    default:
      return { kind: 'unknown', action: wire.action.slice(0, 100) }
  }
}

/**
 * The id as Nix wrote it. Above 2^53 JSON.parse has rounded it, so its digits are read from the text: inside a JSON
 * string every quote is escaped, so `"id":` can only be the key. (Cutting a text is also faster than printing a number.)
 */
function idOf(value: unknown, json: string, key: string): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '0'
  if (value === 0) return '0'
  const from = json.indexOf(key) + key.length
  const end = digitsEnd(json, from)
  return end > from ? json.slice(from, end) : String(value)
}

const none: readonly Field[] = []

function fieldsOf(value: unknown): readonly Field[] {
  if (!Array.isArray(value)) return none
  const all: readonly unknown[] = value
  return all.every(isField) ? all : all.map((one) => (isField(one) ? one : JSON.stringify(one)))
}

function isField(value: unknown): value is Field {
  return typeof value === 'string' || typeof value === 'number'
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : -1
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
