// The verdict for people: built there and how that is proven, or why not and what mends it.
import { cleanText } from '../../core/desktop/clean-text.ts'
import { builderName } from '../../shared/builder-name.ts'
import { causes } from '../../shared/causes.ts'
import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Params } from '../../shared/outcome.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import type { Paint } from '../status/paint.ts'
import { timeText } from './size.ts'

type Failed = Extract<TestBuildResult, { ok: false }>

/** Builders by id, to call them by the name the user gave them. */
export type Names = ReadonlyMap<string, string>

/** The last lines, ending in a newline. Sentences break at `columns`; what is to be copied never does. */
export function verdictText(
  result: TestBuildResult,
  names: Names,
  words: Messages,
  paint: Paint,
  columns = Infinity,
): string {
  const prose = (text: string) => wrapped(text, columns)
  const lines = result.ok
    ? passedLines(result, names, words, paint)
    : failedLines(result, names, words, paint, prose)
  return `${lines.join('\n')}\n`
}

function passedLines(
  result: Extract<TestBuildResult, { ok: true }>,
  names: Names,
  words: Messages,
  paint: Paint,
): readonly string[] {
  const own = words.testBuild
  const builder = nameOf(result.builder, names)
  const lines = [
    paint('pass', `✓ ${fill(own.passed, { builder, time: timeText(result.ms, words) })}`),
    `  ${own.bootId}: ${result.remote.bootId}`,
    `  ${own.kernel}: ${cleanText(result.remote.kernel)}`,
    `  ${own.outPath}: ${cleanText(result.outPath)}`,
  ]
  if (result.asked === undefined) return lines
  const text = result.asked.heeded ? own.cli.wentElsewhere : own.cli.mayNotChoose
  return [...lines, paint('warn', `! ${fill(text, { asked: nameOf(result.asked.builder, names), builder })}`)]
}

function failedLines(
  result: Failed,
  names: Names,
  words: Messages,
  paint: Paint,
  prose: (text: string) => string,
): readonly string[] {
  const own = words.testBuild
  const time = timeText(result.ms, words)
  const stage = own.stages[result.stage]
  if (result.cancelled) return [`– ${fill(own.cancelled, { time })}`, `  ${fill(own.cancelledIn, { stage })}`]
  const { problem } = result
  const params = cleaned(problem.params ?? {})
  const cause = words.causes[problem.cause]
  const reason = fill(cause.title, params)
  const head =
    result.builder === null
      ? fill(own.failedNowhere, { reason })
      : fill(own.failed, { builder: nameOf(result.builder, names), reason })
  const raw =
    problem.raw === undefined || problem.raw === '' ? [] : [`  ${own.raw}:`, ...indented(problem.raw)]
  return [
    paint('fail', prose(`✗ ${head}`)),
    // One that could not even begin ended in no stage.
    ...(result.stages.length > 0 ? [prose(`  ${fill(own.endedIn, { stage, time })}`)] : []),
    prose(`  ${fill(cause.explain, params)}`),
    ...(hasOwnFix(result, params) ? [prose(`  ${fill(cause.fix, params)}`)] : []),
    ...rootLines(result, params, words, paint, prose),
    `  → ${remedy(result, params, words)}`,
    ...raw,
  ]
}

/** What came of asking root, where that is not the cause itself. */
function rootLines(
  { asRoot }: Failed,
  params: Params,
  words: Messages,
  paint: Paint,
  prose: (text: string) => string,
): readonly string[] {
  const { root } = words.testBuild
  switch (asRoot?.state) {
    case undefined:
      return []
    case 'told':
      return [prose(`  ${root.told}`)]
    case 'answers':
    case 'unknown':
      return [paint('warn', prose(`! ${fill(root[asRoot.state], params)}`))]
    case 'refused': {
      const { title, explain } = words.causes[asRoot.problem.cause]
      const own = cleaned(asRoot.problem.params ?? {})
      const reason = fill(title, own)
      return [paint('warn', prose(`! ${fill(root.refused, { reason })}`)), prose(`  ${fill(explain, own)}`)]
    }
    default:
      return asRoot satisfies never
  }
}

/** Broken between words, all but the first line indented as the text is. */
export function wrapped(text: string, columns: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(' ')) {
    if (line !== '' && 2 + line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  const first = text.startsWith('  ') ? '  ' : ''
  return first + [...lines, line].join('\n  ')
}

/** Where there is no command it is the remedy itself; where root's answer left another remedy, it is past. */
function hasOwnFix({ problem, asRoot }: Failed, params: Params): boolean {
  if (asRoot?.state === 'answers' || asRoot?.state === 'unknown') return false
  return commandFor(problem.cause, params) !== null
}

function remedy({ problem, asRoot }: Failed, params: Params, words: Messages): string {
  // What was wrong is over: only another build proves that. What nobody knows may still stand in the journal.
  if (asRoot?.state === 'answers') return 'offload-test-build'
  if (asRoot?.state === 'unknown') return 'sudo journalctl -u nix-daemon -n 20'
  const command = commandFor(problem.cause, params)
  const host = String(params['host'] ?? words.cli.theDesktop)
  if (command === null) return fill(words.causes[problem.cause].fix, params)
  return causes[problem.cause].runOn === 'desktop'
    ? `${fill(words.cli.onDesktop, { host })}: ${command}`
    : command
}

function nameOf(id: string, names: Names): string {
  return cleanText(names.get(id) ?? builderName(id, []))
}

function indented(raw: string): readonly string[] {
  return cleanText(raw, 4_000)
    .split('\n')
    .map((line) => `    ${line}`)
}

/** Values may come from a server: one line each, nothing that acts on a terminal. */
function cleaned(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : cleanText(value, 300).replace(/\s+/g, ' '),
    ]),
  )
}
