// Lays the last test build's word over a builder's checks: it settles what a probe without the private key cannot.
import { failed, passed } from './check.ts'
import { type BuilderCheck, skipAfterFailure } from './check-builder.ts'
import type { TestVerdict } from './test-verdict.ts'

/** The checks with the test build's verdict; the same checks where there is none, or where they know better. */
export function withVerdict(
  checks: readonly BuilderCheck[],
  verdict: TestVerdict | null,
): readonly BuilderCheck[] {
  if (verdict === null) return checks
  return verdict.state === 'passed'
    ? checks.map((check) => settled(check, checks, verdict))
    : contradicted(checks, verdict)
}

/** A passed test build proves every step of the way, but the desktop must still answer now, with the same host key. */
function settled(
  check: BuilderCheck,
  all: readonly BuilderCheck[],
  verdict: Extract<TestVerdict, { state: 'passed' }>,
): BuilderCheck {
  const answers = all.some((one) => one.id === 'reachable' && one.state === 'pass')
  const open =
    check.cause === 'ssh.host-key-unknown' || check.cause === 'laptop.host-key-pin-missed'
      ? verdict.sameHostKey
      : check.state === 'unknown' && check.note !== 'stale' && check.note !== 'not-checked-yet'
  if (!answers || !open) return check
  return passed(check.id, { at: verdict.at, ms: check.ms }, { note: 'proven-by-test-build' })
}

function contradicted(
  checks: readonly BuilderCheck[],
  verdict: Extract<TestVerdict, { state: 'failed' }>,
): readonly BuilderCheck[] {
  const at = checks.findIndex((check) => check.id === verdict.check)
  const seen = checks[at]
  const firstFailure = checks.findIndex((check) => check.state === 'fail')
  if (seen === undefined || (firstFailure >= 0 && firstFailure < at) || disproven(seen, verdict))
    return checks
  const failure = failed(seen.id, { at: verdict.at, ms: seen.ms }, verdict.problem, {
    note: 'failed-in-test-build',
  })
  return skipAfterFailure(
    checks.map((check, index) => (index === at ? failure : check)),
    verdict.at,
  )
}

/** A newer proof of our own beats the test build, except on host keys: root's known_hosts cannot be read from here. */
function disproven(seen: BuilderCheck, verdict: Extract<TestVerdict, { state: 'failed' }>): boolean {
  if (verdict.problem.cause.startsWith('ssh.host-key')) return false
  return seen.state === 'pass' && seen.note === undefined && seen.at > verdict.at
}
