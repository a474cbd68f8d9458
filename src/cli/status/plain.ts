// The snapshot for people: the three sections with their checks, the headline with its age, a line for each cause.
import { causes } from '../../shared/causes.ts'
import { commandFor } from '../../shared/command.ts'
import { type Cause, causesOf, headline } from '../../shared/headline.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import type { Params } from '../../shared/outcome.ts'
import { type Check, type CheckState, provenAt, type Snapshot } from '../../shared/status.ts'
import { accessSection, cacheSection, connectionSection, type Section } from './headings.ts'
import { oneLine } from './one-line.ts'
import type { Paint } from './paint.ts'

export interface PlainOptions {
  readonly locale: Locale
  readonly paint: Paint
  /** ms since 1970, for the proof's age */
  readonly now: number
}

interface Row {
  /** Whose check it is, where there are several. */
  readonly owner: string
  readonly check: Check
}

const symbols: Readonly<Record<CheckState, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  skip: '–',
  unknown: '?',
}

/** The whole text, ending in a newline. */
export function statusText(snapshot: Snapshot, options: PlainOptions): string {
  const words = messagesFor(options.locale)
  const blocks = [
    sectionText(connectionSection(snapshot), builderRows(snapshot, ['reachable']), words, options),
    sectionText(
      accessSection(snapshot),
      [
        ...builderRows(snapshot, ['host-key', 'builder-key', 'remote-nix']),
        ...laptopRows(snapshot, ['nix-config', 'builder-key-file', 'nfs-mount']),
      ],
      words,
      options,
    ),
    sectionText(
      cacheSection(snapshot),
      [...cacheRows(snapshot), ...laptopRows(snapshot, ['cache-trust', 'fallback'])],
      words,
      options,
    ),
    summary(snapshot, words, options),
    causesOf(snapshot)
      .map((cause) => causeLine(cause, words, options.paint))
      .join('\n'),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** A cause: what is wrong with the command that mends or shows it, and below what to do. Without a command, one line. */
function causeLine(cause: Cause, words: Messages, paint: Paint): string {
  const params = cleaned(cause.params)
  const { title, fix } = words.causes[cause.code]
  const command = commandFor(cause.code, params)
  const { runOn } = causes[cause.code]
  const desktop = String(params['host'] ?? words.cli.theDesktop)
  const place = runOn === 'desktop' ? `${fill(words.cli.onDesktop, { host: desktop })}: ` : ''
  const toDo = fill(fix, params)
  const wrong = `${paint(cause.check.state, symbols[cause.check.state])} ${fill(title, params)}`
  return command === null ? `${wrong} → ${toDo}` : `${wrong} → ${place}${command}\n  ${toDo}`
}

/** "3 s", "2 min", "5 h" */
export function ageText(ms: number, words: Messages): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 90) return fill(words.cli.seconds, { count: seconds })
  if (seconds < 5400) return fill(words.cli.minutes, { count: Math.round(seconds / 60) })
  return fill(words.cli.hours, { count: Math.round(seconds / 3600) })
}

function summary(snapshot: Snapshot, words: Messages, options: PlainOptions): string {
  const at = provenAt(snapshot)
  const age =
    at === undefined
      ? words.cli.notProven
      : fill(words.cli.proven, { age: ageText(options.now - Date.parse(at), words) })
  return `${options.paint('strong', oneLine(headline(snapshot, options.locale)))}. ${age}`
}

function sectionText(
  section: Section,
  rows: readonly Row[],
  words: Messages,
  { locale, paint }: PlainOptions,
): string {
  const cells = rows.map((row) => cellsOf(row, words, locale))
  const width = (column: 0 | 1 | 2) => Math.max(0, ...cells.map((cell) => cell[column].length))
  const lines = rows.map(({ check }, index) => {
    const [name, state, time, note] = cells[index] ?? ['', '', '', '']
    const told = `${symbols[check.state]} ${name.padEnd(width(0))}  ${state.padEnd(width(1))}`
    return `   ${paint(check.state, told)}  ${time.padStart(width(2))}  ${note}`.trimEnd()
  })
  return [section.heading, ...section.lines.map(oneLine), ...lines].join('\n')
}

function cellsOf(
  { owner, check }: Row,
  words: Messages,
  locale: Locale,
): readonly [string, string, string, string] {
  const name = `${owner === '' ? '' : `${owner}: `}${words.status.checks[check.id]}`
  const time = check.ms > 0 && check.state !== 'skip' ? `${tenths(check.ms, locale)} ms` : ''
  const note = check.note === undefined ? '' : words.notes[check.note]
  return [name, words.status.states[check.state], time, note]
}

/** As Intl.NumberFormat would, without the time that its first use takes. */
function tenths(value: number, locale: Locale): string {
  const text = value.toFixed(1)
  return locale === 'pt-BR' ? text.replace('.', ',') : text
}

function builderRows(snapshot: Snapshot, ids: readonly Check['id'][]): readonly Row[] {
  const many = snapshot.builders.length > 1
  return snapshot.builders.flatMap((builder) =>
    builder.checks
      .filter((check) => ids.includes(check.id))
      .map((check) => ({ owner: many ? oneLine(builder.host) : '', check })),
  )
}

function cacheRows(snapshot: Snapshot): readonly Row[] {
  const many = snapshot.caches.length > 1
  return snapshot.caches.flatMap((cache) =>
    cache.checks.map((check) => ({ owner: many ? oneLine(cache.url) : '', check })),
  )
}

function laptopRows(snapshot: Snapshot, ids: readonly Check['id'][]): readonly Row[] {
  return snapshot.laptop.checks
    .filter((check) => ids.includes(check.id))
    .map((check) => ({ owner: '', check }))
}

/** Values may come from a server: one line each, nothing that acts on a terminal. */
function cleaned(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? value : oneLine(value)]),
  )
}
