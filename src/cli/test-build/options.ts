// The command line of offload-test-build: what it may say, and what is said when it says something else.
import { Command } from 'commander'
import { defaultPayload, maxPayload, minPayload } from '../../core/test-build/probe.ts'
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
import { parseDuration, parseSize, sizeText } from './size.ts'

/** What the command line asked for, checked. */
export interface TestBuildOptions {
  readonly json: boolean
  readonly payloadBytes: number
  /** ms; null: enough for the payload. */
  readonly timeoutMs: number | null
  /** Host, store URI or id of a builder. */
  readonly builder: string | null
  /** Where Nix hides why it failed, root may be asked. */
  readonly askRoot: boolean
  readonly color: boolean
  /** null: from the settings, else the environment. */
  readonly locale: Locale | null
}

/** A run, or what to say instead of one: the help, the version, a mistake. */
export type Parsed = { readonly kind: 'run'; readonly options: TestBuildOptions } | Said

/** Exit codes are API. */
export const exitCodes = { built: 0, notBuilt: 1, usage: 2 } as const

interface Raw {
  readonly json?: true
  readonly payload?: string
  readonly timeout?: string
  readonly builder?: string
  readonly askRoot?: true
  readonly color: boolean
  readonly locale?: string
}

/** Reads the arguments (without node and script). `spoken` is the language of help and errors, unless --locale says. */
export function parseOptions(args: readonly string[], spoken: Locale, version: string): Parsed {
  const words = wordsFor(args, spoken)
  const command = describe(words, version)
  const seeHelp = words.testBuild.cli.seeHelp
  return readArguments(command, args, words, seeHelp) ?? checked(command.opts<Raw>(), words)
}

/** Wrong usage, also where it only shows later: a builder nobody knows. */
export function wrong(text: string, words: Messages): Said {
  return wrongUsage(text, words.testBuild.cli.seeHelp)
}

function describe(words: Messages, version: string): Command {
  const { cli } = words
  const own = words.testBuild.cli
  const command = new Command('offload-test-build')
    .description(own.about)
    .usage(words.cli.usage)
    .option('--json', own.jsonOption)
    .option('--payload <size>', own.payloadOption)
    .option('--timeout <time>', own.timeoutOption)
    .option('--builder <name>', own.builderOption)
    .option('--ask-root', own.askRootOption)
  const codes = `${cli.exitCodesTitle}\n  0  ${own.exitBuilt}\n  1  ${own.exitNotBuilt}\n  2  ${cli.exitUsage}`
  return withCommonOptions(command, words, version, codes)
}

function checked(raw: Raw, words: Messages): Parsed {
  const own = words.testBuild.cli
  const payloadBytes = raw.payload === undefined ? defaultPayload : parseSize(raw.payload)
  if (payloadBytes === null || payloadBytes < minPayload || payloadBytes > maxPayload) {
    const limits = { min: sizeText(minPayload, words), max: sizeText(maxPayload, words) }
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
      askRoot: raw.askRoot ?? false,
      color: raw.color,
      locale: localeOption(raw.locale),
    },
  }
}
