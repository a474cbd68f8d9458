// One run of offload-status: look once, or watch until it is told to stop.
import { constants } from 'node:os'
import { version } from '../../../package.json'
import { createMonitor, type Monitor } from '../../core/monitor/monitor.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import { messagesFor } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import { exitCodeOf } from './exit-code.ts'
import { demoGround, type Ground, laptopGround } from './ground.ts'
import { parseOptions, type StatusOptions } from './options.ts'
import { choosePaint } from './paint.ts'
import { shown } from './show.ts'
import { watchPrinter } from './watch.ts'

/** Runs, prints and exits. `spoken` is the environment's language. */
export async function main(args: readonly string[], spoken: Locale): Promise<void> {
  let tidy = async (): Promise<void> => undefined
  // A reader that goes away (head, a closed terminal) is no error of ours.
  process.stdout.on('error', () => void tidy().finally(() => process.exit(0)))
  const parsed = parseOptions(args, spoken, version)
  if (parsed.kind === 'say') {
    return leave(parsed.code === 0 ? process.stdout : process.stderr, parsed.text, parsed.code)
  }
  const { options } = parsed
  const opened = options.demo ? await demoGround(options.faults) : await laptopGround(process.env)
  let say = (line: string): void => void process.stderr.write(`offload-status: ${line}\n`)
  const stop = () => {
    // What a round under way misses from here on was taken away by us.
    say = () => undefined
    return opened.stop()
  }
  const ground = { ...opened, stop }
  tidy = stop
  const locale = options.locale ?? (ground.config.locale === 'auto' ? spoken : ground.config.locale)
  process.stderr.write(ground.problems.map((problem) => settingsLine(problem, locale)).join(''))
  const monitor = createMonitor({
    source: ground.source,
    config: ground.config,
    paths: ground.paths,
    say: (line) => say(line),
  })
  const run = options.watch ? watch : lookOnce
  await run({ monitor, ground, options, locale })
}

/** How a person, a session or a service manager ends a program. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Run {
  readonly monitor: Monitor
  readonly ground: Ground
  readonly options: StatusOptions
  readonly locale: Locale
}

async function lookOnce({ monitor, ground, options, locale }: Run): Promise<void> {
  const paint = choosePaint(process.stdout.isTTY === true, process.env, options.color)
  for (const signal of endings)
    process.once(
      signal,
      () => void ground.stop().finally(() => process.exit(128 + constants.signals[signal])),
    )
  const snapshot = await monitor.checkNow()
  await ground.stop()
  const code = options.format === 'waybar' ? 0 : exitCodeOf(snapshot.overall)
  leave(process.stdout, shown(snapshot, options.format, locale, paint, Date.now()), code)
}

async function watch({ monitor, ground, options, locale }: Run): Promise<void> {
  const terminal = process.stdout.isTTY === true
  const paint = choosePaint(terminal, process.env, options.color)
  const print = watchPrinter({
    write: (text) => process.stdout.write(text),
    show: (snapshot) => shown(snapshot, options.format, locale, paint, Date.now()),
    redraw: terminal && options.format === 'plain',
  })
  monitor.subscribe(print)
  const stop = async () => {
    await Promise.race([monitor.stop(), patience()])
    await ground.stop()
    process.exit(0)
  }
  for (const signal of endings) process.once(signal, () => void stop())
  monitor.start()
}

/** A round under way may take seconds; whoever pressed Ctrl-C waits no longer than this. */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300))
}

/** Exits once the text is out: connections that are still closing need not be waited for. */
function leave(stream: NodeJS.WriteStream, text: string, code: number): void {
  stream.write(text, () => process.exit(code))
}

function settingsLine(problem: Problem, locale: Locale): string {
  const { title, explain } = messagesFor(locale).causes[problem.cause]
  return `offload-status: ${fill(`${title}. ${explain}`, problem.params)}\n`
}
