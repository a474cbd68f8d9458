// Which of the laptop's substituters are a desktop's cache, and which are somebody else's.
import { lookup } from 'node:dns/promises'
import { isIP, isIPv4 } from 'node:net'
import type { Builder, Cache } from './facts.ts'

export interface CacheChoice {
  readonly caches: readonly Cache[]
  readonly otherSubstituters: readonly string[]
}

/** nix-serve's and harmonia's own port, and this project's. */
const usualPort = 5000
const lookupMs = 500

/**
 * Sorts the substituters. `wanted` is the user's setting: 'auto' finds the desktops' caches by host, a list names them,
 * 'none' says that there are none. With none found, the one that the first builder's desktop would serve is named, with
 * `isSubstituter` false.
 */
export async function chooseCaches(
  substituters: readonly string[],
  builders: readonly Pick<Builder, 'host' | 'address'>[],
  wanted: 'auto' | 'none' | readonly string[],
  addressesOf: (host: string) => Promise<readonly string[]> = resolveHost,
): Promise<CacheChoice> {
  if (wanted === 'none') return { caches: [], otherSubstituters: substituters }
  if (wanted !== 'auto') return namedCaches(substituters, wanted)
  const candidates = substituters.flatMap((substituter) => readSubstituter(substituter) ?? [])
  const chosen = await desktopCaches(candidates, builders, addressesOf)
  const otherSubstituters = substituters.filter((one) => !chosen.some((cache) => cache.substituter === one))
  const caches = unique(
    chosen.map(({ url, trusted, login }) => ({ url, trusted, isSubstituter: true, ...login })),
  )
  const [first] = builders
  if (caches.length > 0 || first === undefined) return { caches, otherSubstituters }
  return {
    caches: [{ url: derivedUrl(first.address.host), isSubstituter: false, trusted: false }],
    otherSubstituters,
  }
}

/** The address to ask a cache at, with its login, as Nix asks it: for requests alone, never to be shown or kept. */
export function addressWithLogin({ url, login }: Pick<Cache, 'url' | 'login'>): string {
  return login === undefined ? url : url.replace('://', `://${login}@`)
}

interface Candidate {
  readonly substituter: string
  readonly url: string
  readonly host: string
  readonly trusted: boolean
  readonly login: Pick<Cache, 'login'>
}

/** An HTTP cache's URL without query and trailing slash; null for every other kind of store. */
function readSubstituter(substituter: string): Candidate | null {
  const parsed = URL.canParse(substituter) ? new URL(substituter) : null
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  const trusted = /^(1|true|yes)$/.test(parsed.searchParams.get('trusted') ?? '')
  return {
    substituter,
    url: `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`,
    host,
    trusted,
    login: parsed.username === '' ? {} : { login: `${parsed.username}:${parsed.password}` },
  }
}

async function desktopCaches(
  candidates: readonly Candidate[],
  builders: readonly Pick<Builder, 'host' | 'address'>[],
  addressesOf: (host: string) => Promise<readonly string[]>,
): Promise<readonly Candidate[]> {
  const hosts = new Set(
    builders.flatMap((one) => [one.host, one.address.host]).map((host) => host.toLowerCase()),
  )
  // A URL's host is lower case already.
  const byName = candidates.filter((one) => hosts.has(one.host))
  if (byName.length > 0 || hosts.size === 0) return byName
  // A cache on the local network can hardly be anybody else's, and needs no name service to be recognised.
  const nearby = candidates.filter((one) => isNearby(one.host))
  if (nearby.length > 0) return nearby
  const unknown = candidates.filter((one) => !isPublic(one.host))
  if (unknown.length === 0) return []
  const [ours, theirs] = await Promise.all([
    Promise.all([...hosts].slice(0, 20).map(addressesOf)),
    Promise.all(unknown.map((one) => addressesOf(one.host))),
  ])
  const addresses = new Set(ours.flat())
  return unknown.filter((_, index) => theirs[index]?.some((address) => addresses.has(address)))
}

function namedCaches(substituters: readonly string[], wanted: readonly string[]): CacheChoice {
  const bySubstituter = substituters.map((one) => ({ one, read: readSubstituter(one) }))
  const named = wanted.flatMap((url) => readSubstituter(url) ?? [])
  const caches = named.map(({ url, trusted, login }) => {
    const used = bySubstituter.find(({ read }) => read?.url === url)?.read
    const isSubstituter = used !== undefined && used !== null
    return { url, isSubstituter, trusted: used?.trusted ?? trusted, ...(used?.login ?? login) }
  })
  const urls = new Set(caches.map((cache) => cache.url))
  const others = bySubstituter.filter(({ read }) => read === null || !urls.has(read.url))
  return { caches: unique(caches), otherSubstituters: others.map(({ one }) => one) }
}

/** Private and link-local addresses, bare names, and the domains of home networks. */
export function isNearby(host: string): boolean {
  if (isIPv4(host))
    return /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      host,
    )
  if (isIP(host) === 6) return /^(f[cd]|fe[89ab]|::1$)/i.test(host)
  return !host.includes('.') || /\.(local|lan|home|internal|localdomain|home\.arpa|ts\.net)$/i.test(host)
}

/** Caches that belong to nobody's desktop: asking the name service for them would only cost time. */
function isPublic(host: string): boolean {
  return /(^|\.)(nixos\.org|cachix\.org|garnix\.io|flakehub\.com)$/i.test(host)
}

function derivedUrl(host: string): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${usualPort}`
}

function unique(caches: readonly Cache[]): readonly Cache[] {
  return [...new Map(caches.map((cache) => [cache.url, cache])).values()]
}

/** The addresses of a name, none where the name service does not tell within half a second. */
async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const found = lookup(host, { all: true }).then(
    (all) => all.map((one) => one.address),
    () => [],
  )
  const tooLate = new Promise<readonly string[]>((resolve) => setTimeout(resolve, lookupMs, []).unref())
  return Promise.race([found, tooLate])
}
