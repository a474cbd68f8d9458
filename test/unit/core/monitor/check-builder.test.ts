// What an SSH proof, an answer of Nix and a knock say of a builder, judged into its checks.
import { describe, expect, it } from 'vitest'
import type { SshProof } from '../../../../src/core/desktop/results.ts'
import {
  type BuilderEvidence,
  judgeBuilder,
  judgeKnock,
  unprovenBuilder,
} from '../../../../src/core/monitor/check-builder.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import { at, builder, offered, proof, when } from './fixtures.ts'

function judge(change: Partial<SshProof> = {}, evidence: Partial<BuilderEvidence> = {}) {
  return judgeBuilder(
    builder(),
    { proof: proof(change), proofMs: 50, remote: null, keyProblems: [], ...evidence },
    at,
  )
}
const states = (checks: ReturnType<typeof judge>) => checks.map((check) => check.state)

describe('one SSH proof', () => {
  it('proves all but Nix when the private key is root’s', () => {
    const checks = judge()
    expect(states(checks)).toEqual(['pass', 'pass', 'pass', 'unknown'])
    expect(checks[3]?.note).toBe('needs-test-build')
    expect(checks.map((check) => check.ms)).toEqual([1.2, 0, 12, 0])
  })

  it.each<CauseCode>(['net.timeout', 'net.unreachable', 'net.name-not-found', 'ssh.port-closed'])(
    'that never connected fails reachable with %s and skips the rest',
    (cause) => {
      const checks = judge({ connectMs: null, hostKey: null, key: 'untested', problem: problem(cause) })
      expect(states(checks)).toEqual(['fail', 'skip', 'skip', 'skip'])
      expect(checks[0]).toMatchObject({ cause, ms: 50, params: { host: 'desktop' } })
    },
  )

  it.each<CauseCode>([
    'ssh.not-ssh',
    'ssh.banner-timeout',
    'ssh.no-common-algorithm',
    'ssh.throttled',
    'ssh.protocol-error',
  ])('that broke before the host key is reachable all the same: %s', (cause) => {
    const checks = judge({ hostKey: null, key: 'untested', problem: problem(cause) })
    expect(states(checks)).toEqual(['pass', 'fail', 'skip', 'skip'])
    expect(checks[1]?.cause).toBe(cause)
  })

  describe('of a name that leads elsewhere than before', () => {
    const move = { expected: '10.0.0.2', found: '10.0.0.9' }
    const params = { host: 'desktop', ...move }

    it.each<CauseCode>(['net.unreachable', 'net.timeout', 'ssh.port-closed'])(
      'says so where nobody answers there: %s',
      (cause) => {
        const change = { connectMs: null, peer: null, hostKey: null, key: 'untested' } as const
        const checks = judge({ ...change, problem: problem(cause) }, { move })
        expect(checks[0]).toMatchObject({ state: 'fail', cause: 'net.moved', params, detail: cause })
      },
    )

    it('says so where another host key is shown, and keeps both fingerprints', () => {
      const expected = [{ fingerprint: 'SHA256:old', source: '/etc/nix/machines' }]
      const checks = judge(
        { hostKey: { state: 'changed', offered, expected }, key: 'untested', problem: null },
        { move },
      )
      const detail = 'SHA256:offered, not SHA256:old (/etc/nix/machines)'
      expect(checks[1]).toMatchObject({ state: 'fail', cause: 'net.moved', params, detail })
    })

    it('says nothing of it where the right machine answers', () => {
      expect(states(judge({}, { move }))).toEqual(['pass', 'pass', 'pass', 'unknown'])
    })
  })

  it('warns of an unknown host key by its fingerprint, and sends nothing further', () => {
    const checks = judge({
      hostKey: { state: 'unknown', offered },
      key: 'untested',
      problem: problem('ssh.host-key-unknown'),
    })
    expect(states(checks)).toEqual(['pass', 'warn', 'unknown', 'unknown'])
    expect(checks[1]?.params).toEqual({
      fingerprint: 'SHA256:offered',
      offered: 'SHA256:offered',
      keyType: 'ssh-ed25519',
      host: 'desktop',
      port: 22,
    })
    expect(checks[2]?.note).toBe('host-key-first')
  })

  it('fails on a changed host key with both fingerprints', () => {
    const expected = [{ fingerprint: 'SHA256:old', source: 'machines' }]
    const checks = judge({ hostKey: { state: 'changed', offered, expected }, key: 'untested' })
    expect(states(checks)).toEqual(['pass', 'fail', 'skip', 'skip'])
    expect(checks[1]).toMatchObject({
      cause: 'ssh.host-key-changed',
      params: { offered: 'SHA256:offered', expected: 'SHA256:old', source: 'machines' },
    })
  })

  it('says of an unknown host key what was seen and not used', () => {
    const raw = '@cert-authority not used: /etc/ssh/ssh_known_hosts:1'
    const unknown = problem('ssh.host-key-unknown', {}, raw)
    const checks = judge({ hostKey: { state: 'unknown', offered }, key: 'untested', problem: unknown })
    expect(checks[1]).toMatchObject({ cause: 'ssh.host-key-unknown', detail: raw })
  })

  it('warns of a pin that ssh passes by, and goes on to the key: it is the right desktop', () => {
    const checks = judge({
      hostKey: { state: 'trusted', offered, source: '/etc/nix/machines', missedAs: '10.0.0.6' },
    })
    expect(states(checks).slice(0, 3)).toEqual(['pass', 'warn', 'pass'])
    const params = { host: 'desktop', name: '10.0.0.6', file: '/etc/nix/machines', line: 1 }
    expect(checks[1]).toMatchObject({ cause: 'laptop.host-key-pin-missed', params })
  })

  it('fails on a revoked host key', () => {
    const checks = judge({ hostKey: { state: 'revoked', offered, source: '/kh' }, key: 'untested' })
    expect(checks[1]).toMatchObject({ cause: 'ssh.host-key-revoked', params: { file: '/kh' } })
  })

  it('fails on a refused key, naming user and key file', () => {
    const checks = judge({ key: 'refused', problem: problem('ssh.key-refused') })
    expect(states(checks)).toEqual(['pass', 'pass', 'fail', 'skip'])
    expect(checks[2]?.params).toEqual({ host: 'desktop', user: 'nix-builder', key: '/etc/nix/builder_key' })
  })

  it('leaves a key that cannot be shown unproven, with the reason', () => {
    const checks = judge({
      key: 'untested',
      problem: problem('laptop.builder-key-untestable', { key: '/k' }),
    })
    expect(checks[2]).toMatchObject({ state: 'unknown', cause: 'laptop.builder-key-untestable' })
    expect(judge({ key: 'untested' })[2]).toMatchObject({ state: 'unknown', note: 'default-key' })
  })

  it('fails a key when the connection broke in its turn', () => {
    const checks = judge({ key: 'untested', problem: problem('ssh.protocol-error') })
    expect(states(checks)).toEqual(['pass', 'pass', 'fail', 'skip'])
  })

  it('believes an accepted key whose missing .pub is only inconvenient', () => {
    const checks = judge({}, { keyProblems: [problem('laptop.builder-pubkey-missing')] })
    expect(checks[2]?.state).toBe('pass')
  })

  it('names the missing .pub as the reason of a key that could not be shown', () => {
    const keyProblems = [problem('laptop.builder-pubkey-missing', { key: '/k' })]
    const checks = judge({ key: 'untested' }, { keyProblems })
    expect(checks[2]).toMatchObject({ state: 'unknown', cause: 'laptop.builder-pubkey-missing' })
  })
})

