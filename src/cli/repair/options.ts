// The command line of offload-repair: what it may say, and what is said when it says something else.
import { Argument, Command, CommanderError, Option } from 'commander'
import { fill, type Locale, locales } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import { type StepId, stepIds } from '../../shared/repair.ts'

export const verbs = ['plan', 'apply', 'remove'] as const
export type Verb = (typeof verbs)[number]

export interface RepairOptions {
  readonly verb: Verb
  /** USER of --admin; null: from the settings or ssh_config. */
  readonly user: string | null
  /** Host, URI or id of a builder: --builder, else HOST of --admin. */
  readonly builder: string | null
  readonly identity: string | null
  /** Which secrets stdin holds, in this order. */
  readonly stdin: { readonly passphrase: boolean; readonly password: boolean; readonly sudo: boolean }
  readonly acceptHostKey: string | null
  readonly only: readonly StepId[] | null
  readonly choices: readonly (readonly [step: StepId, option: string])[]
  readonly yes: boolean
  readonly testBuild: boolean
  readonly json: boolean
  readonly color: boolean
  readonly locale: Locale | null
}

export type Parsed =
  | { readonly kind: 'run'; readonly options: RepairOptions }
  /** Help or the version (code 0, to stdout), or wrong usage (code 2, to stderr). */
  | { readonly kind: 'say'; readonly text: string; readonly code: number }

/** Exit codes are API. */
export const exitCodes = { done: 0, failed: 1, usage: 2, undecided: 3 } as const

interface Raw {
  readonly admin?: string
  readonly builder?: string
  readonly identity?: string
  readonly passphraseStdin?: true
  readonly passwordStdin?: true
  readonly sudoPasswordStdin?: true
  readonly acceptHostKey?: string
  readonly only?: string
  readonly choose?: string
  readonly yes?: true
  readonly testBuild: boolean
  readonly json?: true
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
  return checked(command.args[0], command.opts<Raw>(), words)
}

/** Wrong usage, also where it only shows later. */
export function wrong(text: string, words: Messages): Extract<Parsed, { kind: 'say' }> {
  return { kind: 'say', text: `${text}\n${words.repair.seeHelp}\n`, code: exitCodes.usage }
}

function describe(words: Messages, version: string): Command {
  const { cli, repair } = words
  const titles: Readonly<Record<string, string>> = {
    'Usage:': cli.usageTitle,
    'Options:': cli.optionsTitle,
    'Arguments:': repair.commandsTitle,
  }
  const abouts = [
    `  plan    ${repair.planAbout}`,
    `  apply   ${repair.applyAbout}`,
    `  remove  ${repair.removeAbout}`,
  ]
  return new Command('offload-repair')
    .description(`${repair.about}\n\n${repair.commandsTitle}\n${abouts.join('\n')}`)
    .usage(`<${verbs.join('|')}> ${cli.usage}`)
    .addArgument(new Argument('[command]').choices(verbs))
    .option('--admin <user@host>', repair.adminOption)
    .option('--identity <file>', repair.identityOption)
    .option('--passphrase-stdin', repair.passphraseOption)
    .option('--password-stdin', repair.passwordOption)
    .option('--sudo-password-stdin', repair.sudoOption)
    .option('--accept-host-key <fingerprint>', repair.acceptOption)
    .option('--only <steps>', repair.onlyOption)
    .option('--choose <choices>', repair.chooseOption)
    .option('--yes', repair.yesOption)
    .option('--no-test-build', repair.noTestBuildOption)
    .option('--builder <name>', repair.builderOption)
    .option('--json', repair.jsonOption)
    .option('--no-color', cli.noColorOption)
    .addOption(new Option('--locale <locale>', cli.localeOption).choices(locales))
    .helpOption('-h, --help', cli.helpOption)
    .version(version, '-V, --version', cli.versionOption)
    .allowExcessArguments(false)
    .configureHelp({
      styleTitle: (title) => titles[title] ?? title,
      sortOptions: false,
      visibleArguments: () => [],
    })
    .addHelpText(
      'after',
      `\n${repair.secretsNote}\n\n${cli.exitCodesTitle}\n  0  ${repair.exitDone}\n  1  ${repair.exitFailed}\n  2  ${cli.exitUsage}\n  3  ${repair.exitUndecided}`,
    )
    .exitOverride()
}

function checked(verb: string | undefined, raw: Raw, words: Messages): Parsed {
  const { repair, cli } = words
  const known = verbs.find((one) => one === verb)
  if (known === undefined)
    return wrong(fill(cli.badValue, { what: verb ?? 'offload-repair', choices: verbs.join(', ') }), words)
  const [user, host] = splitAdmin(raw.admin)
  const only = raw.only?.split(',').map((one) => one.trim()) ?? null
  const unknown = only?.find((one) => !isStep(one))
  if (unknown !== undefined)
    return wrong(fill(repair.noSuchStep, { what: unknown, choices: stepIds.join(', ') }), words)
  const choices = raw.choose?.split(',').map((one) => one.trim().split('=')) ?? []
  const odd = choices.find(([step = '', option]) => !isStep(step) || option === undefined || option === '')
  if (odd !== undefined) return wrong(fill(repair.badChoice, { what: odd.join('=') }), words)
  if (raw.acceptHostKey !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(raw.acceptHostKey))
    return wrong(fill(repair.badFingerprint, { what: raw.acceptHostKey }), words)
  if (raw.passwordStdin && raw.identity !== undefined)
    return wrong(fill(cli.notTogether, { one: '--password-stdin', other: '--identity' }), words)
  return {
    kind: 'run',
    options: {
      verb: known,
      user,
      builder: raw.builder ?? host,
      identity: raw.identity ?? null,
      stdin: {
        passphrase: raw.passphraseStdin ?? false,
        password: raw.passwordStdin ?? false,
        sudo: raw.sudoPasswordStdin ?? false,
      },
      acceptHostKey: raw.acceptHostKey ?? null,
      only: only?.filter(isStep) ?? null,
      choices: choices.flatMap(([step = '', option = '']) => (isStep(step) ? [[step, option] as const] : [])),
      yes: raw.yes ?? false,
      testBuild: raw.testBuild,
      json: raw.json ?? false,
      color: raw.color,
      locale: locales.find((one) => one === raw.locale) ?? null,
    },
  }
}

function isStep(text: string): text is StepId {
  return (stepIds as readonly string[]).includes(text)
}

/** USER@HOST, or USER alone; the last "@" counts, as for ssh. */
function splitAdmin(admin: string | undefined): readonly [user: string | null, host: string | null] {
  if (admin === undefined) return [null, null]
  const at = admin.lastIndexOf('@')
  if (at < 0) return [admin, null]
  return [admin.slice(0, at), admin.slice(at + 1).replace(/^\[(.*)\]$/, '$1') || null]
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
    case 'commander.invalidArgument': {
      const choices = error.message.includes('--locale') ? locales : verbs
      return fill(words.cli.badValue, { what: quoted, choices: choices.join(', ') })
    }
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
