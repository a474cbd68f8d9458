// Looks at this laptop, and at the desktop from outside, and plans what the laptop still needs. Nothing is changed.
import { isIP } from 'node:net'
import { type LaptopWish, whatIsWrong } from '../../shared/laptop-side.ts'
import { bad, good, type Outcome, type Problem } from '../../shared/outcome.ts'
import { askHostKey } from '../desktop/ask-host-key.ts'
import { readCacheInfo, verifyPath } from '../desktop/cache-client.ts'
import { knownKeysOf } from '../desktop/host-key.ts'
import type { HostKeyVerdict, OfferedKey } from '../desktop/results.ts'
import { hostKeyProblem } from '../desktop/ssh-problem.ts'
import { addressWithLogin } from '../laptop/caches.ts'
import type { Builder, LaptopFacts, LaptopSource } from '../laptop/facts.ts'
import type { Ground } from './ground.ts'
import { hostsAddress } from './move.ts'
import { cacheOf, type Known } from './needs.ts'
import { type LaptopPlanned, planLaptop } from './plan.ts'
import { type GroundFiles, groundFiles, readGround } from './read-ground.ts'

/** What a signed-in repair has found out; all null where nobody signed in. */
export interface FromDesktop {
  readonly cacheKey: string | null
}

export interface LookOptions {
  readonly source: Pick<LaptopSource, 'survey' | 'sharedPaths'>
  /** known_hosts files; the first is this app's own. */
  readonly knownHosts: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly files?: Partial<GroundFiles>
}

const cacheMs = 3000
const maxPaths = 6

/**
 * The plan for a wish. Ends in laptop.nix-missing, laptop.no-builder, and for a new address in net.*, or in ssh.host-key-*
 * where another machine than this desktop is there.
 */
export async function lookAtLaptop(
  wish: LaptopWish,
  desktop: FromDesktop,
  options: LookOptions,
): Promise<Outcome<LaptopPlanned>> {
  const wrong = whatIsWrong(wish)
  if (wrong !== null) return bad('laptop.change-failed', { what: wrong })
  const survey = await options.source.survey()
  if (!survey.ok) return survey
  const facts = survey.value
  const builder = builderOf(facts, wish)
  if (builder === undefined) return bad('laptop.no-builder', { host: wish.builder ?? '' })
  const host = builder?.host ?? wish.first?.host ?? ''
  const user = builder?.address.user ?? wish.first?.user ?? ''
  const files = { ...groundFiles, ...options.files }
  const [ground, shown] = await Promise.all([
    readGround({ facts, host, user, home: options.home, env: options.env, files }),
    showsKey(builder, host, user, wish, options.knownHosts),
  ])
  if (!shown.ok) return shown
  const cacheKey = wish.cacheKey ?? desktop.cacheKey
  const known: Known = {
    host,
    user,
    builder,
    ...hostKeyOf(shown.value, wish, options.knownHosts[0]),
    ...(wish.scope === 'host-key' ? { hostKeyOnly: true } : {}),
    cacheKey,
    ...(await asksCache(facts, { builder, host }, cacheKey, options.source)),
    move: moveOf(builder, wish.newAddress, ground, files),
  }
  return good(planLaptop(known, ground))
}

/** What may be written of the key that is shown: one that is trusted, or one that the person compared and took. */
function hostKeyOf(
  verdict: HostKeyVerdict | null,
  { hostKey }: LaptopWish,
  own: string | undefined,
): Pick<Known, 'hostKeyLine' | 'onlyAppTrusts' | 'renewal'> {
  if (verdict === null || verdict.state === 'revoked') return { hostKeyLine: null, onlyAppTrusts: false }
  const { offered } = verdict
  const to = offered.fingerprint
  const accepted = hostKey === to
  const from = verdict.state === 'changed' ? verdict.expected.map(({ fingerprint }) => fingerprint) : []
  const isNew = verdict.state === 'changed' || (verdict.state === 'trusted' && accepted)
  const renewal = isNew ? { renewal: { from, to, accepted } } : {}
  if (verdict.state === 'trusted')
    return { hostKeyLine: keyLine(offered), onlyAppTrusts: verdict.source.startsWith(`${own}:`), ...renewal }
  return { hostKeyLine: accepted ? keyLine(offered) : null, onlyAppTrusts: accepted, ...renewal }
}

