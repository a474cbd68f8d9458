// What this laptop still needs: what Nix says here, held against what is known of the desktop. Pure.
import type { LaptopNeed, LaptopNeedId } from '../../shared/laptop-side.ts'
import type { Params } from '../../shared/outcome.ts'
import { fingerprintOf, parseKeyLine } from '../desktop/key-blob.ts'
import type { Builder, Cache, LaptopFacts } from '../laptop/facts.ts'
import { versionAtLeast } from '../laptop/nix-binary.ts'
import { survivesDeadCache } from '../monitor/check-laptop.ts'
import type { Renewed } from './renew.ts'

/** What is known of the desktop, and how. */
export interface Known {
  readonly host: string
  readonly user: string
  /** The row that is there; null: a first one is wanted. */
  readonly builder: Builder | null
  /** "ssh-ed25519 AAAA…" of a host key that was proven or trusted; null: not known. */
  readonly hostKeyLine: string | null
  /** Only this app trusts it: root's ssh, which Nix uses, will refuse it. */
  readonly onlyAppTrusts: boolean
  /** The desktop shows another host key than is held for it, or showed one that the person took; absent: neither. */
  readonly renewal?: Renewal
  /** Only what the host key needs is asked for. */
  readonly hostKeyOnly?: boolean
  /** "cache.local-1:base64", as the desktop or the person says; null: not known. */
  readonly cacheKey: string | null
  /** Something answers there as a cache. */
  readonly cacheAnswers: boolean
  /** The cache signs with a key that is not trusted here: seen from outside. */
  readonly signatureRefused: boolean
  /** From where to where the desktop moved. */
  readonly move: { readonly from: string; readonly to: string } | null
}

export interface Renewal {
  /** SHA256:… of the keys that are held, as far as this look saw them, and of the one that is shown. */
  readonly from: readonly string[]
  readonly to: string
  /** The person compared it and said yes to exactly this one. */
  readonly accepted: boolean
}

/** What stands on this laptop beside Nix's own answers. */
export interface Seen {
  readonly facts: LaptopFacts
  /** Seconds of nix.conf; null: not set. */
  readonly connectTimeout: string | null
  /** Whether ssh gives up on this host within seconds; null: ssh could not be asked. */
  readonly sshGivesUp: boolean | null
}

/** The needs, in the order in which they are told. */
export function needsOf(
  known: Known,
  { facts, connectTimeout, sshGivesUp }: Seen,
  stale: Pick<Renewed, 'from' | 'stopsNix'> = { from: [], stopsNix: false },
): readonly LaptopNeed[] {
  const { host, user, builder, move, renewal } = known
  const { settings } = facts
  const needs: LaptopNeed[] = []
  const need = (id: LaptopNeedId, params: Params = {}, more: Partial<LaptopNeed> = {}) =>
    needs.push({ id, params, advice: false, unknown: false, ...more })

  if (move !== null) need('new-address', move)
  if (builder === null) need('builder-row', { host, user })
  if (settings.builders.trim() === '' && known.hostKeyOnly !== true) need('distributed-builds')
  const { from } = stale
  if (renewal?.accepted === false)
    need('renew-host-key', { host, from: renewal.from.join(', '), to: renewal.to }, { unknown: true })
  else if (from.length > 0 && known.hostKeyLine !== null) {
    const to = fingerprintOfLine(known.hostKeyLine)
    need('renew-host-key', { host, from: from.join(', '), to }, { advice: !stale.stopsNix })
  }
  const name = builder === null || move !== null ? null : otherKeyName(builder)
  // An alias that somebody wrote leads to known_hosts on purpose: a pin beside it would only shut the desktop out.
  const mayPin = name === null || builder?.address.hostKeyAlias === undefined
  const wantsPin = builder !== null && builder.hostKeyLine === null && known.hostKeyLine !== null && mayPin
  if (builder !== null && wantsPin) {
    // Root's known_hosts may hold it: only a key that nobody but this app trusts is known to stop Nix.
    need('pin-host-key', { host }, { advice: !known.onlyAppTrusts && move === null })
    // A pin outweighs it; without one, or until a NixOS laptop has switched, it is what Nix's ssh goes by.
    if (renewal?.accepted === true) need('root-known-hosts', { host }, { advice: true })
  }
  if (name !== null && mayPin && (wantsPin || builder?.hostKeyLine != null)) {
    const advice = wantsPin && needs.every((one) => one.advice)
    need('host-key-alias', { host, name }, { advice })
  }
  if (known.hostKeyOnly === true) return needs
  const missingKey = keyMissing(facts, builder)
  if (missingKey !== null) need('builder-key', { key: missingKey })
  needs.push(...cacheNeeds(known, facts))
  // Where a dead cache stops no build, it only saves a hiccup.
  if (!settings.fallback) need('fallback', {}, { advice: survivesDeadCache(facts) })
  if (connectTimeout === null && !versionAtLeast(facts.nixVersion, '2.29.0'))
    need('connect-timeout', {}, { advice: true })
  if (sshGivesUp === false) need('ssh-timeout', { host }, { advice: true })
  return needs
}

