// One run of offload-test-build: begin unless it has begun, print, keep what was learnt, exit.
import { version } from '../../../package.json'
import { loadConfig } from '../../core/config/config.ts'
import { appPaths } from '../../core/config/paths.ts'
import { endHelpers } from '../../core/laptop/run.ts'
import { fill, localeOfEnvironment } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import { choosePaint } from '../status/paint.ts'
import type { Asking } from './ask-root.ts'
import { type Begun, begin, notStarted } from './at-once.ts'
import { type Kept, keepRun } from './keep-run.ts'
import { livePrinter } from './live-printer.ts'
import { exitCodes, parseOptions, type TestBuildOptions, wrong } from './options.ts'
import { jsonPrinter, type Printer, plainPrinter } from './printer.ts'
import type { Names } from './verdict-text.ts'

/** Prints and exits. `begun` is the build that plain arguments have begun already; `givenUp` the person's Ctrl-C. */
export async function main(
  args: readonly string[],
  begun: Begun | null,
  givenUp: AbortSignal,
): Promise<void> {
  const spoken = localeOfEnvironment(process.env)
  const parsed = parseOptions(args, spoken, version)
  if (parsed.kind === 'say') {
    if (begun?.state === 'building') await begun.cancel()
    return say(parsed.text, parsed.code)
  }
  const { options } = parsed
  const paths = appPaths(process.env)
  const [build, { config }] = await Promise.all([
    begun ?? begin(options, process.env, givenUp),
    loadConfig(paths),
  ])
  const words = messagesFor(options.locale ?? (config.locale === 'auto' ? spoken : config.locale))
  const teller = 'offload-test-build'
  /** The verdict waits for no file: a state folder may be on a disk that does not answer. */
  const end = async (printer: Printer, run: Pick<Kept, 'result' | 'builders' | 'payloadBytes'>) => {
    printer.event({ type: 'result', result: run.result })
    printer.stop()
    await keepRun({ ...run, paths, words, teller })
    exit(run.result)
  }
  switch (build.state) {
    case 'hindered': {
      const result = notStarted(build.problem)
      return end(choosePrinter(options, words, new Map()), { result, builders: [], payloadBytes: 0 })
    }
    case 'no-such-builder': {
      const about = { what: options.builder ?? '', choices: build.choices.join(', ') }
      const { text, code } = wrong(fill(words.testBuild.cli.noSuchBuilder, about), words)
      return say(text, code)
    }
    case 'building': {
      const { builders } = build
      const printer = choosePrinter(options, words, new Map(builders.map((one) => [one.id, one.host])))
      const ended = await printed(build, printer)
      const asking = { builders, words, printer, givenUp }
      const result = options.askRoot ? await askedAsRoot(ended, asking) : ended
      return end(printer, { result, builders, payloadBytes: options.payloadBytes })
    }
    default:
      return build satisfies never
  }
}

/** Loaded where it is asked for. */
async function askedAsRoot(ended: TestBuildResult, asking: Asking): Promise<TestBuildResult> {
  const { askedAsRoot } = await import('./ask-root.ts')
  return askedAsRoot(ended, asking)
}

/** All but the verdict, as it comes. A reader that goes away (head, a closed terminal) takes the build with it. */
function printed(
  { done, cancel, hear }: Extract<Begun, { state: 'building' }>,
  printer: Printer,
): Promise<TestBuildResult> {
  process.stdout.on('error', () => void cancel())
  hear((event) => {
    if (event.type !== 'result') printer.event(event)
  })
  return done
}

function choosePrinter(options: TestBuildOptions, words: Messages, names: Names): Printer {
  const write = (text: string) => void process.stdout.write(text)
  if (options.json) return jsonPrinter(write)
  const terminal = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb'
  const needs = { write, words, names, paint: choosePaint(terminal, process.env, options.color) }
  if (!terminal) return plainPrinter(needs)
  return livePrinter({ ...needs, columns: () => process.stdout.columns, now: () => performance.now() })
}

function exit(result: TestBuildResult): void {
  // A survey that nobody waited for any more.
  endHelpers()
  // An empty write comes back when all before it is out.
  process.stdout.write('', () => process.exit(result.ok ? exitCodes.built : exitCodes.notBuilt))
}

function say(text: string, code: number): void {
  const stream = code === 0 ? process.stdout : process.stderr
  stream.write(text, () => process.exit(code))
}
