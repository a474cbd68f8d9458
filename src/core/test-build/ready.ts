// What can be known before a test build begins: what stands in its way, and how long it may take.
import type { CauseCode } from '../../shared/causes.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { LaptopFacts } from '../laptop/facts.ts'

/** With any of these on the laptop no build can start, or none would leave it. One that explains another stands first. */
const stoppers: readonly CauseCode[] = [
  'laptop.nix-conf-invalid',
  'laptop.daemon-down',
  'laptop.daemon-refuses',
  'laptop.distributed-builds-off',
]

/** Why no test build can be started on this laptop; null when one can. */
export function hindrance(facts: LaptopFacts): Problem | null {
  const stopper = stoppers.flatMap((cause) => facts.problems.find((one) => one.cause === cause) ?? [])[0]
  if (stopper !== undefined) return stopper
  if (facts.builders.length > 0) return null
  return (
    facts.problems.find((one) => one.cause === 'laptop.machines-invalid') ??
    facts.problems[0] ??
    problem('laptop.no-builder')
  )
}

/** The hard limit for a payload where nobody set one, in ms: two minutes and 1 MiB/s each way. */
export function standardTimeout(payloadBytes: number): number {
  return 120_000 + (2 * payloadBytes * 1000) / 1024 ** 2
}
