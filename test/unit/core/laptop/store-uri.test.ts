// A builder's URI, in every form that Nix takes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStoreUri, renderStoreUri } from '../../../../src/core/laptop/store-uri.ts'

describe('a store URI', () => {
  it.each([
    ['ssh://nix-builder@desktop', 'ssh', 'nix-builder', 'desktop', null],
    ['ssh-ng://nix-builder@desktop', 'ssh-ng', 'nix-builder', 'desktop', null],
    ['desktop', 'ssh', null, 'desktop', null],
    ['nix-builder@desktop', 'ssh', 'nix-builder', 'desktop', null],
    ['ssh-ng://desktop:2222', 'ssh-ng', null, 'desktop', 2222],
    ['ssh://b@[fe80::1%25eth0]:2222', 'ssh', 'b', 'fe80::1%eth0', 2222],
    ['ssh://b@[fd00::7]', 'ssh', 'b', 'fd00::7', null],
    ['ssh://b@fd00::7', 'ssh', 'b', 'fd00::7', null],
    ['ssh-ng://b@home@desktop', 'ssh-ng', 'b@home', 'desktop', null],
    ['ssh-ng://b%40home@desktop', 'ssh-ng', 'b@home', 'desktop', null],
    ['ssh-ng://desktop?compress=true&remote-program=/x/nix-daemon', 'ssh-ng', null, 'desktop', null],
    ['ssh-ng://desktop/', 'ssh-ng', null, 'desktop', null],
  ])('%s names scheme, user, host and port', (uri, scheme, user, host, port) => {
    expect(parseStoreUri(uri)).toMatchObject({ kind: 'ssh', scheme, user, host, port })
  })

  it('gets ssh:// in front of a bare host, as Nix does', () => {
    expect(parseStoreUri('b@desktop').uri).toBe('ssh://b@desktop')
  })

  it('gives its parameters decoded', () => {
    const store = parseStoreUri('ssh-ng://desktop?ssh-key=%2Fetc%2Fnix%2Fkey&max-connections=4')
    expect(store.kind === 'ssh' && Object.fromEntries(store.params)).toEqual({
      'ssh-key': '/etc/nix/key',
      'max-connections': '4',
    })
  })

  it.each(['local', 'daemon', 'auto', 'local?root=/x', 'unix:///run/x', 's3://bucket', '/mnt/store'])(
    '%s is no SSH store',
    (uri) => {
      expect(parseStoreUri(uri)).toEqual({ kind: 'other', uri })
    },
  )

  it.each([
    'ssh://',
    'ssh-ng://user@',
    'ssh://@desktop',
    'ssh://-oProxyCommand=x',
    'ssh://-l@desktop',
    'ssh://desktop:0',
    'ssh://desktop:99999',
    'ssh://desktop:port',
    'ssh://[fe80::1',
    'ssh://desk%0Atop',
  ])('%s is refused', (uri) => {
    expect(parseStoreUri(uri).kind).toBe('bad')
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `ssh://${text}`),
        ),
        (text) => {
          parseStoreUri(text)
          renderStoreUri(text)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('the URI as Nix 2.24 and later write it again', () => {
  it('has its parameters sorted and encoded', () => {
    expect(renderStoreUri('ssh-ng://desktop?remote-store=a b&compress=true')).toBe(
      'ssh-ng://desktop?compress=true&remote-store=a%20b',
    )
    expect(renderStoreUri('ssh-ng://desktop?ssh-key=/etc/nix/key')).toBe(
      'ssh-ng://desktop?ssh-key=/etc/nix/key',
    )
  })

  it('stays as it is without parameters', () => {
    expect(renderStoreUri('ssh://b@desktop')).toBe('ssh://b@desktop')
  })
})
