// What a test build proves of a builder, for how long, and what makes it void.
import { describe, expect, it } from 'vitest'
import { judgeBuilder, judgeKnock } from '../../../../src/core/monitor/check-builder.ts'
import { type Kept, nothingKept } from '../../../../src/core/monitor/kept-schema.ts'
import { withVerdict } from '../../../../src/core/monitor/test-overlay.ts'
import {
  failedHoldsMs,
  passedHoldsMs,
  provenPaths,
  testVerdict,
  withTestBuild,
} from '../../../../src/core/monitor/test-verdict.ts'
import { bad, type Problem, problem } from '../../../../src/shared/outcome.ts'
import type { TestBuildResult } from '../../../../src/shared/test-build.ts'
import { at, atMs, builder, offered, proof } from './fixtures.ts'

const desktop = builder()
const seen: Kept = { ...nothingKept, fingerprints: { [desktop.id]: offered.fingerprint } }
const path = '/nix/store/aaaa-probe'
const passed: TestBuildResult = {
  ok: true,
  builder: desktop.id,
  uri: desktop.uri,
  ms: 900,
  stages: [],
  remote: { bootId: 'b', kernel: 'k' },
  outPath: path,
}
const failed = (why: Problem, cancelled = false): TestBuildResult => ({
  ok: false,
  builder: desktop.id,
  uri: desktop.uri,
  problem: why,
  stage: 'connect',
  ms: 5,
  stages: [],
  cancelled,
})
const kept = (result: TestBuildResult) => withTestBuild(seen, [desktop], result, at)
const verdict = (
  result: TestBuildResult,
  now = atMs,
  row = desktop,
  shown: string | null = 'SHA256:offered',
) => testVerdict(kept(result), row, shown, now)
const checks = (change = {}, when = at) =>
  judgeBuilder(desktop, { proof: proof(change), proofMs: 1, remote: null, keyProblems: [] }, when)
const states = (all: readonly { state: string }[]) => all.map((check) => check.state)
const later = new Date(atMs + 1000).toISOString()

describe('a passed test build', () => {
  it('holds for a day', () => {
    expect(verdict(passed, atMs + passedHoldsMs)).toMatchObject({ state: 'passed', at, sameHostKey: true })
    expect(verdict(passed, atMs + passedHoldsMs + 1)).toBeNull()
  })

  it('is void under another row or another host key', () => {
    expect(verdict(passed, atMs, builder('desktop', { keyPath: '/other' }))).toBeNull()
    expect(verdict(passed, atMs, desktop, 'SHA256:another')).toBeNull()
  })

  it('from a clock that was far ahead proves nothing', () => {
    expect(verdict(passed, atMs - 2 * 3_600_000)).toBeNull()
  })

  it('makes a healthy builder pass every check, with the time of the build', () => {
    const all = withVerdict(checks({}, later), verdict(passed))
    expect(states(all)).toEqual(['pass', 'pass', 'pass', 'pass'])
    expect(all[3]).toMatchObject({ note: 'proven-by-test-build', at })
  })

  it('settles an unknown host key and the builder key behind it', () => {
    const unknown = checks({ hostKey: { state: 'unknown', offered }, key: 'untested' })
    expect(states(withVerdict(unknown, verdict(passed)))).toEqual(['pass', 'pass', 'pass', 'pass'])
  })

  it('settles no host key that was not seen when it ran', () => {
    const unseen = withTestBuild(nothingKept, [desktop], passed, at)
    const unknown = checks({ hostKey: { state: 'unknown', offered }, key: 'untested' })
    const all = withVerdict(unknown, testVerdict(unseen, desktop, offered.fingerprint, atMs))
    expect(all[1]?.state).toBe('warn')
  })

  it('changes nothing while the desktop does not answer', () => {
    const down = judgeKnock(desktop, checks(), bad('ssh.port-closed'), at)
    expect(withVerdict(down, verdict(passed))).toEqual(down)
  })

  it('hides no failure', () => {
    const refused = checks({ key: 'refused', problem: problem('ssh.key-refused') })
    expect(withVerdict(refused, verdict(passed))).toEqual(refused)
  })

  it('leaves its output as a path that the cache must have, newest first', () => {
    const other = builder('other')
    const both = withTestBuild(
      kept(passed),
      [other],
      { ...passed, builder: other.id, outPath: '/nix/store/b' },
      later,
    )
    expect(provenPaths(both)).toEqual(['/nix/store/b', path])
  })
})