/**
 * The key that the desktop shows, judged; null: the desktop is away. At a new address nothing but the known key will do:
 * it alone tells that this is the same machine. Where the person took a key, one that nobody may take ends it.
 */
async function showsKey(
  builder: Builder | null,
  host: string,
  user: string,
  { newAddress, hostKey }: LaptopWish,
  knownHosts: readonly string[],
): Promise<Outcome<HostKeyVerdict | null>> {
  const address = builder?.address ?? { host, port: 22, user }
  const pinned =
    builder === null || builder.hostKeyLine === null
      ? null
      : { line: builder.hostKeyLine, source: `${builder.source.file}:${builder.source.line}` }
  const keys = await knownKeysOf(address, pinned, knownHosts)
  const at = { ...address, host: newAddress ?? address.host }
  const params = { host: newAddress ?? host, port: address.port, user }
  const asked = await askHostKey(at, keys, params)
  const must = newAddress !== undefined || hostKey !== undefined
  if (!asked.ok) return must ? asked : good(null)
  if (asked.value.state === 'trusted') return good(asked.value)
  if (newAddress === undefined) {
    const { state, offered } = asked.value
    if (hostKey === undefined || state === 'changed') return asked
    if (state === 'unknown' && offered.fingerprint === hostKey) return asked
  }
  const problem: Problem = hostKeyProblem(asked.value, params) ?? { cause: 'ssh.host-key-unknown', params }
  return { ok: false, problem }
}

function builderOf(facts: LaptopFacts, wish: LaptopWish): Builder | null | undefined {
  const { builder, first } = wish
  if (builder !== undefined)
    return facts.builders.find((one) => [one.id, one.uri, one.host, one.address.host].includes(builder))
  if (first === undefined) return facts.builders[0]
  return facts.builders.find((one) => one.host === first.host && one.address.user === first.user) ?? null
}

const keyLine = ({ type, blob }: OfferedKey) => `${type} ${blob.toString('base64')}`

/** Whether it answers, and whether it signs with a key that this laptop refuses. */
async function asksCache(
  facts: LaptopFacts,
  at: Pick<Known, 'builder' | 'host'>,
  cacheKey: string | null,
  source: LookOptions['source'],
): Promise<Pick<Known, 'cacheAnswers' | 'signatureRefused'>> {
  const cache = cacheOf(facts, at)
  if (cache === null) return { cacheAnswers: false, signatureRefused: false }
  const { storeDir, trustedPublicKeys } = facts.settings
  const info = await readCacheInfo(addressWithLogin(cache), storeDir, cacheMs)
  if (!info.ok || cacheKey !== null) return { cacheAnswers: info.ok, signatureRefused: false }
  for (const path of (await source.sharedPaths()).slice(0, maxPaths)) {
    const verdict = await verifyPath(addressWithLogin(cache), path, trustedPublicKeys, cacheMs)
    if (verdict.state === 'absent') continue
    const refused =
      verdict.state === 'failed' &&
      ['cache.signature-untrusted', 'cache.signature-invalid'].includes(verdict.problem.cause)
    return { cacheAnswers: true, signatureRefused: refused }
  }
  return { cacheAnswers: true, signatureRefused: false }
}

/** The old address as the files write it: ssh's, else what /etc/hosts gives the name, else the name itself. */
function moveOf(
  builder: Builder | null,
  to: string | undefined,
  ground: Ground,
  files: GroundFiles,
): Known['move'] {
  if (builder === null || to === undefined) return null
  const { host } = builder.address
  const from = isIP(host) !== 0 ? host : (hostsAddress(ground.texts.get(files.hosts) ?? null, host) ?? host)
  return from === to ? null : { from, to }
}
