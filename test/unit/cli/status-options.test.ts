// What offload-status's command line takes, and what it refuses as wrong usage.
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/status/options.ts'

const parse = (...args: string[]) => parseOptions(args, 'en', '1.2.3')

describe('offload-status’s options', () => {
  it('are all off at first', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: { format: 'plain', watch: false, demo: false, faults: [], color: true, locale: null },
    })
  })

  it('are all understood', () => {
    const args = [
      '--json',
      '--watch',
      '--demo',
      '--fault',
      'sshd-stopped',
      '--fault',
      'no-builder',
      '--no-color',
    ]
    expect(parse(...args, '--locale', 'pt-BR')).toEqual({
      kind: 'run',
      options: {
        format: 'json',
        watch: true,
        demo: true,
        faults: ['sshd-stopped', 'no-builder'],
        color: false,
        locale: 'pt-BR',
      },
    })
    expect(parse('--waybar')).toMatchObject({ options: { format: 'waybar' } })
  })

  it.each([
    [['--josn'], 'Unknown option: --josn'],
    [['extra', 'words'], 'Unknown argument: extra words'],
    [['--locale'], '--locale'],
    [['--locale', 'fr'], 'en, pt-BR'],
    [['--json', '--waybar'], '--json and --waybar do not go together.'],
    [['--fault', 'sshd-stopped'], '--fault only works with --demo.'],
    [['--demo', '--fault', 'nonsense'], '--fault nonsense: choose from builds-running'],
  ])('%j is wrong usage: code 2, what is wrong, and where to look', (args, text) => {
    const parsed = parse(...args)
    expect(parsed).toMatchObject({ kind: 'say', code: 2 })
    expect(parsed.kind === 'say' && parsed.text).toContain(text)
    expect(parsed.kind === 'say' && parsed.text).toContain('offload-status --help')
  })

  it('say the version', () => {
    expect(parse('--version')).toEqual({ kind: 'say', code: 0, text: '1.2.3\n' })
  })

  it('explain themselves in English', () => {
    const help = parse('--help')
    expect(help.kind === 'say' && help.text).toMatchInlineSnapshot(`
      "Usage: offload-status [options]

      Shows whether your Nix builds run on the desktop.

      Options:
        --json             print one JSON object
        --watch            go on watching; print again on each change
        --waybar           print one line for a custom module of waybar
        --demo             use a demo desktop inside this process
        --fault <id>       switch a fault of the demo desktop on (repeat for several;
                           a wrong one lists them all)
        --no-color         no colours (also: NO_COLOR)
        --locale <locale>  language: en or pt-BR (otherwise from your settings or
                           LANG)
        -V, --version      show the version
        -h, --help         show this help

      Exit codes:
        0  builds run on the desktop (ready, building)
        1  something is wrong, not proven yet, or paused (degraded, checking, paused)
        2  wrong usage
        3  builds run here or fail (local, blocked)
        4  no Nix, or no builder is set up (unconfigured)
      With --waybar the code is always 0: waybar hides a module whose command fails.
      "
    `)
  })

  it('explain themselves in Portuguese, by the environment or by --locale', () => {
    const help = parse('--locale', 'pt-BR', '--help')
    expect(help).toEqual(parseOptions(['--help'], 'pt-BR', '1.2.3'))
    expect(help).toEqual(parse('--help', '--locale=pt-BR'))
    expect(help.kind === 'say' && help.text).toMatch(/^Uso: .*Códigos de saída:/s)
    expect(help.kind === 'say' && help.text).not.toMatch(/Usage|Options|choices/)
  })

  it('are refused in Portuguese too', () => {
    expect(parse('--locale', 'pt-BR', '--nada')).toMatchObject({
      text: 'Opção desconhecida: --nada\nVeja offload-status --help.\n',
    })
  })
})