describe('a failed test build', () => {
  it('sets the state at once, on the check it is about, and skips what follows', () => {
    const all = withVerdict(checks(), verdict(failed(problem('nix.not-trusted'))))
    expect(states(all)).toEqual(['pass', 'pass', 'pass', 'fail'])
    expect(all[3]).toMatchObject({ cause: 'nix.not-trusted', note: 'failed-in-test-build' })
    const key = withVerdict(checks(), verdict(failed(problem('ssh.key-refused'))))
    expect(states(key)).toEqual(['pass', 'pass', 'fail', 'skip'])
  })

  it('yields to a newer proof of our own', () => {
    const all = withVerdict(checks({}, later), verdict(failed(problem('ssh.key-refused'))))
    expect(states(all)).toEqual(['pass', 'pass', 'pass', 'unknown'])
  })

  it('on root’s host keys does not yield: they cannot be read from here', () => {
    const all = withVerdict(checks({}, later), verdict(failed(problem('ssh.host-key-unknown'))))
    expect(states(all)).toEqual(['pass', 'fail', 'skip', 'skip'])
  })

  it('on a pin that ssh passed by holds until ssh finds it, and a passed one settles what was only feared', () => {
    const hostKey = { state: 'trusted', offered, source: '/m', missedAs: '10.0.0.6' } as const
    const feared = problem('laptop.host-key-pin-missed', { name: '10.0.0.6' })
    expect(states(withVerdict(checks({ hostKey }), verdict(failed(feared))))).toEqual([
      'pass',
      'fail',
      'skip',
      'skip',
    ])
    expect(states(withVerdict(checks({}, later), verdict(failed(feared)))).slice(0, 2)).toEqual([
      'pass',
      'pass',
    ])
    expect(states(withVerdict(checks({ hostKey }), verdict(passed)))[1]).toBe('pass')
  })

  it('is held against the desktop for an hour', () => {
    const why = failed(problem('nix.disk-full'))
    expect(verdict(why, atMs + failedHoldsMs)).toMatchObject({ state: 'failed', check: 'remote-nix' })
    expect(verdict(why, atMs + failedHoldsMs + 1)).toBeNull()
  })

  it('does not hide an earlier failure', () => {
    const down = judgeKnock(desktop, checks(), bad('net.timeout'), at)
    expect(withVerdict(down, verdict(failed(problem('nix.not-trusted'))))).toEqual(down)
  })

  it('that was cancelled, or was about this laptop, or about nobody, is not kept', () => {
    expect(kept(failed(problem('nix.stalled'), true))).toBe(seen)
    expect(kept(failed(problem('laptop.distributed-builds-off')))).toBe(seen)
    // It was this laptop's patience that ended: a busy desktop is a good one.
    expect(kept(failed(problem('nix.busy', { host: 'desktop', seconds: 122 })))).toBe(seen)
    expect(kept(failed(problem('nix.too-slow', { host: 'desktop', seconds: 1 })))).toBe(seen)
    expect(kept({ ...failed(problem('net.timeout')), builder: null, uri: null } as TestBuildResult)).toBe(
      seen,
    )
  })

  it('is undone by a passed one', () => {
    const after = withTestBuild(kept(failed(problem('nix.not-trusted'))), [desktop], passed, later)
    expect(testVerdict(after, desktop, null, atMs)).toMatchObject({ state: 'passed' })
  })

  it('of an endless text keeps a bounded part', () => {
    const state = kept(failed(problem('nix.build-failed', { what: 'x'.repeat(1e6) }, 'y'.repeat(1e6))))
    expect(JSON.stringify(state).length).toBeLessThan(10_000)
  })
})
