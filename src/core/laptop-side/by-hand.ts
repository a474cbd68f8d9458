// The same changes as commands that a person can paste: for laptops where this app cannot become root.
import { dirname } from 'node:path'
import { shellWord } from '../../shared/shell-word.ts'
import { withoutSecrets } from '../desktop/clean-text.ts'
import { linesOf, shownText } from './texts.ts'

interface Change {
  readonly path: string
  readonly before: string | null
  readonly after: string
}

/** A line each: changed and removed lines by sed, new ones by tee. A copy of each file is made first. */
export function byHandOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ path, before, after }) => {
    const file = shellWord(path)
    const old = linesOf(before ?? '')
    const next = linesOf(after)
    const { changed, gone, added } = editsOf(
      old.map((line) => line.text),
      next.map((line) => line.text),
    )
    const more = added.map(shownText)
    const gap = before !== null && before !== '' && !before.endsWith('\n') ? '\\n' : ''
    const commands = [
      before === null
        ? `sudo install -d ${shellWord(dirname(path))}`
        : `sudo cp -a ${file} ${shellWord(`${path}.old`)}`,
      ...changed.map((edit) => changeLine(edit, file)),
      ...(gone.length === 0
        ? []
        : [`sudo sed -i ${shellWord(gone.map((number) => `${number}d`).join(';'))} ${file}`]),
      ...(more.length === 0
        ? []
        : [`printf '${gap}%s\\n' ${more.map(shellWord).join(' ')} | sudo tee -a ${file}`]),
    ]
    // Nothing of a file may act on a terminal, where these are shown and pasted.
    return commands.map((command) => command.replace(/[^\P{C}\t]|[\u2028\u2029]/gu, '\ufffd'))
  })
}

interface Edits {
  readonly changed: readonly { readonly number: number; readonly text: string }[]
  /** Numbers of lines, from 1, as they are before. */
  readonly gone: readonly number[]
  /** Behind all the others. */
  readonly added: readonly string[]
}

/** From lines to lines: each old one stays, is another one now, or is gone; what is left stands behind them. */
function editsOf(old: readonly string[], next: readonly string[]): Edits {
  const changed: { number: number; text: string }[] = []
  const gone: number[] = []
  let at = 0
  for (const [index, line] of old.entries()) {
    const now = next[at]
    if (now === line) at += 1
    else if (now === undefined || old.includes(now, index + 1)) gone.push(index + 1)
    else {
      changed.push({ number: index + 1, text: now })
      at += 1
    }
  }
  return { changed, gone, added: next.slice(at) }
}

/** A line with a password, as of a cache's address, is not shown: there the editor is. */
function changeLine(
  { number, text }: { readonly number: number; readonly text: string },
  file: string,
): string {
  return withoutSecrets(text) === text
    ? `sudo sed -i ${shellWord(sedChange(number, text))} ${file}`
    : `sudo nano +${number} ${file}`
}

/** `c\` takes the rest as text, apart from backslashes (GNU sed, and busybox). */
function sedChange(number: number, text: string): string {
  return `${number}c\\${shownText(text).replaceAll('\\', '\\\\')}`
}
