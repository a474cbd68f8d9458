// Whatever a file holds: nothing thrown, nothing broken, nothing touched beside the edit.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Nix's signs in plain strings.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editConfiguration } from '../../../../../src/core/repair/nixos/configuration.ts'
import { mentionsModule } from '../../../../../src/core/repair/nixos/edit.ts'
import { editFlake } from '../../../../../src/core/repair/nixos/flake.ts'
import { parseNix } from '../../../../../src/core/repair/nixos/parse.ts'
import { tokens } from '../../../../../src/core/repair/nixos/tokens.ts'
import { hasNix, parseErrors } from '../../../nix/nix-instantiate.ts'
import { key, modulePath, shapesOf } from './shapes.ts'

const settings = { enable: true, cachePort: 5000, authorizedKeys: [key] }
const flakes = [...shapesOf('flakes').entries()]
const configurations = [...shapesOf('configurations').entries()]
const edit = (isFlake: boolean, text: string) =>
  isFlake
    ? editFlake(text, { host: 'desktop', modulePath })
    : editConfiguration(text, { settings, importPath: modulePath })

const shape = fc
  .constantFrom(
    ...flakes.map((one) => [true, ...one] as const),
    ...configurations.map((one) => [false, ...one] as const),
  )
  .filter(([, name]) => name !== 'broken')

/** The source with blanks and comments put between its tokens, by the seeds given. */
function loosened(text: string, seeds: readonly number[]): string {
  const fillers = ['', ' ', '\n', ' # ]; } "\n', ' /* [ ./offload-server.nix */ ', '\t', "# ''\n"]
  const parts = tokens(text).map((token, index, all) => {
    const gap = text.slice(all[index - 1]?.end ?? 0, token.start)
    const filler = fillers[(seeds[index % seeds.length] ?? 0) % fillers.length] ?? ''
    return gap + filler + token.text
  })
  // What follows the last token but the end itself stands in the end's own gap.
  return parts.join('')
}

const words = (text: string) => tokens(text).map((token) => token.text)
/** Every comment, in order: read between the tokens, so never from a string. */
const comments = (text: string) => {
  const all = tokens(text)
  const gaps = all.map((token, index) => text.slice(all[index - 1]?.end ?? 0, token.start))
  return gaps.flatMap((gap) => gap.match(/#[^\r\n]*|\/\*[\s\S]*?\*\//g) ?? [])
}

describe('editing', () => {
  it('comes to the same end whatever blanks and comments stand between', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.nat(), { minLength: 3, maxLength: 40 }), ([isFlake, , text], seeds) => {
        const source = loosened(text, seeds)
        const [before, after] = [edit(isFlake, text), edit(isFlake, source)]
        expect(after.kind).toBe(before.kind)
        if (after.kind !== 'edited') return
        expect(edit(isFlake, after.text).kind).toBe('already')
        expect(comments(after.text)).toEqual(comments(source))
      }),
      { numRuns: 400 },
    )
  })

  it('keeps every word of a flake, in its order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...flakes), fc.array(fc.nat(), { minLength: 3 }), ([name, text], seeds) => {
        if (name === 'broken') return
        const source = loosened(text, seeds)
        const result = edit(true, source)
        if (result.kind !== 'edited') return
        expect(words(result.text).filter((word) => word !== modulePath)).toEqual(words(source))
        expect(comments(result.text)).toEqual(comments(source))
      }),
    )
  })

  it('throws on nothing, and leaves no file that it could not read again', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), fc.string(), ([isFlake, , text], from, length, put) => {
        const at = from % (text.length + 1)
        const source = text.slice(0, at) + put + text.slice(at + (length % 40))
        const result = edit(isFlake, source)
        if (result.kind === 'edited') expect(() => parseNix(result.text)).not.toThrow()
      }),
      { numRuns: 1500 },
    )
  })

  it('gives up on endless, deep and binary texts in good time', () => {
    const deep = [
      '['.repeat(200_000),
      '('.repeat(200_000),
      '{a='.repeat(100_000),
      '"${'.repeat(100_000),
      "''${".repeat(100_000),
      '-'.repeat(300_000),
      '!'.repeat(300_000),
      'x:'.repeat(100_000),
      'a.'.repeat(150_000),
      '#'.repeat(400_000),
      '/*'.repeat(200_000),
      'a'.repeat(500_000),
      '\0\u0001\uFFFD'.repeat(1000),
      '{ a = 1; }'.repeat(1_000_000),
    ]
    // As long as is read at all, so that each is really looked at; the last one is longer.
    for (const text of [...deep.map((one) => one.slice(0, 128 * 1024)), ' '.repeat(10_000_000)]) {
      const began = process.cpuUsage()
      expect([text.slice(0, 10), edit(true, text).kind]).toEqual([text.slice(0, 10), 'refused'])
      expect(edit(false, text).kind).toBe('refused')
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
    }
  })

  it.runIf(hasNix)('reads what Nix reads, and refuses what Nix refuses', () => {
    const cases: readonly (readonly [string, boolean])[] = [
      ['{ a = "$${b}"; c = "\\${d}"; e = "$$${f}"; f = 1; }', true],
      ['rec { f = 1; a = "$${b} $$$${c}"; e = "${toString f}"; }', true],
      ["rec { f = 1; a = ''$${b} ''${c} ''\\n ''' ${toString f} $''; }", true],
      ['{ a.b."c d".${"e"} = 1; inherit (builtins) map; }', true],
      ['[ ./. ../a /b ~/c <nixpkgs/lib> https://example.org/x?y=1 -1 ]', false],
      ['[ ./. ../a /b ~/c <nixpkgs/lib> https://example.org/x?y=1 1.5e3 .5 ]', true],
      ['x: y@{ a ? 1, b, ... }: { c }@z: with x; assert a; let in if x then y else z', true],
      ['a: b: a.c or b ? d && !a || -1 < 2 -> a // b ++ [ ] == b', true],
      ['a: a.b.c.${"d"} or (x: x) a', true],
      ['let { body = 1; }', true],
      ['{ a = 1 }', false],
      ['[ a: b ]', false],
      ['./a/', false],
      ['{ a = ./${"b"}/c; }', true],
      ['{ or = 1; }', true],
      ['"a', false],
      ['/* a', false],
    ]
    for (const [text, isRead] of cases) {
      const said = parseErrors({ text })
      expect([text, said === '' || /undefined variable/.test(said)]).toEqual([text, isRead])
      let ours = true
      try {
        parseNix(text)
      } catch {
        ours = false
      }
      expect([text, ours]).toEqual([text, isRead])
    }
  })
})

describe('a module mentioned', () => {
  it('counts in code, under any folder, and not in a comment', () => {
    const files = { ...Object.fromEntries(flakes) }
    expect(mentionsModule(files['already-elsewhere'] ?? '', modulePath)).toBe(true)
    expect(mentionsModule(files['comments'] ?? '', modulePath)).toBe(false)
    expect(mentionsModule(files['broken'] ?? '', modulePath)).toBe(null)
  })
})
