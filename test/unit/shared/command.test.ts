// Commands are pasted into a shell, so no value may become more than one word of it.
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { causeCodes, causes } from '../../../src/shared/causes.ts'
import { commandFor, fillCommand } from '../../../src/shared/command.ts'
import { shellWord } from '../../../src/shared/shell-word.ts'

describe('shellWord', () => {
  it('leaves plain words as they are', () => {
    for (const word of ['desktop', '192.168.15.7', '/etc/nix/builder_key', 'http://desktop:5000', '22']) {
      expect(shellWord(word)).toBe(word)
    }
  })

  it('keeps a leading ~/ meaning the home folder', () => {
    expect(shellWord('~/my keys/id')).toBe("~/'my keys/id'")
  })

  it('reaches a real shell as exactly one word, whatever it holds', () => {
    const word = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/[\0\n]|^~\//.test(text))
    fc.assert(
      fc.property(word, (text) => {
        const said = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`], { encoding: 'utf8' })
        expect(said).toBe(`${text}|`)
      }),
      { numRuns: 60 },
    )
  })
})

describe('commandFor', () => {
  it('fills every command of the catalogue from the params its cause promises', () => {
    for (const code of causeCodes) {
      const params = Object.fromEntries(causes[code].params.map((name) => [name, 'plain']))
      const command = commandFor(code, params)
      if (causes[code].command === null) expect(command, code).toBeNull()
      else expect(command, code).not.toBeNull()
      expect(command ?? '', code).not.toMatch(/\{\w+\}/)
    }
  })

  it('gives none where a value is missing, empty, an option, or holds a control or invisible character', () => {
    expect(commandFor('net.timeout', {})).toBeNull()
    for (const host of ['', '-oProxyCommand=x', 'a\nb', 'a\u202eb', 'a\u001b[2J', 'x'.repeat(1001)]) {
      expect(commandFor('net.timeout', { host })).toBeNull()
    }
  })

  it('can quote a value wherever the catalogue names one', () => {
    for (const code of causeCodes) {
      const params = Object.fromEntries(causes[code].params.map((name) => [name, "it's; id"]))
      if (causes[code].command !== null) expect(commandFor(code, params), code).not.toBeNull()
    }
  })
})

describe('fillCommand', () => {
  it('gives none where a value would have to be quoted within quotes', () => {
    for (const template of ["ss 'sport = :{port}'", 'ss "sport = :{port}"']) {
      expect(fillCommand(template, { port: 22 })).toBe(template.replace('{port}', '22'))
      expect(fillCommand(template, { port: '22; id' })).toBeNull()
    }
  })
})
