// A run that stood at its build: did its payload arrive?
import { describe, expect, it } from 'vitest'
import { neverArrived } from '../../../../src/core/test-build/sent.ts'

const copies = (done: number, expected: number) => ({ copies: new Map([['1', { done, expected }]]) })
const none = { copies: new Map() }

describe('a payload', () => {
  it.each([
    ["error: cannot add path '/nix/store/x' because it lacks a signature by a trusted key"],
    ['error: writing to file: No space left on device'],
    ['error: writing to file: Broken pipe'],
    ['error: write of 8192 bytes: Broken pipe'],
    [
      "error: cannot open connection to remote store 'daemon': error: reading from file: Connection reset by peer",
    ],
    ["error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused"],
  ])('did not arrive where Nix says %j', (line) => {
    expect(neverArrived(none, ['chatter', line])).toBe(true)
  })

  it('did not arrive where Nix told fewer bytes than there were', () => {
    expect(neverArrived(copies(2_000_000, 134_217_880), ['error: unexpected end-of-file'])).toBe(true)
  })

  it('arrived where Nix 2.26 told all but a few of its bytes', () => {
    expect(neverArrived(copies(1_048_721, 1_048_728), ['error: unexpected end-of-file'])).toBe(false)
  })

  it('is not said to have stayed away where nothing tells of it', () => {
    expect(neverArrived(none, ['error: unexpected end-of-file'])).toBe(false)
  })

  it('arrived where the probe spoke, whatever was said later', () => {
    const lines = ['offload-test-build: start x', 'error: writing to file: No space left on device']
    expect(neverArrived(copies(0, 134_217_880), lines)).toBe(false)
  })
})
