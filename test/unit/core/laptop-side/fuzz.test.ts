// A thousand nix.conf and machines files of all kinds: an edit keeps every other byte, says what it should, and once is
// enough.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHostKeyColumn } from '../../../../src/core/laptop/host-key-column.ts'
import { addRow, pinRow, withColumn } from '../../../../src/core/laptop-side/machines-edit.ts'
import {
  addWord,
  assignments,
  lastOf,
  listOf,
  replaceWords,
  setSetting,
} from '../../../../src/core/laptop-side/nix-conf-edit.ts'
import { type Line, linesOf, type Texts } from '../../../../src/core/laptop-side/texts.ts'
import { cacheKey, hostKeyLine, machines, nixConf, otherKey } from './ground.ts'

const runs = { numRuns: 1000 }
const custom = '/etc/nix/nix.custom.conf'
/** Bytes as characters, newlines and the rest. */
const anyBytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
  maxLength: 40,
})
const comment = fc.constantFrom('', ' # note', '# fallback = false', '\t#\u00e9')
const setting = fc
  .tuple(
    fc.constantFrom('', '  ', '\t'),
    fc.constantFrom(
      'fallback',
      'substituters',
      'extra-substituters',
      'trusted-public-keys',
      'extra-trusted-public-keys',
      'max-jobs',
      'builders',
    ),
    fc.constantFrom(' = ', ' =  ', '\t=\t', ' ='),
    fc.constantFrom(
      '',
      'true',
      'false',
      'http://desktop:5000',
      `a:b ${otherKey}`,
      otherKey,
      'x  y',
      '@/etc/nix/machines',
    ),
    comment,
  )
  .map((parts) => parts.join(''))
