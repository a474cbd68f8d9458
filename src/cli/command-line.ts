// What the command lines have in common: the options that all take, and how wrong usage is said.
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { fill, type Locale, locales } from '../shared/locale.ts'
import { type Messages, messagesFor } from '../shared/messages/index.ts'

/** Help or the version (code 0, to stdout), or wrong usage (code 2, to stderr). */
export interface Said {
  readonly kind: 'say'
  readonly text: string
  readonly code: number
}

/** The code for wrong usage, of every command. */
const usageExit = 2

/** The words to answer in. Help itself is in the asked language, so --locale is looked for before the rest is parsed. */
export function wordsFor(args: readonly string[], spoken: Locale): Messages {
  const at = args.indexOf('--locale')
  const value = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--locale='))?.slice(9)
  return messagesFor(localeOption(value) ?? spoken)
}

/** The value of --locale; null where there is none. */
export function localeOption(value: string | undefined): Locale | null {
  return locales.find((one) => one === value) ?? null
}

/** Adds the options that every command takes; `after` stands below the help. */
export function withCommonOptions(
  command: Command,
  { cli }: Messages,
  version: string,
  after: string,
): Command {
  const titles: Readonly<Record<string, string>> = { 'Usage:': cli.usageTitle, 'Options:': cli.optionsTitle }
  return command
    .option('--no-color', cli.noColorOption)
    .addOption(new Option('--locale <locale>', cli.localeOption).argParser(knownLocale))
    .helpOption('-h, --help', cli.helpOption)
    .version(version, '-V, --version', cli.versionOption)
    .allowExcessArguments(false)
    .configureHelp({
      ...command.configureHelp(),
      styleTitle: (title) => titles[title] ?? title,
      sortOptions: false,
    })
    .addHelpText('after', `\n${after}`)
    .exitOverride()
}

/** Reads the arguments into the command; null when all is well, else what is to be said instead of running. */
export function readArguments(
  command: Command,
  args: readonly string[],
  words: Messages,
  seeHelp: string,
): Said | null {
  let printed = ''
  command.configureOutput({
    writeOut: (text) => {
      printed += text
    },
    writeErr: () => undefined,
  })
  try {
    command.parse(args, { from: 'user' })
    const { cli } = words
    const left = command.options.find((option) => option.required && !isGiven(command, option))
    return left === undefined ? null : wrongUsage(fill(cli.missingValue, { what: left.flags }), seeHelp)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'say', text: printed, code: 0 }
    const more = command.args.slice(command.registeredArguments.length)
    return wrongUsage(usageText(error, more, words), seeHelp)
  }
}

/** Nobody means an empty value, nor the next option as one, though commander takes both. */
function isGiven(command: Command, option: Option): boolean {
  const value: unknown = command.getOptionValue(option.attributeName())
  return value !== '' && !(typeof value === 'string' && value.startsWith('--'))
}

/** Wrong usage: what is wrong, and where to read on. */
export function wrongUsage(text: string, seeHelp: string): Said {
  return { kind: 'say', text: `${text}\n${seeHelp}\n`, code: usageExit }
}

/** As Option.choices would, without its English words in the help. */
function knownLocale(value: string): string {
  if (localeOption(value) === null)
    throw new InvalidArgumentError(`Allowed choices are ${locales.join(', ')}.`)
  return value
}

/** Commander's errors in our words; what it quotes is all that is taken from its own. `more`: arguments beyond the known. */
function usageText(error: CommanderError, more: readonly string[], { cli }: Messages): string {
  const [first = '', second] = [...error.message.matchAll(/'([^']*)'/g)].map((quoted) => quoted[1] ?? '')
  switch (error.code) {
    case 'commander.unknownOption':
      return fill(cli.unknownOption, { what: first })
    case 'commander.excessArguments':
      return fill(cli.unknownArgument, { what: more.join(' ') })
    case 'commander.optionMissingArgument':
      return fill(cli.missingValue, { what: first })
    case 'commander.invalidArgument': {
      const choices = /choices are (.*)\.$/.exec(error.message)?.[1] ?? ''
      const what = first.startsWith('-') ? `${first.replace(/ .*/, '')} ${second ?? ''}` : first
      return fill(cli.badValue, { what, choices })
    }
    default:
      return error.message
  }
}
