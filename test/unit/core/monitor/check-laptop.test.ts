// What the laptop says of itself, judged into its checks.
import { describe, expect, it } from 'vitest'
import {
  judgeLaptop,
  survivesDeadCache,
  trustsNoDesktopKey,
} from '../../../../src/core/monitor/check-laptop.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import { builder, cache, keyFile, laptop, when, withSettings } from './fixtures.ts'

const states = (facts = laptop()) =>
  judgeLaptop(good(facts), when).checks.map((check) => [check.id, check.state, check.cause])

describe('the laptop', () => {
  it('passes every check when all is set up', () => {
    expect(states()).toEqual([
      ['nix-config', 'pass', undefined],
      ['builder-key-file', 'pass', undefined],
      ['cache-trust', 'pass', undefined],
      ['fallback', 'pass', undefined],
    ])
  })

  it('without Nix fails only nix-config and skips the rest', () => {
    const { checks } = judgeLaptop(bad('laptop.nix-missing'), when)
    expect(checks.map((check) => check.state)).toEqual(['fail', 'skip', 'skip', 'skip'])
  })

  it.each<[CauseCode, 'fail' | 'warn']>([
    ['laptop.machines-invalid', 'fail'],
    ['laptop.no-builder', 'fail'],
    ['laptop.distributed-builds-off', 'fail'],
    ['laptop.daemon-down', 'fail'],
    ['laptop.builder-port-unsupported', 'fail'],
    ['laptop.builder-no-slots', 'warn'],
    ['laptop.file-unreadable', 'warn'],
    ['laptop.config-invalid', 'warn'],
  ])('problem %s makes nix-config %s', (cause, state) => {
    const facts = laptop({ problems: [problem(cause)] })
    expect(judgeLaptop(good(facts), when).checks[0]).toMatchObject({ id: 'nix-config', state, cause })
  })

  it('shows the worst of several problems', () => {
    const facts = laptop({
      problems: [problem('laptop.file-unreadable'), problem('laptop.machines-invalid')],
    })
    expect(judgeLaptop(good(facts), when).checks[0]?.cause).toBe('laptop.machines-invalid')
  })

  it('shows the worst key file of all builders', () => {
    const two = [builder('one'), builder('two')]
    const keys = new Map([
      [two[0]?.id ?? '', keyFile([problem('laptop.builder-pubkey-missing', { key: '/k' })])],
      [two[1]?.id ?? '', { state: 'missing', path: '/etc/nix/other' } as const],
    ])
    const check = judgeLaptop(good(laptop({ builders: two, keys })), when).checks[1]
    expect(check).toMatchObject({
      state: 'fail',
      cause: 'laptop.builder-key-missing',
      params: { key: '/etc/nix/other' },
    })
  })

  it('cannot judge a key that only root knows of', () => {
    const facts = laptop({ keys: new Map([[builder().id, { state: 'none-configured' }]]) })
    const check = judgeLaptop(good(facts), when).checks[1]
    expect(check).toMatchObject({ state: 'unknown', note: 'default-key' })
  })

  it('warns of a cache that is no substituter, by its url', () => {
    const facts = laptop({ caches: [{ ...cache, isSubstituter: false }] })
    expect(judgeLaptop(good(facts), when).checks[2]).toMatchObject({
      state: 'warn',
      cause: 'laptop.no-substituter',
      params: { url: cache.url },
    })
  })

  it('fails cache-trust when no key can be the desktop’s', () => {
    const facts = withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA'] })
    expect(judgeLaptop(good(facts), when).checks[2]).toMatchObject({
      state: 'fail',
      cause: 'laptop.cache-key-untrusted',
    })
  })

  it('needs no trusted key where Nix asks for none', () => {
    const none = { trustedPublicKeys: [] }
    expect(trustsNoDesktopKey(withSettings(none), cache)).toBe(true)
    expect(trustsNoDesktopKey(withSettings({ ...none, requireSigs: false }), cache)).toBe(false)
    expect(trustsNoDesktopKey(withSettings(none), { ...cache, trusted: true })).toBe(false)
    expect(trustsNoDesktopKey(withSettings(none), { ...cache, isSubstituter: false })).toBe(false)
  })

  it('warns when fallback is off, and says what max-jobs allows', () => {
    const status = judgeLaptop(good(withSettings({ fallback: false, maxJobs: 0 })), when)
    expect(status.checks[3]).toMatchObject({ state: 'warn', cause: 'laptop.no-fallback' })
    expect(status).toMatchObject({ localBuilds: false, fallback: false })
  })
})

describe('a dead cache', () => {
  it.each([
    ['2.31.9', ['https://cache.nixos.org'], false],
    ['2.32.0', ['https://cache.nixos.org'], true],
    ['2.34.8', ['https://cache.nixos.org'], true],
    ['3.0.0', ['https://cache.nixos.org'], true],
    ['2.34.8', [], false],
    ['2.32pre20250901', ['https://cache.nixos.org'], true],
    ['nonsense', ['https://cache.nixos.org'], false],
  ])('under Nix %s with others %j is survived: %s', (nixVersion, otherSubstituters, survived) => {
    expect(survivesDeadCache({ nixVersion, otherSubstituters })).toBe(survived)
  })
})