const line = fc.oneof(
  { weight: 6, arbitrary: setting },
  { weight: 1, arbitrary: fc.constant('!include nix.custom.conf') },
  { weight: 2, arbitrary: anyBytes },
)
const text = fc
  .tuple(fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n')), { maxLength: 12 }), line, fc.boolean())
  .map(([lines, last, whole]) => lines.flat().join('') + (whole ? '' : last))
const conf = fc.tuple(text, fc.option(text)).map(
  ([main, more]): Texts =>
    new Map([
      [nixConf, main],
      [custom, more],
    ]),
)

/** The lines of both files that are not the same as before, by file and line; the texts must be as long or longer. */
function changedLines(before: Texts, after: Texts): readonly string[] {
  return [...after].flatMap(([path, next]) => {
    const old = linesOf(before.get(path) ?? '')
    const now = linesOf(next ?? '')
    expect(now.length).toBeGreaterThanOrEqual(old.length)
    return now.flatMap((one, at) => {
      const was = old[at]
      // A last line gets a newline where one more follows.
      const whole = (line: Line) => line.text + line.ending
      const same =
        was !== undefined && whole(one) === whole(was) + (was.ending === '' ? one.ending.slice(-1) : '')
      return same ? [] : [`${path}:${at + 1}`]
    })
  })
}

describe('an edit of a thousand nix.conf files', () => {
  it('sets one setting, in one line, and once is enough', () => {
    fc.assert(
      fc.property(conf, (texts) => {
        const done = setSetting(texts, nixConf, 'fallback', 'true')
        expect(changedLines(texts, done).length).toBeLessThanOrEqual(1)
        const said = lastOf(assignments(done, nixConf), 'fallback')
        // A file that is named but missing, read by nobody, is made where an installer leaves it to people.
        expect(said?.words).toEqual(['true'])
        expect(setSetting(done, nixConf, 'fallback', 'true')).toEqual(done)
      }),
      runs,
    )
  })

  it('adds one word to a list, in one line more, and once is enough', () => {
    fc.assert(
      fc.property(conf, (texts) => {
        const done = addWord(texts, nixConf, 'trusted-public-keys', cacheKey)
        expect(changedLines(texts, done)).toHaveLength(1)
        const list = listOf(assignments(done, nixConf), 'trusted-public-keys')
        const extra = assignments(done, nixConf).filter((one) => one.name === 'extra-trusted-public-keys')
        expect(list === null ? extra.flatMap((one) => one.words) : list).toContain(cacheKey)
        expect(addWord(done, nixConf, 'trusted-public-keys', cacheKey)).toEqual(done)
      }),
      runs,
    )
  })

  it('exchanges a key wherever a list names it, and nothing else', () => {
    fc.assert(
      fc.property(conf, (texts) => {
        const next = (word: string) => (word === otherKey ? cacheKey : word)
        const done = replaceWords(texts, nixConf, 'trusted-public-keys', next)
        const lists = (some: Texts) =>
          assignments(some, nixConf).filter((one) => one.name.endsWith('trusted-public-keys'))
        expect(lists(done).map((one) => one.words)).toEqual(lists(texts).map((one) => one.words.map(next)))
        for (const [path, now] of done) {
          const back = now?.replaceAll(cacheKey, otherKey) ?? null
          expect(back).toBe(texts.get(path))
        }
        expect(replaceWords(done, nixConf, 'trusted-public-keys', next)).toEqual(done)
      }),
      runs,
    )
  })
})

const uri = 'ssh-ng://nix-builder@desktop'
const cells = fc.array(fc.constantFrom('-', 'x86_64-linux', '/etc/nix/k', '4', 'kvm,big', 'QUJD'), {
  maxLength: 9,
})
const row = fc.tuple(
  fc.constantFrom('', ' ', '\t'),
  fc.constantFrom(' ', '\t ', '  '),
  cells,
  comment,
  fc.constantFrom('', ' ; ssh://other - -', ';'),
)

describe('an edit of a thousand machines files', () => {
  it('pins a row wherever it stands, and keeps every other byte', () => {
    fc.assert(
      fc.property(row, ([gap, blank, columns, note, beside]) => {
        const written = `${gap}${[uri, ...columns].join(blank)}${beside}${note}`
        const pinned = withColumn(written, uri, 7, 'UElO')
        expect(pinned).not.toBeNull()
        expect(withColumn(pinned ?? '', uri, 7, 'UElO')).toBe(pinned)
        const code = (pinned ?? '').split('#')[0]?.split(';')[0] ?? ''
        expect(
          code
            .trim()
            .split(/[ \t]+/)
            .slice(0, 8)[7],
        ).toBe('UElO')
        expect(pinned?.endsWith(note)).toBe(true)
        expect(code.startsWith(`${gap}${uri}`)).toBe(true)
      }),
      runs,
    )
  })

  it('changes the one line alone, and writes a key that reads back', () => {
    fc.assert(
      fc.property(text, text, (above, below) => {
        const start = above === '' || above.endsWith('\n') ? above : `${above}\n`
        const file = `${start}${uri} - /k 4\n${below}`
        const at = linesOf(start).length + 1
        const texts: Texts = new Map([[machines, file]])
        const done = pinRow(texts, { file: machines, line: at }, uri, hostKeyLine)
        expect(changedLines(texts, done)).toEqual([`${machines}:${at}`])
        const column = linesOf(done.get(machines) ?? '')[at - 1]?.text.split(' ')[7] ?? null
        expect(decodeHostKeyColumn(column)).toEqual({ state: 'line', line: hostKeyLine })
      }),
      runs,
    )
  })

  it('adds a row behind all that stands there', () => {
    fc.assert(
      fc.property(text, (before) => {
        const one = { uri, systems: [], keyPath: '/k', maxJobs: 1, features: [], hostKeyLine: null }
        const after = addRow(new Map([[machines, before]]), machines, one).get(machines) ?? ''
        expect(after.startsWith(before)).toBe(true)
        expect(after.endsWith(`\n${uri} - /k 1 1 - - -\n`) || before === '').toBe(true)
      }),
      runs,
    )
  })
})
