// Narinfos, hashes and signatures: what real Nix has signed verifies, and nothing that was changed does.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Narinfo, parseNarinfo } from '../../../../src/core/desktop/narinfo.ts'
import { parseSha256, toNix32 } from '../../../../src/core/desktop/nix-hash.ts'
import { judgeSignatures } from '../../../../src/core/desktop/signature.ts'
import { haveNix, signedCache } from './nix-store.ts'
import { recordedDep, recordedKey, recordedTop } from './recorded.ts'

const otherKey = `cache.test-1:${Buffer.alloc(32, 7).toString('base64')}`
const nar32 = '166vd7rwab60nc1kbdg5cwqxr45iw5hk1ggvwl7q99y0r0nf8wmp'

function read(text: string): Narinfo {
  const parsed = parseNarinfo(text)
  if (!parsed.ok) throw new Error(parsed.what)
  return parsed.narinfo
}

describe('a narinfo', () => {
  it('is read with its references and signatures', () => {
    expect(read(recordedTop)).toMatchObject({
      narSize: 232,
      references: ['1ykz1g3k2v8rcrglw99pblalp2l8bdk3-dep', 'gsrbwr5m2fw5n5cydp3g59awv2fp8d45-top'],
      signatures: [expect.stringMatching(/^cache\.test-1:/)],
    })
    expect(read(recordedDep).references).toEqual([])
  })

  it('may hold fields nobody knows, and several signatures', () => {
    expect(read(`${recordedTop}Sig: b:AA==\nFuture: yes\n`).signatures).toHaveLength(2)
  })

  it.each([
    ['no store path', /^StorePath.*\n/m, 'StorePath'],
    ['no URL', /^URL.*\n/m, 'URL'],
    ['no hash', /^NarHash.*\n/m, 'NarHash'],
    ['a size of nothing', /(?<=^NarSize: ).*/m, 'NarSize'],
    ['a line without a name', /^Compression:/m, 'line 3 has no ":"'],
    ['an unended line', /\n$/, 'the last line is not ended'],
  ])('with %s is broken', (_, part, what) => {
    expect(parseNarinfo(recordedTop.replace(part, ''))).toEqual({ ok: false, what })
  })

  it('with its references twice is broken', () => {
    expect(parseNarinfo(`${recordedTop}References: \n`)).toEqual({
      ok: false,
      what: 'References stands twice',
    })
  })

  it('is signed over its references in order, each once, however the server lists them', () => {
    const good = read(recordedTop)
    const shuffled = { ...good, references: [...good.references, ...good.references].reverse() }
    expect(judgeSignatures(shuffled, [recordedKey])).toEqual(judgeSignatures(good, [recordedKey]))
    expect(judgeSignatures(shuffled, [recordedKey]).state).toBe('valid')
  })

  it('survives a thousand mutations, and none of them still verifies unless nothing signed was touched', () => {
    const mutation = fc.record({
      at: fc.nat(recordedTop.length),
      cut: fc.nat(30),
      put: fc.string({ unit: 'binary', maxLength: 30 }),
    })
    const good = read(recordedTop)
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const text = mutations.reduce(
          (now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut),
          recordedTop,
        )
        const parsed = parseNarinfo(text)
        if (!parsed.ok) return
        const { storePath, narHash, narSize, references } = parsed.narinfo
        const same =
          storePath === good.storePath &&
          narHash === good.narHash &&
          narSize === good.narSize &&
          [...new Set(references)].sort().join() === [...good.references].sort().join()
        if (!same) expect(judgeSignatures(parsed.narinfo, [recordedKey]).state).not.toBe('valid')
      }),
      { numRuns: 1000 },
    )
  })
})

describe("a hash in Nix's base 32", () => {
  it('is the same in hex, base64 and SRI', () => {
    const hash = parseSha256(`sha256:${nar32}`) ?? Buffer.alloc(0)
    const forms = [
      `sha256:${hash.toString('hex')}`,
      `sha256:${hash.toString('base64')}`,
      `sha256-${hash.toString('base64')}`,
    ]
    expect(forms.map((form) => toNix32(parseSha256(form) ?? Buffer.alloc(0)))).toEqual([nar32, nar32, nar32])
  })

  it('comes back as it went, and nothing else passes for one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(parseSha256(`sha256:${toNix32(Buffer.from(bytes))}`)).toEqual(Buffer.from(bytes))
      }),
    )
    expect(
      ['sha256:', `sha1:${nar32}`, `sha256:${'z'.repeat(52)}`, `sha256:${nar32}0`].map(parseSha256),
    ).toEqual([null, null, null, null])
  })
})

describe('a signature', () => {
  it.each([recordedDep, recordedTop])('made by Nix is valid', (text) => {
    expect(judgeSignatures(read(text), ['a:AA==', recordedKey])).toEqual({
      state: 'valid',
      keyName: 'cache.test-1',
    })
  })

  it.runIf(haveNix)('made by the Nix of this machine, just now, is valid', { timeout: 60_000 }, () => {
    const cache = signedCache()
    expect(cache.narinfos).toHaveLength(2)
    for (const text of cache.narinfos) {
      expect(judgeSignatures(read(text), [cache.publicKey]).state).toBe('valid')
      expect(judgeSignatures(read(text), [recordedKey]).state).toBe('invalid')
    }
    cache.remove()
  })

  it('of a regenerated key under the old name is invalid, not unknown', () => {
    expect(judgeSignatures(read(recordedTop), [otherKey])).toEqual({
      state: 'invalid',
      keyName: 'cache.test-1',
    })
  })

  it('of a name nobody trusts is untrusted', () => {
    const trusted = [recordedKey.replace('cache.test-1', 'cache.test-2')]
    expect(judgeSignatures(read(recordedTop), trusted)).toEqual({
      state: 'untrusted',
      keyName: 'cache.test-1',
    })
  })

  it('of a name that stands twice is judged by its first key, as Nix keeps that one', () => {
    expect(judgeSignatures(read(recordedTop), [recordedKey, otherKey]).state).toBe('valid')
    expect(judgeSignatures(read(recordedTop), [otherKey, recordedKey]).state).toBe('invalid')
  })

  it('of another length is none', () => {
    const long = `Sig: cache.test-1:${Buffer.alloc(65).toString('base64')}\n`
    expect(judgeSignatures(read(recordedTop.replace(/^Sig.*\n/m, long)), [recordedKey])).toEqual({
      state: 'unsigned',
    })
  })

  it('may be missing', () => {
    expect(judgeSignatures(read(recordedTop.replace(/^Sig.*\n/m, '')), [recordedKey])).toEqual({
      state: 'unsigned',
    })
  })

  it('of several is enough', () => {
    const text = `${recordedTop}Sig: other-1:${Buffer.alloc(64).toString('base64')}\n`
    expect(judgeSignatures(read(text), [otherKey.replace('cache.test', 'other'), recordedKey]).state).toBe(
      'valid',
    )
  })

  it('is made over the size, the hash and the references', () => {
    const good = read(recordedTop)
    const altered: Narinfo[] = [
      { ...good, narSize: 233 },
      { ...good, narHash: read(recordedDep).narHash },
      { ...good, references: good.references.slice(1) },
    ]
    expect(altered.map((one) => judgeSignatures(one, [recordedKey]).state)).toEqual([
      'invalid',
      'invalid',
      'invalid',
    ])
  })
})
