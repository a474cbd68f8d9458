// Unified diffs, as `diff -u` prints them and `patch` takes them.

type Line = { readonly kind: ' ' | '-' | '+'; readonly text: string }

const context = 3
/** Where the changed middle is larger than this (lines times lines), it is shown as taken out and put in whole. */
const maxTable = 4_000_000

/** The difference of two texts under a file's name; empty where they are equal. */
export function unifiedDiff(before: string, after: string, file: string): string {
  if (before === after) return ''
  const lines = compare(split(before), split(after))
  const hunks = hunksOf(lines).map((hunk) => printHunk(lines, hunk))
  return [`--- ${file}\n`, `+++ ${file}\n`, ...hunks].join('')
}

/** Lines with their endings, so that a missing last one and CR LF count. */
const split = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const most = Math.min(before.length, after.length) - head
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const mark = (kind: Line['kind'], texts: readonly string[]) => texts.map((text) => ({ kind, text }))
  return [
    ...mark(' ', before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...mark(' ', before.slice(before.length - tail)),
  ]
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1
  const isSmall = (before.length + 1) * width <= maxTable
  const common = new Uint32Array(isSmall ? (before.length + 1) * width : 0)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = isSmall ? before.length - 1 : -1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]]
    if (isSmall && old !== undefined && old === now) {
      lines.push({ kind: ' ', text: old })
      i++
      j++
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: '-', text: old })
      i++
    } else if (now !== undefined) {
      lines.push({ kind: '+', text: now })
      j++
    }
  }
  return lines
}

/** Ranges of lines to show: each change with its context, those that touch as one. */
function hunksOf(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = []
  lines.forEach((line, index) => {
    if (line.kind === ' ') return
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length, index + context + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  })
  return hunks
}

function printHunk(lines: readonly Line[], [from, to]: readonly [number, number]): string {
  const count = (part: readonly Line[], without: Line['kind']) =>
    part.filter((line) => line.kind !== without).length
  const [above, shown] = [lines.slice(0, from), lines.slice(from, to)]
  const range = (without: Line['kind']) => {
    const size = count(shown, without)
    return `${count(above, without) + (size === 0 ? 0 : 1)},${size}`
  }
  const body = shown.map(({ kind, text }) =>
    text.endsWith('\n') ? `${kind}${text}` : `${kind}${text}\n\\ No newline at end of file\n`,
  )
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`
}
