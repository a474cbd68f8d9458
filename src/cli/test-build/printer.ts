// How a test build's events are printed: JSON lines, plain lines for a pipe, or a live picture for a terminal.
import { marker } from '../../core/test-build/probe-text.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Stage, TestBuildEvent } from '../../shared/test-build.ts'
import type { Paint } from '../status/paint.ts'
import { eventJson } from './json.ts'
import { sizeText, timeText } from './size.ts'
import { type Names, verdictText } from './verdict-text.ts'

/** One way to show a run. */
export interface Printer {
  event(event: TestBuildEvent): void
  /** A line for people between the stages and the verdict; from then on nothing moves. */
  note(line: string): void
  /** Ends what moves. */
  stop(): void
}

/** What printing for people needs. */
export interface PrinterNeeds {
  readonly write: (text: string) => void
  readonly words: Messages
  readonly names: Names
  readonly paint: Paint
}

/** One JSON object a line. */
export function jsonPrinter(write: (text: string) => void): Printer {
  return { event: (event) => write(`${eventJson(event)}\n`), note: () => undefined, stop: () => undefined }
}

/**
 * A line when a stage ends, a line for each line of the log, then the verdict. That the upload ended well is said once the
 * probe speaks or nothing else comes: till then it may turn out to have failed, and a line cannot be taken back.
 */
export function plainPrinter({ write, words, names, paint }: PrinterNeeds): Printer {
  let uploaded = ''
  const out = (text: string) => {
    write(uploaded + text)
    uploaded = ''
  }
  const stage = (one: Stage) => {
    const line = `${stageLine(one, words, paint)}\n`
    if (one.id === 'upload') uploaded = one.state === 'done' ? line : ''
    if (one.state === 'failed' || (one.state === 'done' && one.id !== 'upload')) out(line)
  }
  return {
    event(event) {
      if (event.type === 'stage') return stage(event.stage)
      if (event.type === 'result') return out(verdictText(event.result, names, words, paint))
      const line = `  | ${event.line.replaceAll('\n', '\n  | ')}\n`
      if (event.line.startsWith(marker)) out(line)
      else write(line)
    },
    note: (line) => out(`${line}\n`),
    stop: () => undefined,
  }
}

/** One stage: its sign, name, state, time, and the bytes where it moves any; no longer than `columns`. */
export function stageLine(stage: Stage, words: Messages, paint: Paint, columns = Infinity): string {
  const names = Object.values(words.testBuild.stages)
  const width = Math.max(...names.map((name) => name.length))
  const signs = { pending: '·', running: '▸', done: '✓', failed: '✗' } as const
  const looks = { pending: 'skip', running: 'unknown', done: 'pass', failed: 'fail' } as const
  const head = `${signs[stage.state]} ${words.testBuild.stages[stage.id].padEnd(width)}`
  const time = stage.state === 'pending' ? '' : ` ${timeText(stage.ms, words).padStart(8)}`
  const bytes = bytesText(stage, words, columns - head.length - time.length - 2)
  return `${paint(looks[stage.state], head)}${time}  ${bytes}`.trimEnd()
}

const barWidth = 24
const leastBar = 6

/** "[########················] 0.3 MiB of 1.0 MiB", or what of it has room: the numbers, a percentage, nothing. */
export function bytesText(stage: Stage, words: Messages, room = Infinity): string {
  const { bytes } = stage
  if (bytes === undefined || stage.state === 'pending') return ''
  const counted = fill(words.testBuild.bytesOf, {
    done: sizeText(bytes.done, words),
    expected: sizeText(bytes.expected, words),
  })
  const part = bytes.expected === 0 ? 0 : Math.min(1, bytes.done / bytes.expected)
  const width = Math.min(barWidth, room - counted.length - 3)
  if (stage.state === 'running' && width >= leastBar) {
    const filled = Math.floor(width * part)
    return `[${'#'.repeat(filled)}${'·'.repeat(width - filled)}] ${counted}`
  }
  if (counted.length <= room) return counted
  const percent = `${Math.floor(100 * part)} %`
  return percent.length <= room ? percent : ''
}
