// Hostile machines files: nothing throws, time is bounded, and the rows that are good survive.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMachines } from './parse-machines.ts'

const healthy = [
  'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 8 1 kvm,big-parallel - c3NoLWVkMjU1MTkgQUFBQQ==',
  'ssh://b@192.168.15.7 - - 4 ; second - - 2 # both',
  '@/etc/nix/more',
]

/** A healthy file with a few bytes cut, doubled, replaced or put in. */
const mutated = fc
  .tuple(
    fc.shuffledSubarray(healthy, { minLength: 1 }),
    fc.array(fc.tuple(fc.nat(400), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 })), {
      maxLength: 8,
    }),
  )
  .map(([lines, edits]) =>
    edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), lines.join('\n')),
  )

describe('a mutated machines file', () => {
  it('never throws, and takes a bounded time', () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom('old' as const, 'new' as const), (text, grammar) => {
        const started = performance.now()
        const { builders, problems } = parseMachines(text, '/m', 'x86_64-linux', grammar)
        expect(performance.now() - started).toBeLessThan(5_000)
        for (const { params } of problems) expect(String(params?.['what'])).not.toMatch(/\p{Cc}/u)
        for (const row of builders) expect(row.source.line).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps a good row on its own line, whatever stands around it', () => {
    fc.assert(
      fc.property(
        mutated,
        mutated,
        fc.constantFrom('old' as const, 'new' as const),
        (above, below, grammar) => {
          const text = `${above}\nssh-ng://survivor - - 3\n${below}`
          const found = parseMachines(text, '/m', 'x86_64-linux', grammar).builders.filter(
            ({ store }) => store.kind === 'ssh' && store.host === 'survivor',
          )
          expect(found).toMatchObject([{ maxJobs: 3, source: { line: above.split('\n').length + 1 } }])
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['one endless line', 'x'.repeat(1_000_000)],
    ['a million semicolons', ';'.repeat(1_000_000)],
    ['a million rows', 'a\n'.repeat(500_000)],
    ['endless colons', `ssh://${':'.repeat(500_000)}`],
    ['endless brackets', `ssh://${'['.repeat(500_000)}`],
    ['endless parameters', `ssh://a?${'b=c&'.repeat(200_000)}`],
    ['endless at signs', `ssh://${'@'.repeat(500_000)}`],
    ['blanks', `a${' '.repeat(500_000)}b`],
    ['hashes', '#'.repeat(1_000_000)],
  ])('is read in bounded time and memory: %s', (_, text) => {
    for (const grammar of ['old', 'new'] as const) {
      const started = performance.now()
      const { builders, problems } = parseMachines(text, '/m', 'x86_64-linux', grammar)
      expect(performance.now() - started).toBeLessThan(8_000)
      expect(builders.length + problems.length).toBeLessThanOrEqual(10_000)
    }
  })
})
