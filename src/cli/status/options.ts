// The command line of offload-status: what it may say, and what is said when it says something else.
import { Command, Option } from 'commander'
import { demoFaultIds, isDemoFault } from '../../shared/demo-faults.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import {
  localeOption,
  readArguments,
  type Said,
  withCommonOptions,
  wordsFor,
  wrongUsage,
} from '../command-line.ts'

export interface StatusOptions {
  readonly format: 'plain' | 'json' | 'waybar'
  readonly watch: boolean
  readonly demo: boolean
  readonly faults: readonly string[]
  readonly color: boolean
  /** null: from the settings, else the environment. */
  readonly locale: Locale | null
}

export type Parsed = { readonly kind: 'run'; readonly options: StatusOptions } | Said

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
  const words = wordsFor(args, spoken)
  const command = describe(words, version)
  return readArguments(command, args, words, words.cli.seeHelp) ?? checked(command.opts<Raw>(), words.cli)
}

function describe(words: Messages, version: string): Command {
  const { cli } = words
  const command = new Command('offload-status')
    .description(cli.statusAbout)
    .usage(cli.usage)
    .option('--json', cli.jsonOption)
    .option('--watch', cli.watchOption)
    .option('--waybar', cli.waybarOption)
    .option('--demo', cli.demoOption)
    .addOption(
      new Option('--fault <id>', cli.faultOption).argParser((id: string, all: string[] = []) => [...all, id]),
    )
  return withCommonOptions(command, words, version, exitCodes(cli))
}

type Words = Messages['cli']

function checked(raw: Raw, words: Words): Parsed {
  const wrong = (text: string) => wrongUsage(text, words.seeHelp)
  if (raw.json && raw.waybar) return wrong(fill(words.notTogether, { one: '--json', other: '--waybar' }))
  if (raw.fault !== undefined && !raw.demo) return wrong(words.needsDemo)
  const unknown = raw.fault?.find((id) => !isDemoFault(id))
  if (unknown !== undefined)
    return wrong(fill(words.badValue, { what: `--fault ${unknown}`, choices: demoFaultIds.join(', ') }))
  return {
    kind: 'run',
    options: {
      format: raw.json ? 'json' : raw.waybar ? 'waybar' : 'plain',
      watch: raw.watch ?? false,
      demo: raw.demo ?? false,
      faults: raw.fault ?? [],
      color: raw.color,
      locale: localeOption(raw.locale),
    },
  }
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
