// The same changes as commands that a person can paste: for laptops where this app cannot become root.
import { dirname } from 'node:path'
import { shellWord } from '../../shared/command.ts'
import { linesOf, shownText } from './texts.ts'

interface Change {
  readonly path: string
  readonly before: string | null
  readonly after: string
}

/** A line each: changed lines by sed, new ones by tee. A copy of each file is made first. */
export function byHandOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ path, before, after }) => {
    const file = shellWord(path)
    const old = linesOf(before ?? '')
    const next = linesOf(after)
    const changed = old.flatMap((line, index) => {
      const now = next[index]
      return now === undefined || now.text === line.text ? [] : [{ number: index + 1, text: now.text }]
    })
    const more = next.slice(old.length).map((line) => shownText(line.text))
    const gap = before !== null && before !== '' && !before.endsWith('\n') ? '\\n' : ''
    const commands = [
      before === null
        ? `sudo install -d ${shellWord(dirname(path))}`
        : `sudo cp -a ${file} ${shellWord(`${path}.old`)}`,
      ...changed.map(({ number, text }) => `sudo sed -i ${shellWord(sedChange(number, text))} ${file}`),
      ...(more.length === 0
        ? []
        : [`printf '${gap}%s\\n' ${more.map(shellWord).join(' ')} | sudo tee -a ${file}`]),
    ]
    // Nothing of a file may act on a terminal, where these are shown and pasted.
    return commands.map((command) => command.replace(/[^\P{C}\t]|[\u2028\u2029]/gu, '\ufffd'))
  })
}

/** `c\` takes the rest as text, apart from backslashes (GNU sed, and busybox). */
function sedChange(number: number, text: string): string {
  return `${number}c\\${shownText(text).replaceAll('\\', '\\\\')}`
}
