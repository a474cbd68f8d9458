// A desktop's new host key in place of its old one: in its rows, and in ssh's files for everybody. Files that this app does
// not change are told instead, line by line. Pure.
import type { AddressPlace } from '../../shared/laptop-side.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { fingerprintOf, type KeyLine, parseKeyLine } from '../desktop/key-blob.ts'
import { hostsMatch, type KnownHostLine, knownHostName, parseKnownHosts } from '../desktop/known-hosts.ts'
import { withHostKey } from '../desktop/trust.ts'
import type { Builder } from '../laptop/facts.ts'
import type { Ground } from './ground.ts'
import { hostKeyColumn, pinRow } from './machines-edit.ts'
import type { Known } from './needs.ts'
import { linesOf, shownText, type Texts, withText } from './texts.ts'

export interface Renewed {
  readonly texts: Texts
  /** SHA256:… of the keys that were found stale. */
  readonly from: readonly string[]
  /** A row pins an old key, or ssh's files for everybody hold one that no pin outweighs: Nix's ssh refuses the desktop. */
  readonly stopsNix: boolean
  /** Lines with an old key in files that are only told. */
  readonly places: readonly AddressPlace[]
}

/** Exchanges every key that was this desktop's before. Nothing is stale where the key of today is not known. */
export function renewHostKey(texts: Texts, known: Known, ground: Ground): Renewed {
  const { builder, hostKeyLine } = known
  const key = hostKeyLine === null ? null : parseKeyLine(hostKeyLine)
  if (builder === null || key === null || hostKeyLine === null)
    return { texts, from: [], stopsNix: false, places: [] }
  const accepted = known.renewal?.accepted === true
  const rows = ground.seen.facts.builders.filter((one) => isSame(one, builder) && pinsOther(one, key))
  const name = knownHostName(builder.address)
  const files = ground.knownHosts.flatMap((file) => {
    const text = texts.get(file)
    const stale = text == null ? [] : staleLines(text, name, key, accepted)
    return text == null || stale.length === 0 ? [] : [{ file, text, stale }]
  })
  let next = texts
  for (const row of rows) next = pinRow(next, row.source, row.uri, hostKeyLine)
  const offered = { type: key.type, blob: key.blob, fingerprint: fingerprintOf(key.blob) }
  for (const { file, text } of files)
    if (!ground.told.has(file)) next = withText(next, file, withHostKey(text, name, offered))
  const old = [
    ...rows.flatMap((row) => parseKeyLine(row.hostKeyLine ?? '') ?? []),
    ...files.flatMap(({ stale }) => stale),
  ]
  const from = [...new Set(old.map(({ blob }) => fingerprintOf(blob)))]
  const stopsNix =
    rows.some((row) => row.id === builder.id) || (files.length > 0 && builder.hostKeyLine === null)
  return { texts: next, from, stopsNix, places: toldPlaces(texts, ground, { key, old, name, accepted }) }
}

const isSame = (one: Builder, { address }: Builder) =>
  one.address.host === address.host && one.address.port === address.port

function pinsOther({ hostKeyLine }: Builder, key: KeyLine): boolean {
  const pinned = hostKeyLine === null ? null : parseKeyLine(hostKeyLine)
  return pinned !== null && !pinned.blob.equals(key.blob)
}

/**
 * The lines for exactly this name that hold another key. A host may have a key of each type: a line of another type is
 * only stale where the person said that the desktop's keys are new.
 */
function staleLines(text: string, name: string, key: KeyLine, accepted: boolean): readonly KnownHostLine[] {
  return parseKnownHosts(text).lines.filter(
    ({ marker, hosts, type, blob }) =>
      marker === 'none' &&
      namesExactly(hosts, name) &&
      !blob.equals(key.blob) &&
      (accepted || type === key.type),
  )
}

function namesExactly(hosts: string, name: string): boolean {
  return hosts.startsWith('|')
    ? hostsMatch(hosts, name)
    : hosts.split(',').some((one) => one.toLowerCase() === name)
}

interface Exchange {
  readonly key: KeyLine
  readonly old: readonly { readonly blob: Buffer }[]
  readonly name: string
  readonly accepted: boolean
}

/** What the person or NixOS writes: the person's own known_hosts, and the lines of a configuration. */
function toldPlaces(texts: Texts, { told, knownHosts }: Ground, exchange: Exchange): readonly AddressPlace[] {
  return [...told].flatMap((file) => {
    const text = texts.get(file)
    if (text == null) return []
    if (file.endsWith('.nix')) return linesWith(file, text, (line) => exchanged(line, exchange))
    if (!file.endsWith('known_hosts') && !knownHosts.includes(file)) return []
    const stale = new Set(
      staleLines(text, exchange.name, exchange.key, exchange.accepted).map(({ line }) => line),
    )
    return linesWith(file, text, (line, number) =>
      stale.has(number) ? `${exchange.name} ${keyWords(exchange.key)}` : line,
    )
  })
}

function linesWith(
  file: string,
  text: string,
  change: (line: string, number: number) => string,
): readonly AddressPlace[] {
  return linesOf(text).flatMap(({ text: line }, index) => {
    const after = change(line, index + 1)
    return after === line
      ? []
      : [{ file, line: index + 1, before: shown(line), after: shown(after), ours: false }]
  })
}

/** A line of a configuration: the old key as it stands in a key line, or in base64 once more as Nix's rows have it. */
function exchanged(line: string, { key, old }: Exchange): string {
  return line.replace(
    /(?:([\w@.-]+) )?([A-Za-z0-9+/]{40,}={0,2})/g,
    (whole, type: string | undefined, word: string) => {
      const isOld = (blob: Buffer) => old.some((one) => one.blob.equals(blob))
      if (isOld(Buffer.from(word, 'base64')))
        return type === undefined ? key.blob.toString('base64') : keyWords(key)
      const inner = parseKeyLine(Buffer.from(word, 'base64').toString('utf8'))
      return inner === null || !isOld(inner.blob) ? whole : whole.replace(word, hostKeyColumn(keyWords(key)))
    },
  )
}

const keyWords = ({ type, blob }: Pick<KeyLine, 'type' | 'blob'>) => `${type} ${blob.toString('base64')}`

const shown = (bytes: string) => cleanText(shownText(bytes).trim(), 300)
