// The proof's judgement: whose boot id it is, and whose tag.
import { describe, expect, it } from 'vitest'
import { judgeProof } from '../../../../src/core/test-build/proof.ts'

const here = '6eeb1d44-34d4-423f-ae06-a4bc287471a8'
const there = '9faee38c-0d82-42a3-84b5-fd1ce69ab062'

describe('the proof', () => {
  it.each([
    [`T\n${there}\n6.1\nxxx`, { state: 'remote', remote: { bootId: there, kernel: '6.1' } }],
    [`T\n${here}\n6.1\nxxx`, { state: 'here' }],
    [`U\n${there}\n6.1\n`, { state: 'wrong' }],
    ['T\n\n\n', { state: 'wrong' }],
    [`T\n${there.slice(1)}\n6.1\n`, { state: 'wrong' }],
    ['', { state: 'wrong' }],
  ])('of %j', (head, verdict) => {
    expect(judgeProof(head, 'T', here)).toMatchObject(verdict)
  })
})
