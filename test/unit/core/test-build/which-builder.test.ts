// Whose row a test build is about.
import { describe, expect, it } from 'vitest'
import { builderOf } from '../../../../src/core/test-build/which-builder.ts'
import { builder } from '../monitor/fixtures.ts'

const first = builder('first')
const second = builder('second')
const builders = [first, second]
const none = { machine: null, tried: null, allTried: [] }
const both = { machine: null, tried: second.uri, allTried: [first.uri, second.uri] }

describe('a test build', () => {
  it('is about the one it is meant for before anybody was tried', () => {
    expect(builderOf(none, { builder: first, builders })).toBe(first)
  })

  it('is about the one that was tried last where nobody took it', () => {
    expect(builderOf(both, { builder: first, builders })).toBe(second)
  })

  it('is about the one that the person chose, if that was tried at all', () => {
    expect(builderOf(both, { builder: first, builders, wanted: 'this' })).toBe(first)
    const other = { ...both, allTried: [second.uri] }
    expect(builderOf(other, { builder: first, builders, wanted: 'this' })).toBe(second)
  })

  it('is about the one that took it, whoever was chosen', () => {
    const taken = { ...both, machine: second.uri }
    expect(builderOf(taken, { builder: first, builders, wanted: 'this' })).toBe(second)
  })

  it('may be about a machine that no row is known of', () => {
    const uri = 'ssh://b@other'
    expect(builderOf({ machine: uri, tried: uri, allTried: [uri] }, { builder: first })).toMatchObject({
      id: uri,
      uri,
      host: 'other',
    })
  })
})
