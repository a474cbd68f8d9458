// Our own checks as a witness: what they find wrong with a builder right now, where Nix hides its reason.
import { type Problem, problem } from '../../shared/outcome.ts'
import type { Builder, LaptopFacts } from '../laptop/facts.ts'
import type { BuilderCheck } from '../monitor/check-builder.ts'
import { deadlines } from '../monitor/deadlines.ts'
import { withLaptopSide } from '../monitor/laptop-overlay.ts'
import { proveLogin } from '../monitor/probe-builder.ts'
import { realProbes } from '../monitor/probes.ts'

/** A witness for startTestBuild. It answers within a few seconds; null where the checks find nothing wrong. */
export function witness(
  facts: LaptopFacts,
  knownHosts: readonly string[],
): (builder: Builder, eyes?: 'root') => Promise<Problem | null> {
  return async (builder, eyes) => {
    const files = eyes === 'root' ? knownHosts.filter((file) => file.startsWith('/etc/')) : knownHosts
    const context = { facts, knownHosts: files, probes: await realProbes(), now: Date.now }
    const endsAt = performance.now() + deadlines.round
    const proofs = await proveLogin([builder], context, endsAt, () => undefined)
    const checks = proofs?.[0]?.checks ?? []
    return firstProblem(withLaptopSide(checks, builder, facts, new Date().toISOString()))
  }
}

/**
 * The first check that failed; else a host key that Nix's ssh may not know: a warning to us, but a stop to Nix. Its words will
 * stand among Nix's own, so they say whose they are.
 */
export function firstProblem(checks: readonly BuilderCheck[]): Problem | null {
  const found =
    checks.find((check) => check.state === 'fail') ??
    checks.find((check) => check.id === 'host-key' && check.state === 'warn')
  if (found?.cause === undefined) return null
  const words = found.detail === undefined ? undefined : `our own check: ${found.detail}`
  return problem(found.cause, found.params, words)
}
