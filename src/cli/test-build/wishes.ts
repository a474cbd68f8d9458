// What a test build is to be like, and the quick way to read it off the command line, without commander.
import { defaultPayload, maxPayload, minPayload } from '../../core/test-build/probe.ts'
import { locales } from '../../shared/locale.ts'
import { parseDuration, parseSize } from './size.ts'

/** What a test build is to be like; the rest of the command line says how it is shown. */
export interface Wishes {
  readonly payloadBytes: number
  /** ms; null: enough for the payload. */
  readonly timeoutMs: number | null
  /** Host, store URI or id of a builder. */
  readonly builder: string | null
}

/** They change nothing of the build. */
const switches = ['--json', '--no-color', '--ask-root'] as const

/** The wishes of plain arguments; null where they must be read with care: help, an abbreviation, any mistake. */
export function plainWishes(args: readonly string[]): Wishes | null {
  let wishes: Wishes = { payloadBytes: defaultPayload, timeoutMs: null, builder: null }
  for (let at = 0; at < args.length; at += 1) {
    const [, name, given] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(args[at] ?? '') ?? []
    if (switches.some((one) => one === name) && given === undefined) continue
    const value = given ?? args[++at]
    if (value === undefined || value === '' || value.startsWith('-')) return null
    const read = withValue(wishes, name, value)
    if (read === null) return null
    wishes = read
  }
  return wishes
}

function withValue(wishes: Wishes, name: string | undefined, value: string): Wishes | null {
  switch (name) {
    case '--payload': {
      const payloadBytes = parseSize(value)
      const fits = payloadBytes !== null && payloadBytes >= minPayload && payloadBytes <= maxPayload
      return fits ? { ...wishes, payloadBytes } : null
    }
    case '--timeout': {
      const timeoutMs = parseDuration(value)
      return timeoutMs === null ? null : { ...wishes, timeoutMs }
    }
    case '--builder':
      return { ...wishes, builder: value }
    case '--locale':
      return locales.some((one) => one === value) ? wishes : null
    default:
      return null
  }
}
