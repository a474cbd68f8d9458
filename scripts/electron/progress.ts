// Shows progress on one line of a terminal, or as a line every ten percent where there is none.
import type { OnProgress, Progress } from './types.ts'

/** `123.4 of 196.3 MB (63 %)`; without a known total just the MB. MB are 10^6 bytes. */
export function amount(done: number, total: number | undefined): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1)
  if (!total) return `${mb(done)} MB`
  return `${mb(done)} of ${mb(total)} MB (${Math.floor((done / total) * 100)} %)`
}

function line(progress: Progress): string {
  if (progress.done === undefined) return progress.text
  return `${progress.text}: ${amount(progress.done, progress.total)}`
}

/** Prints progress to `out`. Call `end` before printing anything else. */
export function progressPrinter(out: NodeJS.WriteStream): { report: OnProgress; end: () => void } {
  let open = false
  let last = ''
  let lastAt = 0
  const end = () => {
    if (open) out.write('\n')
    open = false
  }
  const onTerminal = (progress: Progress) => {
    const counted = progress.done !== undefined
    const now = Date.now()
    // Ten times a second is enough to read; the last one is always shown.
    if (counted && now - lastAt < 100 && progress.done !== progress.total) return
    lastAt = now
    if (open && last !== progress.step + progress.text) end()
    last = progress.step + progress.text
    out.write(`\r\x1b[K${line(progress)}`)
    open = true
    if (!counted) end()
  }
  const onPipe = (progress: Progress) => {
    const tenth = progress.total ? Math.floor(((progress.done ?? 0) / progress.total) * 10) : 0
    const key = `${progress.step}${progress.text}${tenth}`
    if (key === last) return
    last = key
    out.write(`${line(progress)}\n`)
  }
  return { report: out.isTTY ? onTerminal : onPipe, end }
}
