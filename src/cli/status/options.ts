// The command line of offload-status: what it may say, and what is said when it says something else.
import { Command, CommanderError, Option } from 'commander'
import { demoFaultIds, isDemoFault } from '../../shared/demo-faults.ts'
import { fill, type Locale, locales } from '../../shared/locale.ts'
import { messagesFor } from '../../shared/messages/index.ts'
import { usageExit } from './exit-code.ts'

export interface StatusOptions {
  readonly format: 'plain' | 'json' | 'waybar'
  readonly watch: boolean
  readonly demo: boolean
  readonly faults: readonly string[]
  readonly color: boolean
  /** null: from the settings, else the environment. */
  readonly locale: Locale | null
}

export type Parsed =
  | { readonly kind: 'run'; readonly options: StatusOptions }
  /** Help or the version (code 0, to stdout), or wrong usage (code 2, to stderr). */
  | { readonly kind: 'say'; readonly text: string; readonly code: number }

interface Raw {
  readonly json?: true
  readonly watch?: true
  readonly waybar?: true
  readonly demo?: true
  readonly fault?: readonly string[]
  readonly color: boolean
  readonly locale?: string
}

/** Reads the arguments (without node and script). `spoken` is the language of help and errors, unless --locale says. */
export function parseOptions(args: readonly string[], spoken: Locale, version: string): Parsed {
  const locale = localeArgument(args) ?? spoken
  const words = messagesFor(locale).cli
  let printed = ''
  const command = new Command('offload-status')
    .description(words.statusAbout)
    .option('--json', words.jsonOption)
    .option('--watch', words.watchOption)
    .option('--waybar', words.waybarOption)
    .option('--demo', words.demoOption)
    .addOption(
      new Option('--fault <id>', words.faultOption).argParser((id: string, all: string[] = []) => [
        ...all,
        id,
      ]),
    )
    .option('--no-color', words.noColorOption)
    .option('--locale <locale>', words.localeOption)
    .helpOption('-h, --help', words.helpOption)
    .version(version, '-V, --version', words.versionOption)
    .allowExcessArguments(false)
    .configureHelp({
      styleTitle: (title) => titles(words)[title] ?? title,
      sortOptions: false,
    })
    .addHelpText('after', `\n${exitCodes(words)}`)
    .usage(words.usage)
    .exitOverride()
    .configureOutput({
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

type Words = ReturnType<typeof messagesFor>['cli']

function checked(raw: Raw, words: Words): Parsed {
  const locale = locales.find((one) => one === raw.locale) ?? null
  if (raw.locale !== undefined && locale === null)
    return wrong(fill(words.badValue, { what: `--locale ${raw.locale}`, choices: locales.join(', ') }), words)
  if (raw.json && raw.waybar)
    return wrong(fill(words.notTogether, { one: '--json', other: '--waybar' }), words)
  if (raw.fault !== undefined && !raw.demo) return wrong(words.needsDemo, words)
  const unknown = raw.fault?.find((id) => !isDemoFault(id))
  if (unknown !== undefined)
    return wrong(
      fill(words.badValue, { what: `--fault ${unknown}`, choices: demoFaultIds.join(', ') }),
      words,
    )
  return {
    kind: 'run',
    options: {
      format: raw.json ? 'json' : raw.waybar ? 'waybar' : 'plain',
      watch: raw.watch ?? false,
      demo: raw.demo ?? false,
      faults: raw.fault ?? [],
      color: raw.color,
      locale,
    },
  }
}

function wrong(text: string, words: Words): Parsed {
  return { kind: 'say', text: `${text}\n${words.seeHelp}\n`, code: usageExit }
}

function usageText(error: CommanderError, args: readonly string[], words: Words): string {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownOption':
      return fill(words.unknownOption, { what: quoted })
    case 'commander.excessArguments':
      return fill(words.unknownArgument, {
        what: args.filter((arg) => !arg.startsWith('-')).join(' '),
      })
    case 'commander.optionMissingArgument':
      return fill(words.missingValue, { what: quoted })
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

function titles(words: Words): Readonly<Record<string, string>> {
  return { 'Usage:': words.usageTitle, 'Options:': words.optionsTitle }
}

function exitCodes(words: Words): string {
  const lines = [
    `  0  ${words.exitReady}`,
    `  1  ${words.exitDegraded}`,
    `  2  ${words.exitUsage}`,
    `  3  ${words.exitLocal}`,
    `  4  ${words.exitUnconfigured}`,
  ]
  return [words.exitCodesTitle, ...lines, words.exitAlways].join('\n')
}