/** The name under which ssh looks for a builder's host key, where it is not the row's, as Nix writes a pin; else null. */
function otherKeyName({ host, address }: Builder): string | null {
  const name = address.hostKeyAlias ?? address.host
  return name.toLowerCase() === host.toLowerCase() ? null : name
}

/** The cache that belongs to this builder's desktop, as the laptop's settings name it; null: none is wanted. */
export function cacheOf(
  facts: LaptopFacts,
  { builder, host }: Pick<Known, 'builder' | 'host'>,
): Cache | null {
  const hosts = [host, builder?.host, builder?.address.host].map((one) => one?.toLowerCase())
  const own = facts.caches.find((cache) => hosts.includes(hostOf(cache.url)))
  if (own !== undefined) return own
  // One cache and one desktop belong together, whatever name each has.
  if (builder !== null && facts.builders.length === 1) return facts.caches[0] ?? null
  return null
}

/** Where Nix finds the builder key; null: it is there, or nobody can tell. */
function keyMissing(facts: LaptopFacts, builder: Builder | null): string | null {
  const file = builder === null ? undefined : facts.keys.get(builder.id)
  return file?.state === 'missing' ? file.path : null
}

function cacheNeeds(known: Known, facts: LaptopFacts): readonly LaptopNeed[] {
  const cache = cacheOf(facts, known)
  if (cache === null) return []
  const plain = { advice: false, unknown: false } as const
  // A cache that does not answer would only hold builds up.
  const wanted = cache.isSubstituter || known.cacheAnswers
  if (!wanted) return []
  const needs: LaptopNeed[] = []
  if (!cache.isSubstituter) needs.push({ id: 'substituter', params: { url: cache.url }, ...plain })
  if (cache.trusted || !facts.settings.requireSigs) return needs
  const { trustedPublicKeys } = facts.settings
  if (known.cacheKey === null) {
    const trustsNobody = !trustedPublicKeys.some((line) => !line.startsWith('cache.nixos.org-'))
    if (trustsNobody || known.signatureRefused)
      needs.push({ id: 'cache-key', params: {}, advice: false, unknown: true })
    return needs
  }
  if (trustedPublicKeys.includes(known.cacheKey)) return needs
  const name = nameOf(known.cacheKey)
  const renewed = trustedPublicKeys.some((line) => nameOf(line) === name)
  needs.push({ id: renewed ? 'cache-key-renewed' : 'cache-key', params: { name }, ...plain })
  return needs
}

/** Of a key line: what stands before the first colon. */
export function nameOf(line: string): string {
  return line.split(':', 1)[0] ?? ''
}

function fingerprintOfLine(line: string): string {
  const key = parseKeyLine(line)
  return key === null ? '' : fingerprintOf(key.blob)
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase() : undefined
}
