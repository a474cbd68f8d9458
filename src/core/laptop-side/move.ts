// "The desktop's address changed": every line that names the old one, told as one change. Pure.
import { isIP } from 'node:net'
import type { AddressPlace } from '../../shared/laptop-side.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { linesOf, shownText, type Texts, withLine, withText } from './texts.ts'

/** How a file writes addresses, and where its comments begin. */
export type FileKind = 'nix' | 'ssh' | 'hosts'

export interface Moved {
  readonly texts: Texts
  readonly places: readonly AddressPlace[]
}

/** Exchanges the address in all the files, comments apart. `ours`: which files we change; the others are only told. */
export function moveAddress(
  texts: Texts,
  kinds: ReadonlyMap<string, FileKind>,
  from: string,
  to: string,
  ours: (file: string) => boolean,
): Moved {
  const places: AddressPlace[] = []
  let next = texts
  for (const [file, kind] of kinds) {
    const text = next.get(file)
    if (text == null) continue
    let changed = text
    for (const [index, { text: line }] of linesOf(text).entries()) {
      const moved = movedLine(line, kind, from, to)
      if (moved === line) continue
      changed = withLine(changed, index + 1, moved)
      const both = { before: shown(line), after: shown(moved) }
      places.push({ file, line: index + 1, ...both, ours: ours(file) })
    }
    if (ours(file)) next = withText(next, file, changed)
  }
  return { texts: next, places }
}

/** One line with the address exchanged where it stands for itself: 10.0.0.6 is not in 10.0.0.60 or x10.0.0.6. */
function movedLine(line: string, kind: FileKind, from: string, to: string): string {
  const at = commentStart(line, kind)
  const code = line.slice(0, at)
  const place = kind === 'nix' ? bracketed(from) : from
  const next = kind === 'nix' ? bracketed(to) : to
  const pattern = new RegExp(`(?<![\\w.:-])${escaped(place)}(?![\\w-]|\\.\\w)`, 'gi')
  return code.replace(pattern, next) + line.slice(at)
}

function commentStart(line: string, kind: FileKind): number {
  if (kind === 'ssh') return line.trimStart().startsWith('#') ? 0 : line.length
  const at = line.indexOf('#')
  return at < 0 ? line.length : at
}

/** In URLs and store URIs. */
const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host)

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const shown = (bytes: string) => cleanText(shownText(bytes).trim(), 300)

/** The address that /etc/hosts gives a name; null where it does not know it. */
export function hostsAddress(text: string | null, name: string): string | null {
  for (const { text: line } of linesOf(text ?? '')) {
    const [address = '', ...names] = line.replace(/#.*$/s, '').trim().split(/\s+/)
    if (names.some((one) => one.toLowerCase() === name.toLowerCase())) return address
  }
  return null
}
