// Which of Nix's words are kept to judge a failure by: both ends of a long log, in bounded memory.
import { describe, expect, it } from 'vitest'
import { createEvidence, evidenceOf, logLineOf } from '../../../../src/core/test-build/lines.ts'

describe('the evidence', () => {
  it('keeps the first lines and the newest of a log of any length', () => {
    const evidence = createEvidence()
    for (let line = 0; line < 100_000; line++) evidence.add(`line ${line}`)
    const kept = evidence.lines()
    expect(kept.length).toBeLessThanOrEqual(1200)
    expect(kept.slice(0, 400)).toEqual(Array.from({ length: 400 }, (_, line) => `line ${line}`))
    expect(kept.slice(-400)).toEqual(Array.from({ length: 400 }, (_, at) => `line ${99_600 + at}`))
  })

  it('cuts a line that has no end', () => {
    const evidence = createEvidence()
    evidence.add('x'.repeat(1_000_000))
    expect(evidence.lines()[0]).toHaveLength(8000)
  })
})

describe('a message of Nix', () => {
  it.each([
    [0, true, true],
    [1, true, true],
    [2, false, true],
    [3, false, true],
    [4, false, false],
  ])('of level %i is evidence: %s, and is shown: %s', (level, tells, isShown) => {
    const event = { kind: 'message', level, text: 'words' } as const
    expect([evidenceOf(event) !== null, logLineOf(event) !== null]).toEqual([tells, isShown])
  })
})
