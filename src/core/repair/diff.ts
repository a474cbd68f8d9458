// A unified diff for people to read: one hunk, as a repair changes one place of a file.
const context = 3

/** The diff, with control characters shown as pictures and texts of any length; "" where nothing differs. */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const old = before === null ? [] : linesOf(before)
  const next = linesOf(after)
  let start = 0
  while (start < old.length && start < next.length && old[start] === next[start]) start++
  let oldEnd = old.length
  let nextEnd = next.length
  while (oldEnd > start && nextEnd > start && old[oldEnd - 1] === next[nextEnd - 1]) {
    oldEnd--
    nextEnd--
  }
  if (oldEnd === start && nextEnd === start) return ''
  const from = Math.max(0, start - context)
  const tail = old.slice(oldEnd, oldEnd + context)
  const body = [
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...old.slice(start, oldEnd).map((line) => `-${line}`),
    ...next.slice(start, nextEnd).map((line) => `+${line}`),
    ...tail.map((line) => ` ${line}`),
  ]
  const counts = (at: number, count: number) => `${count === 0 ? 0 : at + 1},${count}`
  const oldCount = oldEnd - from + tail.length
  const nextCount = nextEnd - from + tail.length
  const head = [
    `--- ${before === null ? '/dev/null' : shown(path)}`,
    `+++ ${shown(path)}`,
    `@@ -${counts(from, oldCount)} +${counts(from, nextCount)} @@`,
  ]
  return `${[...head, ...body.map(shown)].join('\n')}\n`
}

const noNewline = '\n\\ No newline at end of file'

/** The lines; one without its newline says so, as diff does. */
function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  return last === '' ? lines : [...lines, `${last}${noNewline}`]
}

/** Nothing in it may act on a terminal or turn the reading direction: such characters are shown as U+FFFD. */
export function shown(line: string): string {
  const long = line.length > 2000 ? `${line.slice(0, 2000)}…` : line
  return long.replace(/[^\P{C}\t\n]|[\u2028\u2029]/gu, '\ufffd')
}
