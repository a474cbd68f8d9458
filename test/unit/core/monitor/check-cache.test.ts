// What a cache answered and a signature proved, judged into its checks.
import { describe, expect, it } from 'vitest'
import { type CacheEvidence, judgeCache } from '../../../../src/core/monitor/check-cache.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import { at, cache, cacheInfo, laptop, withSettings } from './fixtures.ts'

const path = '/nix/store/aaaa-hello'
const well: CacheEvidence = {
  info: good(cacheInfo),
  infoMs: 3,
  signature: { state: 'valid', keyName: 'cache.local-1', path },
  signatureMs: 4,
}
const judge = (change: Partial<CacheEvidence>, facts = laptop(), which = cache) =>
  judgeCache(which, facts, { ...well, ...change }, at)
const refused = (cause: CauseCode, params = {}): Partial<CacheEvidence> => ({
  signature: { state: 'failed', problem: problem(cause, params), path },
})
const brief = (checks: ReturnType<typeof judge>) => checks.map((check) => [check.state, check.cause])

describe('a cache', () => {
  it('passes when it answers and a path is signed by a trusted key', () => {
    expect(brief(judge({}))).toEqual([
      ['pass', undefined],
      ['pass', undefined],
    ])
  })

  it('that wants a login which only root may read is not known, and names the file', () => {
    const closed = { ...cache, closedNetrc: '/etc/nix/netrc' }
    const wants = { info: bad('cache.http-error', { status: 401 }), signature: null }
    const checks = judge(wants, laptop(), closed)
    expect(brief(checks)).toEqual([
      ['unknown', 'laptop.file-unreadable'],
      ['unknown', 'laptop.file-unreadable'],
    ])
    expect(checks[0]?.params).toEqual({ file: '/etc/nix/netrc' })
    expect(brief(judge(wants))[0]).toEqual(['fail', 'cache.http-error'])
    const broken = { info: bad('cache.http-error', { status: 500 }), signature: null }
    expect(brief(judge(broken, laptop(), closed))[0]).toEqual(['fail', 'cache.http-error'])
  })

  it.each<CauseCode>(['cache.port-closed', 'cache.timeout', 'cache.not-a-cache', 'net.timeout'])(
    'that does not answer fails with %s, named by its url, and its signature is skipped',
    (cause) => {
      const checks = judge({ info: bad(cause), signature: null })
      expect(brief(checks)).toEqual([
        ['fail', cause],
        ['skip', undefined],
      ])
      expect(checks[0]?.params).toMatchObject(
        cause.startsWith('net') ? { host: 'desktop' } : { url: cache.url },
      )
    },
  )

  it.each<CauseCode>(['cache.unsigned', 'cache.signature-untrusted', 'cache.signature-invalid'])(
    'whose signature is refused fails with %s',
    (cause) => {
      const checks = judge(refused(cause, { name: 'other-1' }))
      expect(checks[1]).toMatchObject({ state: 'fail', cause, params: { url: cache.url } })
    },
  )

  it.each<CauseCode>(['cache.narinfo-error', 'cache.timeout'])(
    'that breaks on narinfos fails: %s',
    (cause) => {
      const facts = withSettings({ requireSigs: false })
      expect(judge(refused(cause), facts)[1]).toMatchObject({ state: 'fail', cause })
    },
  )

  it('leaves an untrusted key to cache-trust where the laptop trusts no desktop’s key at all', () => {
    const facts = withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA'] })
    expect(judge(refused('cache.signature-untrusted'), facts)[1]?.state).toBe('skip')
  })

  it('asks for no signature where Nix does not', () => {
    const lax = withSettings({ requireSigs: false })
    expect(judge(refused('cache.unsigned'), lax)[1]).toMatchObject({
      state: 'pass',
      note: 'signature-not-needed',
    })
    const trusted = { ...cache, trusted: true }
    expect(judge(refused('cache.signature-invalid'), laptop(), trusted)[1]?.state).toBe('pass')
  })

  it('has an unproven signature until a path is known that it must have', () => {
    expect(judge({ signature: null })[1]).toMatchObject({ state: 'unknown', note: 'no-shared-path' })
    expect(judge({ signature: { state: 'absent', path } })[1]?.note).toBe('no-shared-path')
  })

  it('that is no substituter harms nothing, answering or not', () => {
    const unused = { ...cache, isSubstituter: false }
    expect(brief(judge({}, laptop(), unused))).toEqual([
      ['pass', undefined],
      ['unknown', undefined],
    ])
    expect(brief(judge({ info: bad('cache.port-closed') }, laptop(), unused))).toEqual([
      ['unknown', undefined],
      ['unknown', undefined],
    ])
  })
})
