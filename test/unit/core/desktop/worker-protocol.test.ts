// The greeting of Nix's worker protocol, old and new, noisy, cut and mutated.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handshakeRequest, readHandshake } from '../../../../src/core/desktop/worker-protocol.ts'
import { greeting } from './worker-words.ts'

// As Nix 2.8.0 and 2.26.3 really sent them.
const from28 = '6f6978640000000022010000000000000500000000000000322e382e3000000073746c6100000000'
const from226 =
  '6f6978640000000026010000000000000600000000000000322e32362e330000010000000000000073746c6100000000'

describe("the daemon's greeting", () => {
  it('is asked for in one write', () => {
    expect(handshakeRequest().toString('hex')).toBe(
      `6378696e00000000${'2301'.padEnd(16, '0')}${'0'.repeat(32)}`,
    )
  })

  it('tells the version, and from protocol 1.35 on whether it trusts us', () => {
    expect(readHandshake(Buffer.from(from28, 'hex'))).toMatchObject({
      state: 'greeted',
      version: '2.8.0',
      trusted: null,
    })
    expect(readHandshake(Buffer.from(from226, 'hex'))).toMatchObject({ version: '2.26.3', trusted: true })
    expect(readHandshake(greeting({ minor: 32 }))).toMatchObject({ state: 'greeted', version: null })
  })

  it('may have noise before it', () => {
    const bytes = Buffer.concat([Buffer.from('hello\n'), greeting({})])
    expect(readHandshake(bytes)).toMatchObject({ state: 'greeted', noise: Buffer.from('hello\n') })
  })

  it('is not whole until its last word', () => {
    const whole = greeting({})
    for (let length = 8; length < whole.length; length++) {
      expect(readHandshake(whole.subarray(0, length)).state).toBe('broken')
    }
  })

  it.each([
    ['another protocol before', { major: 0 }],
    ['another protocol after', { major: 2 }],
    ['a version that is a novel', { version: '2'.repeat(257) }],
  ])('of %s is broken', (_, words) => {
    expect(readHandshake(greeting(words)).state).toBe('broken')
  })

  it('survives a thousand mutations', () => {
    const mutation = fc.record({ at: fc.nat(56), cut: fc.nat(20), put: fc.uint8Array({ maxLength: 20 }) })
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = mutations.reduce(
          (now, { at, cut, put }) => Buffer.concat([now.subarray(0, at), put, now.subarray(at + cut)]),
          greeting({}),
        )
        expect(['greeted', 'broken', 'no-daemon']).toContain(readHandshake(bytes).state)
      }),
      { numRuns: 1000 },
    )
  })
})
