import { describe, expect, it } from 'vitest'
import { moveFrom, provenAddress } from '../../../../src/core/monitor/moved.ts'
import { offered, proof } from './fixtures.ts'

describe('the address worth remembering', () => {
  const peer = { ip: '10.0.0.2', addresses: ['fe80::2', '10.0.0.2'] }

  it('is the one where the right machine was met', () => {
    expect(provenAddress(proof({ peer }))).toBe('10.0.0.2')
  })

  it.each([
    ['nobody was met', proof({ peer: null, hostKey: null })],
    ['the machine is a stranger', proof({ peer, hostKey: { state: 'unknown', offered } })],
    ['no name led there', proof({ peer: { ip: '10.0.0.2', addresses: [] } })],
  ])('is none where %s', (_why, met) => {
    expect(provenAddress(met)).toBeNull()
  })
})

describe('a move', () => {
  it('is a name that now leads elsewhere, connected or not', () => {
    const move = { expected: '10.0.0.2', found: '10.0.0.9' }
    expect(moveFrom('10.0.0.2', { ip: '10.0.0.9', addresses: ['10.0.0.9'] }, undefined)).toEqual(move)
    expect(moveFrom('10.0.0.2', null, { host: 'desktop', found: '10.0.0.9' })).toEqual(move)
  })

  it.each([
    ['it was never proven', undefined, '10.0.0.9'],
    ['one of its addresses is the old one', '10.0.0.2', 'fe80::9, 10.0.0.2'],
    ['the name leads nowhere, or is an address itself', '10.0.0.2', ''],
  ])('is none where %s', (_why, proven, found) => {
    expect(moveFrom(proven, null, { found })).toBeNull()
  })
})
