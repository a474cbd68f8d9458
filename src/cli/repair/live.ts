// The line at the foot of a terminal that tells what runs: rewritten in place, gone before anything else is said.
import type { StepProgress } from '../../shared/repair.ts'

export interface LiveLine {
  /** What runs now, of how many; null: nothing does. */
  show(
    now: { readonly name: string; readonly at: number; readonly of: number; readonly last: string } | null,
  ): void
  /** Takes the line away, so that others can be said. */
  clear(): void
}

/** No terminal, no line. */
export const noLiveLine: LiveLine = { show: () => undefined, clear: () => undefined }

interface Terminal {
  write(text: string): unknown
  readonly columns?: number | undefined
}

/** Ticks once a second while something runs; the timer keeps no process alive. `now` in ms. */
export function createLiveLine(terminal: Terminal, now: () => number): LiveLine {
  let shown: Parameters<LiveLine['show']>[0] = null
  let since = 0
  let drawn = false
  let timer: ReturnType<typeof setInterval> | undefined
  const clear = () => {
    if (drawn) terminal.write('\r\u001b[K')
    drawn = false
  }
  const draw = () => {
    clear()
    if (shown === null) return
    const seconds = Math.max(0, Math.round((now() - since) / 1000))
    const head = `[${shown.at}/${shown.of}] ${shown.name}… ${seconds} s`
    const text = shown.last === '' ? head : `${head}  ${shown.last}`
    // A terminal that does not know its width says 0.
    terminal.write(cut(text, (terminal.columns || 80) - 1))
    drawn = true
  }
  return {
    show(next) {
      if (next === null || next.name !== shown?.name) since = now()
      shown = next
      draw()
      if (next !== null && timer === undefined) {
        timer = setInterval(draw, 1000)
        timer.unref()
      }
      if (next === null) {
        clearInterval(timer)
        timer = undefined
      }
    },
    clear,
  }
}

/** The last line that a step has said. */
export function lastLine({ output }: Pick<StepProgress, 'output'>): string {
  return output.trimEnd().split('\n').at(-1)?.trim() ?? ''
}

/** By characters: a wider one (an emoji) may cost a column, never a line. */
function cut(text: string, columns: number): string {
  const letters = [...text]
  return letters.length <= columns ? text : `${letters.slice(0, Math.max(0, columns - 1)).join('')}…`
}
