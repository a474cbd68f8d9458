// What offload-tray says in a terminal in place of starting.
import { describe, expect, it } from 'vitest'
import { firstWords } from '../../../src/main/first-words.ts'

const display = { DISPLAY: ':0', LANG: 'C.UTF-8' }
const said = (args: readonly string[], env: Record<string, string> = display) =>
  firstWords(['offload-tray', ...args], env, '1.2.3')

describe('offload-tray', () => {
  it.each([
    [[], display],
    [['--hidden'], { WAYLAND_DISPLAY: 'wayland-0' }],
    [['--ozone-platform=headless'], {}],
  ])('starts with %j in %j', (args, env) => {
    expect(said(args, env as Record<string, string>)).toBeNull()
  })

  it('tells its own help and version, with or without a display', () => {
    expect(said(['--help'])).toMatchObject({ code: 0, text: expect.stringMatching(/^Usage: offload-tray/) })
    expect(said(['-h'], {})?.code).toBe(0)
    expect(said(['--version'], {})).toEqual({ code: 0, text: '1.2.3' })
  })

  it('says that there is no display, and what to run instead', () => {
    const words = said(['--demo'], { DISPLAY: '' })
    expect(words?.code).toBe(1)
    expect(words?.text).toContain('offload-status')
  })

  it('speaks Portuguese where the terminal does', () => {
    expect(said(['--help'], { LANG: 'pt_BR.UTF-8' })?.text).toMatch(/^Uso: offload-tray/)
    expect(said([], { LC_ALL: 'pt_BR.UTF-8' })?.text).toContain('Não há tela')
  })
})
