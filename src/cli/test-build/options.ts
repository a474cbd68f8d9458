// The command line of offload-test-build: what it may say, and what is said when it says something else.
import { Command, CommanderError, Option } from 'commander'
import { defaultPayload, maxPayload, minPayload } from '../../core/test-build/probe.ts'
import { fill, type Locale, locales } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import { parseDuration, parseSize, sizeText } from './size.ts'

export interface TestBuildOptions {
  readonly json: boolean
  readonly payloadBytes: number
  /** ms; null: enough for the payload. */
  readonly timeoutMs: number | null
  /** Host, store URI or id of a builder. */
  readonly builder: string | null
  readonly color: boolean
  /** null: from the settings, else the environment. */
  readonly locale: Locale | null
}

export type Parsed =
  | { readonly kind: 'run'; readonly options: TestBuildOptions }
  /** Help or the version (code 0, to stdout), or wrong usage (code 2, to stderr). */
  | { readonly kind: 'say'; readonly text: string; readonly code: number }

/** Exit codes are API. */
export const exitCodes = { built: 0, notBuilt: 1, usage: 2 } as const

interface Raw {
  readonly json?: true
  readonly payload?: string
  readonly timeout?: string
  readonly builder?: string
  readonly color: boolean
  readonly locale?: string
}

/** Reads the arguments (without node and script). `spoken` is the language of help and errors, unless --locale says. */
export function parseOptions(args: readonly string[], spoken: Locale, version: string): Parsed {
  const words = messagesFor(localeArgument(args) ?? spoken)
  let printed = ''
  const command = describe(words, version).configureOutput({
    writeOut: (text) => {
      printed += text
    },
    writeErr: () => undefined,
  })
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'say', text: printed, code: 0 }
    return wrong(usageText(error, args, words), words)
  }
  return checked(command.opts<Raw>(), words)
}

/** Wrong usage that only shows later: a builder nobody knows. */
export function wrong(text: string, words: Messages): Extract<Parsed, { kind: 'say' }> {
  return { kind: 'say', text: `${text}\n${words.testBuild.cli.seeHelp}\n`, code: exitCodes.usage }
}

function describe(words: Messages, version: string): Command {
  const { cli } = words
  const own = words.testBuild.cli
  const titles: Readonly<Record<string, string>> = { 'Usage:': cli.usageTitle, 'Options:': cli.optionsTitle }
  return new Command('offload-test-build')
    .description(own.about)
    .option('--json', own.jsonOption)
    .option('--payload <size>', own.payloadOption)
    .option('--timeout <time>', own.timeoutOption)
    .option('--builder <name>', own.builderOption)
    .option('--no-color', cli.noColorOption)
    .addOption(new Option('--locale <locale>', cli.localeOption).choices(locales))
    .helpOption('-h, --help', cli.helpOption)
    .version(version, '-V, --version', cli.versionOption)
    .allowExcessArguments(false)
    .configureHelp({ styleTitle: (title) => titles[title] ?? title, sortOptions: false })
    .addHelpText(
      'after',
      `\n${cli.exitCodesTitle}\n  0  ${own.exitBuilt}\n  1  ${own.exitNotBuilt}\n  2  ${cli.exitUsage}`,
    )
    .exitOverride()
}

function checked(raw: Raw, words: Messages): Parsed {
  const own = words.testBuild.cli
  const payloadBytes = raw.payload === undefined ? defaultPayload : parseSize(raw.payload)
  if (payloadBytes === null || payloadBytes < minPayload || payloadBytes > maxPayload) {
    const limits = { min: sizeText(minPayload), max: sizeText(maxPayload) }
    return wrong(fill(own.badPayload, { what: raw.payload ?? '', ...limits }), words)
  }
  const timeoutMs = raw.timeout === undefined ? null : parseDuration(raw.timeout)
  if (raw.timeout !== undefined && timeoutMs === null)
    return wrong(fill(own.badTimeout, { what: raw.timeout }), words)
  return {
    kind: 'run',
    options: {
      json: raw.json ?? false,
      payloadBytes,
      timeoutMs,
      builder: raw.builder ?? null,
      color: raw.color,
      locale: locales.find((one) => one === raw.locale) ?? null,
    },
  }
}

function usageText(error: CommanderError, args: readonly string[], words: Messages): string {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownOption':
      return fill(words.cli.unknownOption, { what: quoted })
    case 'commander.excessArguments':
      return fill(words.cli.unknownArgument, { what: args.filter((arg) => !arg.startsWith('-')).join(' ') })
    case 'commander.optionMissingArgument':
      return fill(words.cli.missingValue, { what: quoted })
    case 'commander.invalidArgument':
      return fill(words.cli.badValue, { what: quoted, choices: locales.join(', ') })
    default:
      return error.message
  }
}

/** Help itself is in the asked language, so it is looked for before the rest is parsed. */
function localeArgument(args: readonly string[]): Locale | undefined {
  const at = args.indexOf('--locale')
  const value = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--locale='))?.slice(9)
  return locales.find((one) => one === value)
}
