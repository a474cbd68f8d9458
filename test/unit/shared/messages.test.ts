// The words: nothing missing, nothing empty, and the same names in every language, in the texts and in the commands.
import { describe, expect, it } from 'vitest'
import { type CauseCode, causeCodes, causes } from '../../../src/shared/causes.ts'
import { locales } from '../../../src/shared/locale.ts'
import { messagesFor } from '../../../src/shared/messages/index.ts'

type Tree = { readonly [key: string]: unknown }

/** Every text of a tree with its path; functions are called with the numbers that plurals turn on. */
function textsOf(tree: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof tree === 'string') return [[path, tree]]
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree as Tree).flatMap(([key, value]) =>
    textsOf(value, path === '' ? key : `${path} > ${key}`),
  )
}

const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
const unique = (names: readonly string[]) => [...new Set(names)].sort()
const english = textsOf(messagesFor('en'))
const causeText = (locale: (typeof locales)[number], code: CauseCode) => messagesFor(locale).causes[code]

describe.each(locales)('the words in %s', (locale) => {
  const texts = textsOf(messagesFor(locale))

  it('cover the same keys as English', () => {
    expect(texts.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort())
  })

  it('are never empty, never padded, and have no doubled spaces', () => {
    expect(
      texts.filter(([, text]) => text.trim() === '' || text !== text.trim() || / {2}/.test(text)),
    ).toEqual([])
  })

  it('name the same values as English', () => {
    const own = new Map(texts)
    const differing = english.filter(
      ([path, text]) =>
        path.split(' > ')[0] !== 'causes' &&
        unique(namesIn(text)).join() !== unique(namesIn(own.get(path) ?? '')).join(),
    )
    expect(differing).toEqual([])
  })

  it('have no placeholder that is only half written', () => {
    expect(texts.filter(([, text]) => /[{}]/.test(text.replace(/\{\w+\}/g, '')))).toEqual([])
  })

  it.each(causeCodes)('say %s with the values that its problem carries, and no others', (code) => {
    const { title, explain, fix } = causeText(locale, code)
    const declared: readonly string[] = causes[code].params
    expect(namesIn(`${title} ${explain} ${fix}`).filter((name) => !declared.includes(name))).toEqual([])
  })

  it.each(causeCodes)('give %s a title that reads on after a colon', (code) => {
    const { title } = causeText(locale, code)
    expect(title).not.toMatch(/[.!?:]$/)
    // A sentence may start with a value, with a name that is written so (Nix, SSH), or in lower case.
    expect(title).toMatch(/^(\{\w+\}|\p{Ll}|Nix |SSH )/u)
    expect(title.length).toBeLessThanOrEqual(90)
  })

  it.each(causeCodes)('explain %s in full sentences and begin its fix with a capital', (code) => {
    const { explain, fix } = causeText(locale, code)
    expect(explain).toMatch(/^(\{\w+\}|\p{Lu}).*\.$/u)
    expect(fix).toMatch(/^\p{Lu}.*\.$/u)
    expect(explain.split(/\.\s+(?=[\p{Lu}{])/u).length).toBeLessThanOrEqual(4)
  })

  it('give every cause a title of its own, apart from the two files with a broken line', () => {
    const titles = causeCodes.map((code) => causeText(locale, code).title)
    const doubled = titles.filter((title, at) => titles.indexOf(title) !== at)
    expect(doubled).toEqual([causeText(locale, 'laptop.config-invalid').title])
  })
})

describe('the catalogue', () => {
  it.each(causeCodes)('gives %s a command that names only what its problem carries', (code) => {
    const { command, params } = causes[code]
    const declared: readonly string[] = params
    expect(namesIn(command ?? '').filter((name) => !declared.includes(name))).toEqual([])
  })

  it.each(causeCodes)('puts no value of %s inside quotes, where quoting it again would undo them', (code) => {
    const quoted = (causes[code].command ?? '').match(/'[^']*'|"[^"]*"/g) ?? []
    expect(quoted.filter((part) => part.includes('{'))).toEqual([])
  })

  it.each(causeCodes)('declares for %s no value that neither words nor command use', (code) => {
    const words = locales.map((locale) => Object.values(causeText(locale, code)).join(' ')).join(' ')
    const used = namesIn(`${words} ${causes[code].command ?? ''}`)
    // The host is carried even where no text names it: faces group causes by it.
    const spare = causes[code].params.filter(
      (name) => name !== 'host' && name !== 'user' && !used.includes(name),
    )
    expect(spare).toEqual([])
  })
})
