// Which substituters are the desktop's own.
import { describe, expect, it } from 'vitest'
import { chooseCaches, isNearby } from '../../../../src/core/laptop/caches.ts'

const official = 'https://cache.nixos.org/'
const builder = (host: string, real = host) => ({ host, address: { host: real, port: 22, user: 'b' } })
const names: Readonly<Record<string, readonly string[]>> = {
  'desktop.example.org': ['203.0.113.7'],
  'cache.example.org': ['203.0.113.7'],
  'other.example.org': ['203.0.113.9'],
}
const addressesOf = async (host: string) => names[host] ?? [host]
const choose = (substituters: readonly string[], hosts: readonly string[]) =>
  chooseCaches(
    substituters,
    hosts.map((host) => builder(host)),
    'auto',
    addressesOf,
  )
const cache = (url: string, isSubstituter = true, trusted = false) => ({ url, isSubstituter, trusted })

describe("the desktop's cache", () => {
  it('is the substituter on a builder, its query taken off', async () => {
    expect(await choose([official, 'http://desktop:5000/?priority=10'], ['desktop'])).toEqual({
      caches: [cache('http://desktop:5000')],
      otherSubstituters: [official],
    })
  })

  it('keeps a login apart from the address that is shown', async () => {
    const found = await choose(
      ['http://me:se%2Fcret@desktop:5000/?trusted=1', 's3://me:x@bucket', 'file:///x'],
      ['desktop'],
    )
    expect(found.caches).toEqual([{ ...cache('http://desktop:5000', true, true), login: 'me:se%2Fcret' }])
    expect(found.otherSubstituters).toEqual(['s3://me:x@bucket', 'file:///x'])
  })

  it('is found however its name and the builder’s are written', async () => {
    expect((await choose(['http://DeskTop:5000'], ['desktoP'])).caches).toEqual([
      cache('http://desktop:5000'),
    ])
  })

  it('is found by the real name behind an ssh_config alias', async () => {
    const found = await chooseCaches(
      ['http://192.168.15.7:5000'],
      [builder('desktop', '192.168.15.7')],
      'auto',
      addressesOf,
    )
    expect(found.caches).toEqual([cache('http://192.168.15.7:5000')])
  })

  it('says that Nix asks no signature of it', async () => {
    expect((await choose(['http://desktop:5000?trusted=1'], ['desktop'])).caches).toEqual([
      cache('http://desktop:5000', true, true),
    ])
  })

  it('may be the local one of another name', async () => {
    expect((await choose([official, 'http://192.168.15.7:5000'], ['desktop'])).caches).toEqual([
      cache('http://192.168.15.7:5000'),
    ])
  })

  it('may be found by the address behind both names', async () => {
    expect(
      await choose(['https://cache.example.org/nix/', 'https://other.example.org'], ['desktop.example.org']),
    ).toEqual({
      caches: [cache('https://cache.example.org/nix')],
      otherSubstituters: ['https://other.example.org'],
    })
  })

  it('may be found by the address of any builder, not only the first', async () => {
    const builders = ['other.example.org', 'desktop.example.org']
    expect((await choose(['https://cache.example.org'], builders)).caches).toEqual([
      cache('https://cache.example.org'),
    ])
  })

  it('is named where it should be one, but is no substituter', async () => {
    expect(await choose([official], ['desktop', 'second'])).toEqual({
      caches: [cache('http://desktop:5000', false)],
      otherSubstituters: [official],
    })
    expect((await choose([], ['fd00::7'])).caches).toEqual([cache('http://[fd00::7]:5000', false)])
  })

  it('is none without a builder, and no SSH store', async () => {
    expect(await choose(['http://desktop:5000'], [])).toEqual({
      caches: [],
      otherSubstituters: ['http://desktop:5000'],
    })
    expect((await choose(['ssh-ng://desktop', 'not a url'], ['desktop'])).otherSubstituters).toHaveLength(2)
  })

  it('does not ask the name service for a public cache', async () => {
    const asked: string[] = []
    await chooseCaches(
      [official, 'https://nix-community.cachix.org'],
      [builder('d.example.org')],
      'auto',
      async (host) => {
        asked.push(host)
        return []
      },
    )
    expect(asked).toEqual([])
  })

  it('is what the settings say', async () => {
    const substituters = [official, 'http://desktop:5000']
    expect(await chooseCaches(substituters, [builder('desktop')], 'none')).toEqual({
      caches: [],
      otherSubstituters: substituters,
    })
    expect(
      await chooseCaches(substituters, [builder('desktop')], ['http://nas:8080/', 'http://desktop:5000']),
    ).toEqual({
      caches: [cache('http://nas:8080', false), cache('http://desktop:5000')],
      otherSubstituters: [official],
    })
  })

  it('that the settings name is trusted as Nix’s own setting says', async () => {
    const substituters = ['http://desktop:5000?trusted=1']
    expect(await chooseCaches(substituters, [], ['http://desktop:5000'])).toMatchObject({
      caches: [cache('http://desktop:5000', true, true)],
    })
  })
})

describe('a host', () => {
  it.each([
    'desktop',
    'desktop.local',
    '192.168.1.2',
    '10.0.0.1',
    '172.31.0.1',
    '100.64.0.1',
    'fd00::1',
    'a.b.ts.net',
  ])('%s is nearby', (host) => {
    expect(isNearby(host)).toBe(true)
  })
  it.each(['cache.nixos.org', '172.32.0.1', '8.8.8.8', '100.128.0.1', '2001:db8::1'])('%s is not', (host) => {
    expect(isNearby(host)).toBe(false)
  })
})
