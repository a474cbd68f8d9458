// Edits of nix.conf and what it includes: in the line that counts, else one line more, and every other byte as it was.
// The order of reading is Nix's own: includes where they stand, a later line over an earlier one, extra- lines added to it.
import { dirname, resolve } from 'node:path'
import { linesOf, type Texts, withLine, withMore, withText } from './texts.ts'

export interface Setting {
  readonly name: string
  readonly words: readonly string[]
  readonly file: string
  /** From 1. */
  readonly line: number
}

const maxIncludes = 100

/** Every assignment in the order that Nix reads them, extra-… under its own name. Loops and missing files end quietly. */
export function assignments(texts: Texts, main: string): readonly Setting[] {
  const found: Setting[] = []
  let files = 0
  const read = (file: string, above: readonly string[]) => {
    const text = texts.get(file)
    if (text === undefined || text === null || above.includes(file) || files++ > maxIncludes) return
    for (const [index, line] of linesOf(text).entries()) {
      const [name, second, ...words] = wordsOf(line.text)
      if (name === undefined || second === undefined) continue
      if (name === 'include' || name === '!include') read(resolve(dirname(file), second), [...above, file])
      else if (second === '=') found.push({ name, words, file, line: index + 1 })
    }
  }
  read(main, [])
  return found
}

/** The last plain assignment of a setting; null where none is. */
export function lastOf(settings: readonly Setting[], name: string): Setting | null {
  return settings.findLast((one) => one.name === name) ?? null
}

/** A list's words as the files make them, extra- lines added; null where they leave Nix's default first. */
export function listOf(settings: readonly Setting[], name: string): readonly string[] | null {
  let words: readonly string[] | null = null
  for (const one of settings) {
    if (one.name === name) words = one.words
    else if (one.name === `extra-${name}` && words !== null) words = [...words, ...one.words]
  }
  return words
}

/**
 * Where a new line belongs: the file that an installer leaves to people (Determinate's nix.custom.conf, included by a
 * nix.conf that it writes anew), else nix.conf itself.
 */
export function ownConf(texts: Texts, main: string): string {
  const custom = linesOf(texts.get(main) ?? '')
    .map((line) => wordsOf(line.text))
    .find(([name, file = '']) => /^!?include$/.test(name ?? '') && /(^|\/)nix\.custom\.conf$/.test(file))
  return custom === undefined ? main : resolve(dirname(main), custom[1] ?? '')
}

/** Sets a plain setting: the line that counts gets the value; where there is none, a new line. */
export function setSetting(texts: Texts, main: string, name: string, value: string): Texts {
  const last = lastOf(assignments(texts, main), name)
  if (last === null) return addLine(texts, main, `${name} = ${value}`)
  if (last.words.join(' ') === value) return texts
  return editLine(texts, last, (line) => withValue(line, value))
}

/** Adds a word to a list, if the files do not hold it: as an extra- line of its own, read after all others. */
export function addWord(texts: Texts, main: string, name: string, word: string): Texts {
  const settings = assignments(texts, main)
  if (holds(settings, name, word)) return texts
  return addLine(texts, main, `extra-${name} = ${word}`, (next) => holds(assignments(next, main), name, word))
}

/** Exchanges words of a list, wherever its plain and extra- lines name them. */
export function replaceWords(
  texts: Texts,
  main: string,
  name: string,
  next: (word: string) => string,
): Texts {
  const places = assignments(texts, main).filter((one) => one.name === name || one.name === `extra-${name}`)
  return places.reduce(
    (now, place) => editLine(now, place, (line) => mapCode(line, (code) => mapWords(code, next))),
    texts,
  )
}

/** Whether an effective line names the word: one before a later plain assignment no longer counts. */
function holds(settings: readonly Setting[], name: string, word: string): boolean {
  const from = settings.findLastIndex((one) => one.name === name)
  return settings
    .slice(Math.max(0, from))
    .some((one) => (one.name === name || one.name === `extra-${name}`) && one.words.includes(word))
}

/** In the own file where that does it; at nix.conf's end, read last of all, where a later line takes it back. */
function addLine(
  texts: Texts,
  main: string,
  line: string,
  works: (next: Texts) => boolean = () => true,
): Texts {
  const own = ownConf(texts, main)
  const next = withText(texts, own, withMore(texts.get(own) ?? null, [line]))
  if (own === main || works(next)) return next
  return withText(texts, main, withMore(texts.get(main) ?? null, [line]))
}

function editLine(texts: Texts, place: Setting, change: (line: string) => string): Texts {
  const text = texts.get(place.file) ?? ''
  const line = linesOf(text)[place.line - 1]
  return line === undefined
    ? texts
    : withText(texts, place.file, withLine(text, place.line, change(line.text)))
}

/** The value exchanged; name, blanks around "=" and the comment stay. */
function withValue(line: string, value: string): string {
  return mapCode(line, (code) => {
    const head = /^\s*\S+\s+=[ \t]*/.exec(code)?.[0] ?? code
    const tail = /[ \t\r]*$/.exec(code.slice(head.length))?.[0] ?? ''
    const gap = /\s$/.test(head) || value === '' ? '' : ' '
    return `${head}${gap}${value}${tail}`
  })
}

/** What stands before the comment. */
function mapCode(line: string, change: (code: string) => string): string {
  const at = line.indexOf('#')
  return at < 0 ? change(line) : change(line.slice(0, at)) + line.slice(at)
}

/** The words after "=", each put through `next`; blanks stay. */
function mapWords(code: string, next: (word: string) => string): string {
  const at = code.indexOf('=')
  return code.slice(0, at + 1) + code.slice(at + 1).replace(/[^ \t\r]+/g, next)
}

function wordsOf(line: string): readonly string[] {
  return line
    .replace(/#.*$/s, '')
    .split(/[ \t\r]+/)
    .filter((word) => word !== '')
}
