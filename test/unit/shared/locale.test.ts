// Which language is spoken, and how a message is filled.
import { describe, expect, it } from 'vitest'
import { fill, localeOf, localeOfEnvironment } from '../../../src/shared/locale.ts'

describe('the language', () => {
  it.each([
    ['pt_BR.UTF-8', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['PT_br@euro', 'pt-BR'],
    ['ptx_QQ', 'en'],
    ['en_US.UTF-8', 'en'],
    ['C', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('of %s is %s', (value, locale) => expect(localeOf(value)).toBe(locale))

  it('comes from LC_ALL, then LC_MESSAGES, then LANG; an empty one does not count', () => {
    expect(localeOfEnvironment({ LC_ALL: 'C', LANG: 'pt_BR.UTF-8' })).toBe('en')
    expect(localeOfEnvironment({ LC_ALL: '', LC_MESSAGES: 'pt_BR', LANG: 'en_US' })).toBe('pt-BR')
    expect(localeOfEnvironment({ LANG: 'pt_BR.UTF-8' })).toBe('pt-BR')
    expect(localeOfEnvironment({})).toBe('en')
  })
})

describe('a message', () => {
  it('is filled by name', () => expect(fill('{a} and {b}', { a: 1, b: 'two' })).toBe('1 and two'))
  it('keeps a name that nobody gives', () => expect(fill('{a} {toString}', {})).toBe('{a} {toString}'))
  it('is filled once: values are no templates', () => expect(fill('{a}', { a: '{b}', b: 'x' })).toBe('{b}'))
})
