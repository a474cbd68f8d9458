// A desktop that has another address now: which is remembered, and when it counts as moved.
import { describe, expect, it } from 'vitest'
import { moveOf, provenAddress } from '../../../../src/core/monitor/moved.ts'
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
  const proven = { desktop: '10.0.0.2' }
  const found = (addresses: string) => ({ host: 'desktop', found: addresses })

  it('is a name that now leads elsewhere, connected or not', () => {
    const move = { expected: '10.0.0.2', found: '10.0.0.9' }
    const peer = { ip: '10.0.0.9', addresses: ['10.0.0.9'] }
    expect(moveOf(proven, 'desktop', peer, undefined)).toEqual(move)
    expect(moveOf(proven, 'desktop', null, found('10.0.0.9'))).toEqual(move)
  })

  it.each([
    ['it was never proven', 'other', '10.0.0.9'],
    ['its name is one that every object knows', 'constructor', '10.0.0.9'],
    ['one of its addresses is the old one', 'desktop', 'fe80::9, 10.0.0.2'],
    ['the name leads nowhere, or is an address itself', 'desktop', ''],
  ])('is none where %s', (_why, host, addresses) => {
    expect(moveOf(proven, host, null, found(addresses))).toBeNull()
  })
})
