// Asks one cache what its two checks need: does it answer as a cache, and is a path it must have signed by a trusted key.
import { bad, problem } from '../../shared/outcome.ts'
import type { SignatureVerdict } from '../desktop/results.ts'
import { addressWithLogin } from '../laptop/caches.ts'
import type { Cache, LaptopFacts } from '../laptop/facts.ts'
import { type CacheCheck, judgeCache } from './check-cache.ts'
import { deadlines, remaining, within } from './deadlines.ts'
import type { Probes } from './probes.ts'

export interface CacheProof {
  readonly url: string
  readonly checks: readonly CacheCheck[]
  /** A path the cache was seen to have: worth remembering. */
  readonly sharedPath: string | null
}

/** More paths than this are not tried in one round. */
const maxTried = 8

/** Checks one cache by a path of `likely` that it has, else of `others`, which are asked for only then. */
export async function proveCache(
  cache: Cache,
  facts: LaptopFacts,
  likely: readonly string[],
  others: () => Promise<readonly string[]>,
  probes: Probes,
  endsAt: number,
  now: () => number,
): Promise<CacheProof> {
  const started = performance.now()
  const deadline = remaining(deadlines.cacheInfo, endsAt)
  const at = addressWithLogin(cache)
  const info = await within(probes.cacheInfo(at, facts.settings.storeDir, deadline), deadline, () =>
    bad('cache.timeout', { url: cache.url }),
  )
  const infoMs = performance.now() - started
  const signature =
    info.ok && cache.isSubstituter ? await verify(cache, facts, likely, others, probes, endsAt) : null
  const signatureMs = performance.now() - started - infoMs
  const evidence = { info, infoMs, signature, signatureMs }
  return {
    url: cache.url,
    checks: judgeCache(cache, facts, evidence, new Date(now()).toISOString()),
    sharedPath: signature !== null && signature.state !== 'absent' ? signature.path : null,
  }
}

async function verify(
  cache: Cache,
  facts: LaptopFacts,
  likely: readonly string[],
  others: () => Promise<readonly string[]>,
  probes: Probes,
  endsAt: number,
): Promise<SignatureVerdict | null> {
  const first = await firstHeld(cache, facts, likely, probes, endsAt)
  if (first !== null && first.state !== 'absent') return first
  const more = (await others()).filter((path) => !likely.includes(path)).slice(0, maxTried)
  return (await firstHeld(cache, facts, more, probes, endsAt)) ?? first
}

/** The verdict on the first path the cache has; absent where it has none of them, null where there are none. */
async function firstHeld(
  cache: Cache,
  facts: LaptopFacts,
  paths: readonly string[],
  probes: Probes,
  endsAt: number,
): Promise<SignatureVerdict | null> {
  let absent: SignatureVerdict | null = null
  for (const path of paths) {
    const deadline = remaining(deadlines.signature, endsAt)
    const late = (): SignatureVerdict => ({ state: 'failed', problem: problem('cache.timeout'), path })
    const asked = probes.verifyPath(addressWithLogin(cache), path, facts.settings.trustedPublicKeys, deadline)
    const verdict = await within(asked, deadline, late)
    if (verdict.state !== 'absent') return verdict
    absent = verdict
  }
  return absent
}
