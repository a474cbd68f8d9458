// Judges what the laptop says of itself: pure, from facts to the laptop's four checks.
import type { CauseCode } from '../../shared/causes.ts'
import { type Outcome, type Problem, problem } from '../../shared/outcome.ts'
import type { Check, LaptopCheckId, LaptopStatus } from '../../shared/status.ts'
import type { Cache, LaptopFacts } from '../laptop/facts.ts'
import { failed, passed, skipped, unproven, type When, warned } from './check.ts'

/** Problems that Nix lives with. */
const onlyWarns: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.file-unreadable',
  'laptop.config-invalid',
  'laptop.builder-pubkey-missing',
  'laptop.builder-key-untestable',
  'laptop.builder-unwatched',
  'laptop.builder-no-slots',
])

/** The laptop's part of a Snapshot. Where there is no Nix, only nix-config has something to say. */
export function judgeLaptop(survey: Outcome<LaptopFacts>, when: When): LaptopStatus {
  if (!survey.ok) {
    const rest = (['builder-key-file', 'cache-trust', 'fallback'] as const).map((id) => skipped(id, when))
    const checks = [failed('nix-config', when, survey.problem), ...rest]
    return { checks, localBuilds: true, fallback: true, survivesDeadCache: true }
  }
  const facts = survey.value
  return {
    checks: [
      nixConfig(facts, when),
      builderKeyFile(facts, when),
      cacheTrust(facts, when),
      fallback(facts, when),
    ],
    localBuilds: facts.settings.maxJobs > 0,
    fallback: facts.settings.fallback,
    survivesDeadCache: survivesDeadCache(facts),
  }
}

/** Before the first survey: nothing is known. */
export function unknownLaptop(when: When): LaptopStatus {
  const ids = ['nix-config', 'builder-key-file', 'cache-trust', 'fallback'] as const
  const checks = ids.map((id) => unproven(id, when, { note: 'not-checked-yet' }))
  return { checks, localBuilds: true, fallback: true, survivesDeadCache: true }
}

/**
 * Nix 2.32 and later (NixOS/nix#13301) goes on past a dead substituter while another one remains; older ones fail
 * unless `fallback` is on.
 */
export function survivesDeadCache(facts: Pick<LaptopFacts, 'nixVersion' | 'otherSubstituters'>): boolean {
  const [major = 0, minor = 0] = facts.nixVersion.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return facts.otherSubstituters.length > 0 && (major > 2 || (major === 2 && minor >= 32))
}

/** Whether the laptop trusts no key that could be the desktop's, though it asks its cache for signatures. */
export function trustsNoDesktopKey(facts: LaptopFacts, cache: Cache): boolean {
  if (!cache.isSubstituter || cache.trusted || !facts.settings.requireSigs) return false
  return !facts.settings.trustedPublicKeys.some((line) => !line.startsWith('cache.nixos.org-'))
}

function nixConfig(facts: LaptopFacts, when: When): Check<LaptopCheckId> {
  const others = facts.problems.map((one) => one.raw).filter((raw) => raw !== undefined)
  const worst = worstOf(facts.problems)
  if (worst === undefined) return passed('nix-config', when, { detail: `Nix ${facts.nixVersion}` })
  const remark = others.length > 1 ? { detail: others.join('\n') } : {}
  return verdict('nix-config', worst, when, remark)
}

function builderKeyFile(facts: LaptopFacts, when: When): Check<LaptopCheckId> {
  if (facts.builders.length === 0) return skipped('builder-key-file', when)
  const worst = worstOf(facts.builders.flatMap((builder) => keyProblems(facts, builder.id)))
  if (worst !== undefined) return verdict('builder-key-file', worst, when)
  const states = facts.builders.map((builder) => facts.keys.get(builder.id)?.state)
  if (states.every((state) => state === 'present')) return passed('builder-key-file', when)
  return unproven('builder-key-file', when, { note: 'default-key' })
}

/** What is wrong with the key file of a builder; empty when all is well or nothing can be known. */
export function keyProblems(facts: LaptopFacts, builderId: string): readonly Problem[] {
  const key = facts.keys.get(builderId)
  if (key === undefined || key.state === 'none-configured') return []
  if (key.state === 'missing') return [problem('laptop.builder-key-missing', { key: key.path })]
  return key.problems
}

function cacheTrust(facts: LaptopFacts, when: When): Check<LaptopCheckId> {
  if (facts.caches.length === 0) return passed('cache-trust', when, { note: 'no-cache' })
  const untrusted = facts.caches.find((cache) => trustsNoDesktopKey(facts, cache))
  if (untrusted !== undefined)
    return failed('cache-trust', when, problem('laptop.cache-key-untrusted', { url: untrusted.url }))
  const unused = facts.caches.find((cache) => !cache.isSubstituter)
  if (unused !== undefined)
    return warned('cache-trust', when, problem('laptop.no-substituter', { url: unused.url }))
  const asked = facts.settings.requireSigs && facts.caches.some((cache) => !cache.trusted)
  return passed('cache-trust', when, asked ? {} : { note: 'signature-not-needed' })
}

function fallback(facts: LaptopFacts, when: When): Check<LaptopCheckId> {
  return facts.settings.fallback
    ? passed('fallback', when)
    : warned('fallback', when, problem('laptop.no-fallback'))
}

function worstOf(problems: readonly Problem[]): Problem | undefined {
  return problems.find((one) => !onlyWarns.has(one.cause)) ?? problems[0]
}

function verdict(id: LaptopCheckId, worst: Problem, when: When, remark = {}): Check<LaptopCheckId> {
  return onlyWarns.has(worst.cause) ? warned(id, when, worst, remark) : failed(id, when, worst, remark)
}
