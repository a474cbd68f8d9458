// The command line of offload-repair: what it may say, and what is said when it says something else.
import { Argument, Command } from 'commander'
import { type LaptopWish, whatIsWrong } from '../../shared/laptop-side.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import { type StepId, stepIds } from '../../shared/repair.ts'
import {
  localeOption,
  readArguments,
  type Said,
  withCommonOptions,
  wordsFor,
  wrongUsage,
} from '../command-line.ts'

const verbs = ['survey', 'plan', 'apply', 'laptop', 'remove'] as const
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
  readonly skip: readonly StepId[]
  readonly choices: readonly (readonly [step: StepId, option: string])[]
  /** With `plan`: print these steps' programs instead, whole. */
  readonly showProgram: readonly StepId[] | null
  readonly yes: boolean
  readonly testBuild: boolean
  /** Whether this laptop's own files may be changed after the desktop's. */
  readonly laptop: boolean
  /** With `laptop`: what the person knows. */
  readonly wish: Pick<LaptopWish, 'first' | 'newAddress' | 'cacheKey'>
  readonly json: boolean
  readonly color: boolean
  readonly locale: Locale | null
}

export type Parsed = { readonly kind: 'run'; readonly options: RepairOptions } | Said

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
  readonly skip?: string
  readonly choose?: string
  readonly showProgram?: string
  readonly yes?: true
  readonly testBuild: boolean
  readonly laptop: boolean
  readonly first?: string
  readonly newAddress?: string
  readonly cacheKey?: string
  readonly json?: true
  readonly color: boolean
  readonly locale?: string
}

/** Reads the arguments (without node and script). `spoken` is the language of help and errors, unless --locale says. */
export function parseOptions(args: readonly string[], spoken: Locale, version: string): Parsed {
  const words = wordsFor(args, spoken)
  const command = describe(words, version)
  const said = readArguments(command, args, words, words.repair.seeHelp)
  return said ?? checked(command.args[0], command.opts<Raw>(), words)
}

/** Wrong usage, also where it only shows later. */
export function wrong(text: string, words: Messages): Said {
  return wrongUsage(text, words.repair.seeHelp)
}

function describe(words: Messages, version: string): Command {
  const { cli, repair } = words
  const abouts = [
    `  survey  ${repair.surveyAbout}`,
    `  plan    ${repair.planAbout}`,
    `  apply   ${repair.applyAbout}`,
    `  laptop  ${words.laptopSide.cliAbout}`,
    `  remove  ${repair.removeAbout}`,
  ]
  const command = new Command('offload-repair')
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
    .option('--skip <steps>', repair.skipOption)
    .option('--choose <choices>', repair.chooseOption)
    .option('--show-program <steps>', repair.programOption)
    .option('--yes', repair.yesOption)
    .option('--no-test-build', repair.noTestBuildOption)
    .option('--no-laptop', words.laptopSide.cliNoLaptop)
    .option('--first <user@host>', words.laptopSide.cliFirst)
    .option('--new-address <host>', words.laptopSide.cliNewAddress)
    .option('--cache-key <key>', words.laptopSide.cliCacheKey)
    .option('--builder <name>', repair.builderOption)
    .option('--json', repair.jsonOption)
    .configureHelp({ visibleArguments: () => [] })
  const codes = [
    `  0  ${repair.exitDone}`,
    `  1  ${repair.exitFailed}`,
    `  2  ${cli.exitUsage}`,
    `  3  ${repair.exitUndecided}`,
  ]
  const after = `${repair.secretsNote}\n\n${cli.exitCodesTitle}\n${codes.join('\n')}`
  return withCommonOptions(command, words, version, after)
}

function checked(verb: string | undefined, raw: Raw, words: Messages): Parsed {
  const { repair, cli } = words
  const known = verbs.find((one) => one === verb)
  if (known === undefined)
    return wrong(fill(cli.badValue, { what: verb ?? 'offload-repair', choices: verbs.join(', ') }), words)
  const [user, host] = splitAdmin(raw.admin)
  const only = raw.only === undefined ? null : listOf(raw.only)
  const skip = listOf(raw.skip ?? '')
  const programs = raw.showProgram === undefined ? null : listOf(raw.showProgram)
  const unknown = [...(only ?? []), ...skip, ...(programs ?? [])].find((one) => !isStep(one))
  if (unknown !== undefined)
    return wrong(fill(repair.noSuchStep, { what: unknown, choices: stepIds.join(', ') }), words)
  const choices = raw.choose?.split(',').map((one) => one.trim().split('=')) ?? []
  const odd = choices.find(([step = '', option]) => !isStep(step) || option === undefined || option === '')
  if (odd !== undefined) return wrong(fill(repair.badChoice, { what: odd.join('=') }), words)
  if (raw.acceptHostKey !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(raw.acceptHostKey))
    return wrong(fill(repair.badFingerprint, { what: raw.acceptHostKey }), words)
  const wish = wishOf(raw)
  const wrongWish = known === 'laptop' ? whatIsWrong(wish) : Object.keys(wish).length > 0 ? '' : null
  if (wrongWish !== null)
    return wrong(
      fill(wrongWish === '' ? words.laptopSide.cliOnlyLaptop : words.laptopSide.cliWrong, {
        what: wrongWish,
      }),
      words,
    )
  if (programs !== null && known !== 'plan')
    return wrong(fill(cli.notTogether, { one: '--show-program', other: known }), words)
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
      skip: skip.filter(isStep),
      choices: choices.flatMap(([step = '', option = '']) => (isStep(step) ? [[step, option] as const] : [])),
      showProgram: programs?.filter(isStep) ?? null,
      yes: raw.yes ?? false,
      testBuild: raw.testBuild,
      laptop: raw.laptop,
      wish,
      json: raw.json ?? false,
      color: raw.color,
      locale: localeOption(raw.locale),
    },
  }
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function wishOf({ first, newAddress, cacheKey }: Raw): RepairOptions['wish'] {
  const [user, host] = splitAdmin(first)
  return {
    ...(first === undefined ? {} : { first: { user: user ?? '', host: host ?? '' } }),
    ...(newAddress === undefined ? {} : { newAddress }),
    ...(cacheKey === undefined ? {} : { cacheKey }),
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
