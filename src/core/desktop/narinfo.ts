// The narinfo format, read as Nix reads it (src/libstore/nar-info.cc): unknown fields pass, broken ones do not.
import { parseSha256, toNix32 } from './nix-hash.ts'

export interface Narinfo {
  /** "/nix/store/HASH-NAME" */
  readonly storePath: string
  readonly url: string
  /** "sha256:" and 52 characters of Nix's base 32, however the server wrote it. */
  readonly narHash: string
  readonly narSize: number
  /** Base names, as the server listed them. */
  readonly references: readonly string[]
  /** "name:base64", each Sig line. */
  readonly signatures: readonly string[]
}

export type ParsedNarinfo =
  | { readonly ok: true; readonly narinfo: Narinfo }
  /** `what`: which line or field stopped it, in English, for the details. */
  | { readonly ok: false; readonly what: string }

/** Reads a narinfo. Pure; never throws. */
export function parseNarinfo(text: string): ParsedNarinfo {
  const fields = new Map<string, string>()
  const signatures: string[] = []
  const lines = text.split('\n')
  // Nix wants every line ended; what follows the last newline must be nothing.
  if (lines.pop() !== '') return broken('the last line is not ended')
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(':')
    if (colon < 0) return broken(`line ${index + 1} has no ":"`)
    const name = line.slice(0, colon)
    const value = line.slice(colon + 2)
    if (name === 'Sig') signatures.push(value)
    else if (name === 'References' && fields.has(name)) return broken('References stands twice')
    else fields.set(name, value)
  }
  return assemble(fields, signatures)
}

/** What a signature is made over (Nix's path-info.cc): `1;path;hash;size;references`, full paths, sorted, by comma. */
export function narinfoFingerprint(narinfo: Narinfo): string {
  const storeDir = narinfo.storePath.slice(0, narinfo.storePath.lastIndexOf('/'))
  const references = [...new Set(narinfo.references)].sort().map((name) => `${storeDir}/${name}`)
  return ['1', narinfo.storePath, narinfo.narHash, narinfo.narSize, references.join(',')].join(';')
}

function assemble(fields: ReadonlyMap<string, string>, signatures: readonly string[]): ParsedNarinfo {
  const storePath = fields.get('StorePath') ?? ''
  if (!/^\/.+\/[0-9a-z]{32}-[\w+.?=-]+$/.test(storePath)) return broken('StorePath')
  const url = fields.get('URL') ?? ''
  if (url === '') return broken('URL')
  const hash = parseSha256(fields.get('NarHash') ?? '')
  if (hash === null) return broken('NarHash')
  const size = fields.get('NarSize') ?? ''
  const narSize = /^\d{1,15}$/.test(size) ? Number(size) : 0
  if (narSize === 0) return broken('NarSize')
  const references = (fields.get('References') ?? '').split(/[ \t]+/).filter((name) => name !== '')
  if (references.some((name) => !/^[0-9a-z]{32}-[\w+.?=-]+$/.test(name))) return broken('References')
  const narHash = `sha256:${toNix32(hash)}`
  return { ok: true, narinfo: { storePath, url, narHash, narSize, references, signatures } }
}

function broken(what: string): ParsedNarinfo {
  return { ok: false, what }
}