describe('Nix on the desktop, over a session', () => {
  const well = { version: '2.26.3', trusted: true, systems: ['x86_64-linux', 'i686-linux'], diskFree: 5e9 }
  const nix = (change: Partial<typeof well> | { trusted: null }, row = builder()) =>
    judgeBuilder(
      row,
      {
        proof: proof(),
        proofMs: 1,
        remote: { outcome: good({ ...well, ...change }), ms: 30 },
        keyProblems: [],
      },
      at,
    )[3]

  it('passes', () => expect(nix({})).toMatchObject({ state: 'pass', ms: 30 }))
  it('passes where it does not say whether it trusts', () =>
    expect(nix({ trusted: null })?.state).toBe('pass'))
  it('fails when nix-builder is not trusted', () => {
    expect(nix({ trusted: false })).toMatchObject({ state: 'fail', cause: 'nix.not-trusted' })
  })
  it('fails when it builds for none of the promised systems', () => {
    expect(nix({ systems: ['aarch64-linux'] })).toMatchObject({
      state: 'fail',
      cause: 'nix.system-mismatch',
      params: { expected: 'x86_64-linux', found: 'aarch64-linux' },
    })
  })
  it('warns when it lacks one of several promised systems', () => {
    const row = builder('desktop', { systems: ['x86_64-linux', 'aarch64-linux'] })
    expect(nix({}, row)).toMatchObject({ state: 'warn', params: { expected: 'aarch64-linux' } })
  })
  it('warns of a full disk', () => {
    expect(nix({ diskFree: 10 })).toMatchObject({ state: 'warn', cause: 'nix.disk-full' })
    expect([nix({ diskFree: 999_999_999 })?.state, nix({ diskFree: 1e9 })?.state]).toEqual(['warn', 'pass'])
  })
  it('passes where it tells no systems: a key that may start Nix alone learns none', () => {
    expect(nix({ systems: [] })).toMatchObject({ state: 'pass', detail: 'Nix 2.26.3' })
  })
  it('fails with the cause that asking ended in', () => {
    const checks = judge({}, { remote: { outcome: bad('nix.daemon-down'), ms: 3 } })
    expect(checks[3]).toMatchObject({ state: 'fail', cause: 'nix.daemon-down', params: { host: 'desktop' } })
  })
})

describe('a knock', () => {
  it('that fails makes the rest moot', () => {
    const checks = judgeKnock(builder(), judge(), bad('ssh.port-closed'), at)
    expect(states(checks)).toEqual(['fail', 'skip', 'skip', 'skip'])
    expect(checks[0]?.params).toEqual({ host: 'desktop', port: 22 })
  })

  it('that is answered renews reachable and leaves the proof with its own time', () => {
    const later = '2026-01-02T03:05:00.000Z'
    const checks = judgeKnock(builder(), judge(), good({ ms: 2 }), later)
    expect(checks.map((check) => check.at)).toEqual([later, at, at, at])
    expect(states(checks)).toEqual(['pass', 'pass', 'pass', 'unknown'])
  })

  it('that is answered again after an outage proves the port and nothing else', () => {
    const down = judgeKnock(builder(), judge(), bad('ssh.port-closed'), at)
    const up = judgeKnock(builder(), down, good({ ms: 2 }), at)
    expect(states(up)).toEqual(['pass', 'unknown', 'unknown', 'unknown'])
    expect(unprovenBuilder(when)[1]?.note).toBe('not-checked-yet')
  })
})
