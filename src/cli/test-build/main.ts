// One run of offload-test-build: survey, build, print, keep what was learnt, exit.
import { version } from '../../../package.json'
import { loadConfig } from '../../core/config/config.ts'
import { homeOf } from '../../core/config/home.ts'
import { type AppPaths, appPaths } from '../../core/config/paths.ts'
import type { Builder, LaptopFacts } from '../../core/laptop/facts.ts'
import { laptopSource } from '../../core/laptop/source.ts'
import { rememberTestBuild } from '../../core/monitor/keep.ts'
import { knownHostsFiles, monitorStateFile } from '../../core/monitor/monitor.ts'
import { witness } from '../../core/test-build/explain.ts'
import { appendRun } from '../../core/test-build/history.ts'
import { hindrance, standardTimeout } from '../../core/test-build/ready.ts'
import { startTestBuild } from '../../core/test-build/run.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import { choosePaint } from '../status/paint.ts'
import { livePrinter } from './live-printer.ts'
import { exitCodes, parseOptions, type TestBuildOptions, wrong } from './options.ts'
import { jsonPrinter, type Printer, plainPrinter } from './printer.ts'
import type { Names } from './verdict-text.ts'

/** Runs, prints and exits. `spoken` is the environment's language. */
export async function main(args: readonly string[], spoken: Locale): Promise<void> {
  const parsed = parseOptions(args, spoken, version)
  if (parsed.kind === 'say') return say(parsed.text, parsed.code)
  const { options } = parsed
  const paths = appPaths(process.env)
  const { config } = await loadConfig(paths)
  const words = messagesFor(options.locale ?? (config.locale === 'auto' ? spoken : config.locale))
  const survey = await laptopSource({ env: process.env, config }).survey()
  const printerFor = (names: Names) => choosePrinter(options, words, names)
  const refused = survey.ok ? hindrance(survey.value) : survey.problem
  if (!survey.ok || refused !== null) return end(printerFor(new Map()), notStarted(refused ?? nothing))
  const facts = survey.value
  const builder = chooseBuilder(facts.builders, options.builder)
  if (builder === null) {
    const choices = facts.builders.map((one) => one.host).join(', ')
    const { text, code } = wrong(
      fill(words.testBuild.cli.noSuchBuilder, { what: options.builder ?? '', choices }),
      words,
    )
    return say(text, code)
  }
  const printer = printerFor(new Map(facts.builders.map((one) => [one.id, one.host])))
  const result = await build(builder, facts, options, paths, printer)
  await keep(result, facts, options, paths, words)
  return end(printer, result)
}

/** Cannot be: a survey is good or has a problem. */
const nothing: Problem = { cause: 'laptop.nix-missing' }

async function build(
  builder: Builder,
  facts: LaptopFacts,
  options: TestBuildOptions,
  paths: AppPaths,
  printer: Printer,
): Promise<TestBuildResult> {
  const home = homeOf(process.env)
  const running = startTestBuild({
    builder,
    builders: facts.builders,
    wanted: options.builder === null ? 'any' : 'this',
    payloadBytes: options.payloadBytes,
    timeoutMs: options.timeoutMs ?? standardTimeout(options.payloadBytes),
    env: process.env,
    explain: witness(facts, knownHostsFiles(paths, home)),
  })
  const cancel = () => void running.cancel()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancel)
  // A reader that goes away (head, a closed terminal) takes the build with it.
  process.stdout.on('error', cancel)
  running.subscribe((event) => {
    if (event.type !== 'result') printer.event(event)
  })
  return running.done
}

/** The history and the state that offload-status and the tray read; neither may spoil the verdict. */
async function keep(
  result: TestBuildResult,
  facts: LaptopFacts,
  options: TestBuildOptions,
  paths: AppPaths,
  words: Messages,
): Promise<void> {
  const warn = (line: string) => process.stderr.write(`offload-test-build: ${line}\n`)
  try {
    const run = { at: new Date().toISOString(), payloadBytes: options.payloadBytes, result }
    const { setAside } = await appendRun(paths.history, run)
    if (setAside !== null) warn(fill(words.testBuild.cli.historyAside, { file: setAside.file }))
  } catch (error) {
    warn(
      fill(words.testBuild.cli.historyNotKept, {
        what: error instanceof Error ? error.message : String(error),
      }),
    )
  }
  await rememberTestBuild(monitorStateFile(paths), facts.builders, result, warn).catch((error: unknown) =>
    warn(String(error)),
  )
}

function choosePrinter(options: TestBuildOptions, words: Messages, names: Names): Printer {
  const write = (text: string) => void process.stdout.write(text)
  if (options.json) return jsonPrinter(write)
  const terminal = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb'
  const needs = { write, words, names, paint: choosePaint(terminal, process.env, options.color) }
  if (!terminal) return plainPrinter(needs)
  return livePrinter({ ...needs, columns: () => process.stdout.columns, now: () => performance.now() })
}

/** By host, URI or id; without a wish the first that may build at all. */
function chooseBuilder(builders: readonly Builder[], wish: string | null): Builder | null {
  if (wish === null) return builders.find((one) => one.maxJobs > 0) ?? builders[0] ?? null
  return builders.find((one) => [one.id, one.uri, one.host].includes(wish)) ?? null
}

function notStarted(problem: Problem): TestBuildResult {
  const stage = 'evaluate'
  return { ok: false, builder: null, uri: null, problem, stage, ms: 0, stages: [], cancelled: false }
}

function end(printer: Printer, result: TestBuildResult): void {
  printer.event({ type: 'result', result })
  printer.stop()
  // An empty write comes back when all before it is out.
  process.stdout.write('', () => process.exit(result.ok ? exitCodes.built : exitCodes.notBuilt))
}

function say(text: string, code: number): void {
  const stream = code === 0 ? process.stdout : process.stderr
  stream.write(text, () => process.exit(code))
}
