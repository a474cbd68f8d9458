// The live picture on a terminal: all stages, the running one with its clock and bar, drawn over itself.
import { type Stage, stageIds } from '../../shared/test-build.ts'
import { type Printer, type PrinterNeeds, stageLine } from './printer.ts'
import { verdictText } from './verdict-text.ts'

/** What drawing on a terminal needs. */
export interface LiveNeeds extends PrinterNeeds {
  /** Columns of the terminal; a longer line would wrap and break the drawing. */
  readonly columns: () => number
  /** Its rows: what has scrolled away cannot be drawn over. Default: those of stdout. */
  readonly rows?: () => number
  /** ms of a clock that only grows */
  readonly now: () => number
}

const redrawMs = 100
const csi = '\u001b['
/** Of a terminal that does not tell (a serial line, a bare pty: 0): as every program takes it then. */
const usualColumns = 80

/** Draws the stages over themselves, ten times a second, until the verdict or a note; `stop` must be called in the end. */
export function livePrinter(needs: LiveNeeds): Printer {
  const { write, words, paint, now } = needs
  const width = () => needs.columns() || usualColumns
  const height = () => (needs.rows?.() ?? process.stdout.rows) || Infinity
  let stages: readonly Stage[] = stageIds.map((id) => ({ id, state: 'pending', ms: 0 }))
  let heard = now()
  let lastLine = ''
  let drawn = 0
  const picture = () => {
    // The last column stays free: some terminals wrap on it.
    const columns = width() - 1
    const lines = stages.map((one) => stageLine(ticking(one, now() - heard), words, paint, columns))
    const line = [...shortened(lastLine)].slice(0, Math.max(0, columns - 2)).join('')
    return [...lines, line === '' ? '' : paint('skip', `  ${line}`)]
  }
  const erase = () => (drawn === 0 ? '' : `${csi}${drawn}A${csi}0J`)
  const draw = (room = height() - 1) => {
    const running = stages.findIndex((one) => one.state === 'running')
    const lines = fitted(picture(), running, room)
    write(`${erase()}${lines.join('\n')}\n`)
    drawn = lines.length
  }
  const timer = setInterval(() => draw(), redrawMs)
  const stop = () => clearInterval(timer)
  let settled = false
  /** The last picture. What others write below it (a password's prompt) must stay. */
  const settle = () => {
    if (settled) return
    settled = true
    stop()
    lastLine = ''
    // Nothing will be drawn over it: it may scroll.
    draw(Infinity)
  }
  return {
    event(event) {
      if (event.type === 'stage') {
        stages = stages.map((one) => (one.id === event.stage.id ? event.stage : one))
        heard = now()
      } else if (event.type === 'log') lastLine = event.line
      else {
        settle()
        write(verdictText(event.result, needs.names, words, paint, width()))
      }
    },
    note(line) {
      settle()
      write(`${line}\n`)
    },
    stop,
  }
}

/** As many lines as there is room for: the log line, and the stages around the running one. */
function fitted(lines: readonly string[], running: number, room: number): readonly string[] {
  const around = lines.length - 1
  const kept = Math.max(1, room - 1)
  if (kept >= around) return lines
  const from = Math.max(0, Math.min(running - kept + 2, around - kept, running))
  return [...lines.slice(from, from + kept), ...lines.slice(around)].slice(0, Math.max(1, room))
}

/** One line, its store paths by their names alone: the room is small. */
function shortened(line: string): string {
  return line.replace(/\s+/g, ' ').replace(/\/nix\/store\/[0-9a-z]{32}-/g, '')
}

/** A running stage's clock goes on between events. */
function ticking(stage: Stage, since: number): Stage {
  return stage.state === 'running' ? { ...stage, ms: stage.ms + since } : stage
}
