// Lays what the survey knows over a builder's checks: a row or a key file that root's ssh will not use makes the builder
// useless, whatever the desktop answered; and it is mended the moment the survey no longer finds it.
import type { CauseCode } from '../../shared/causes.ts'
import type { Problem } from '../../shared/outcome.ts'
import type { BuilderCheckId } from '../../shared/status.ts'
import type { Builder, LaptopFacts } from '../laptop/facts.ts'
import { failed } from './check.ts'
import { type BuilderCheck, skipAfterFailure } from './check-builder.ts'
import { keyProblems } from './check-laptop.ts'
import { ofBuilder } from './name-problem.ts'

/** Key problems that keep root's ssh from using the key at all. */
const unusableKey: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.builder-key-missing',
  'laptop.key-invalid',
  'laptop.builder-key-exposed',
  'laptop.builder-key-encrypted',
])

/** Problems of a row that keep Nix from ever using its builder. */
const unusableRow: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.builder-port-unsupported',
  'laptop.builder-no-slots',
])

/** The checks with the laptop's own faults in them; `at` is the survey's time. */
export function withLaptopSide(
  checks: readonly BuilderCheck[],
  builder: Builder,
  facts: LaptopFacts,
  at: string,
): readonly BuilderCheck[] {
  const withRow = replaced(checks, 'reachable', builder, rowProblem(facts, builder), at)
  const key = keyProblems(facts, builder.id).find((one) => unusableKey.has(one.cause))
  return replaced(withRow, 'builder-key', builder, key, at)
}

function rowProblem({ problems }: LaptopFacts, { uri, source }: Builder): Problem | undefined {
  const isRow = ({ params }: Problem) =>
    params?.['uri'] === uri && params['file'] === source.file && params['line'] === source.line
  return problems.find((one) => unusableRow.has(one.cause) && isRow(one))
}

function replaced(
  checks: readonly BuilderCheck[],
  id: BuilderCheckId,
  builder: Builder,
  why: Problem | undefined,
  at: string,
): readonly BuilderCheck[] {
  const seen = checks.find((check) => check.id === id)
  if (why === undefined || seen === undefined || seen.state === 'skip') return checks
  const fault = failed(id, { at, ms: seen.ms }, ofBuilder(builder, why))
  return skipAfterFailure(
    checks.map((check) => (check === seen ? fault : check)),
    at,
  )
}
