// Judges what a desktop's cache said: pure, from answers to the cache's two checks.
import { type Outcome, type Problem, problem } from '../../shared/outcome.ts'
import type { CacheCheckId, Check } from '../../shared/status.ts'
import type { CacheInfo, SignatureVerdict } from '../desktop/results.ts'
import type { Cache, LaptopFacts } from '../laptop/facts.ts'
import { failed, passed, skipped, unproven, type When } from './check.ts'
import { trustsNoDesktopKey } from './check-laptop.ts'
import { ofCache } from './name-problem.ts'

export type CacheCheck = Check<CacheCheckId>

export interface CacheEvidence {
  readonly info: Outcome<CacheInfo>
  readonly infoMs: number
  /** null: no candidate path, or nothing was asked. */
  readonly signature: SignatureVerdict | null
  readonly signatureMs: number
}

/** The two checks of a cache, in order. */
export function judgeCache(
  cache: Cache,
  facts: LaptopFacts,
  evidence: CacheEvidence,
  at: string,
): readonly CacheCheck[] {
  const when = { at, ms: evidence.infoMs }
  if (!cache.isSubstituter) return unused(cache, evidence, when)
  const { info } = evidence
  if (!info.ok && cache.closedNetrc !== undefined && wantsLogin(info.problem)) {
    // Nix, as root, may well have the login that this user may not read.
    const why = problem('laptop.file-unreadable', { file: cache.closedNetrc }, info.problem.raw)
    const ids = ['cache-info', 'cache-signature'] as const
    return ids.map((id) => unproven(id, when, {}, why))
  }
  if (!info.ok)
    return [failed('cache-info', when, ofCache(cache, info.problem)), skipped('cache-signature', when)]
  return [passed('cache-info', when, infoDetail(info.value)), signature(cache, facts, evidence, at)]
}

function wantsLogin({ cause, params }: Problem): boolean {
  return cause === 'cache.http-error' && (params?.['status'] === 401 || params?.['status'] === 403)
}

/** Before the first answer. */
export function unprovenCache(when: When): readonly CacheCheck[] {
  return (['cache-info', 'cache-signature'] as const).map((id) =>
    unproven(id, when, { note: 'not-checked-yet' }),
  )
}

/** Nix does not ask this cache: whether it answers is worth knowing, but harms no build. */
function unused(cache: Cache, evidence: CacheEvidence, when: When): readonly CacheCheck[] {
  const remark = { note: 'not-a-substituter' } as const
  const { info } = evidence
  const first = info.ok
    ? passed('cache-info', when, { ...remark, ...infoDetail(info.value) })
    : unproven('cache-info', when, {
        ...remark,
        ...rawDetail(ofCache(cache, info.problem)),
      })
  return [first, unproven('cache-signature', { ...when, ms: 0 }, remark)]
}

function signature(cache: Cache, facts: LaptopFacts, evidence: CacheEvidence, at: string): CacheCheck {
  const when = { at, ms: evidence.signatureMs }
  const verdict = evidence.signature
  if (verdict === null || verdict.state === 'absent')
    return unproven('cache-signature', when, { note: 'no-shared-path' })
  if (verdict.state === 'valid')
    return passed('cache-signature', when, { detail: `${verdict.keyName}: ${verdict.path}` })
  return refusedSignature(cache, facts, verdict.problem, when)
}

function refusedSignature(cache: Cache, facts: LaptopFacts, why: Problem, when: When): CacheCheck {
  const aboutTrust = why.cause === 'cache.signature-untrusted' || why.cause === 'cache.unsigned'
  const asksNone = cache.trusted || !facts.settings.requireSigs
  if (asksNone && (aboutTrust || why.cause === 'cache.signature-invalid'))
    return passed('cache-signature', when, { note: 'signature-not-needed' })
  // The laptop trusts no key of a desktop at all: cache-trust says so, once.
  if (why.cause === 'cache.signature-untrusted' && trustsNoDesktopKey(facts, cache))
    return skipped('cache-signature', when)
  return failed('cache-signature', when, ofCache(cache, why))
}

function infoDetail(info: CacheInfo): { detail: string } {
  const priority = info.priority === null ? '' : `, Priority: ${info.priority}`
  return { detail: `StoreDir: ${info.storeDir}${priority}` }
}

function rawDetail(why: Problem): { detail: string } {
  return { detail: why.raw ?? why.cause }
}
