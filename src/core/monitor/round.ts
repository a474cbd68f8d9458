// One look at everything: the laptop's survey where it is due, then all builders and caches side by side. Answers go to
// the store as they come, so that a dead one delays nobody.
import { bad, type Problem } from '../../shared/outcome.ts'
import type { OfferedKey } from '../desktop/results.ts'
import type { Builder, LaptopFacts, LaptopSource } from '../laptop/facts.ts'
import { judgeKnock, proxiedBuilder, unprovenBuilder } from './check-builder.ts'
import { deadlines, remaining, within } from './deadlines.ts'
import type { Kept } from './kept-schema.ts'
import { type Addresses, moveOf } from './moved.ts'
import { type BuilderProof, type LoginContext, proveLogin, sameLogin } from './probe-builder.ts'
import { proveCache } from './probe-cache.ts'
import type { Probes } from './probes.ts'
import type { ProofEnd } from './schedule.ts'
import { sideBySide } from './side-by-side.ts'
import type { Store } from './store.ts'
import { provenPaths } from './test-verdict.ts'

export interface RoundContext {
  readonly number: number
  readonly source: LaptopSource
  readonly probes: () => Promise<Probes>
  readonly store: Store
  readonly knownHosts: readonly string[]
  readonly survey: boolean
  readonly isProofDue: (builderId: string) => boolean
  readonly kept: Kept
  /** ms since 1970 */
  readonly now: () => number
}

export interface RoundEnd {
  readonly proofs: readonly ProofEnd[]
  /** Who was only knocked at, and whether they answered. */
  readonly knocked: ReadonlyMap<string, boolean>
  readonly offered: ReadonlyMap<string, OfferedKey>
  /** Paths the caches were seen to have, by url. */
  readonly sharedPaths: Readonly<Record<string, string>>
  /** Where host names led when the right machine was met there. */
  readonly addresses: Addresses
}

/** The end of a round that saw nothing. */
export const nothingSeen: RoundEnd = {
  proofs: [],
  knocked: new Map(),
  offered: new Map(),
  sharedPaths: {},
  addresses: {},
}

/** Probes that wait for answers at the same time: sockets, not work. */
const atOnce = 128
/** Asking on and on makes these no better. */
const discouraging: ReadonlySet<Problem['cause']> = new Set<Problem['cause']>([
  'ssh.key-refused',
  'ssh.throttled',
])

/** Looks once; never rejects for what a desktop did, and ends within the survey's and the round's deadlines. */
export async function runRound(context: RoundContext): Promise<RoundEnd> {
  const isSurveyDue = context.survey || context.store.known().facts === null
  // Loading ssh2 holds the event loop for 30 ms at the first look: not before Nix, which the survey waits for, runs.
  let load: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    load = resolve
  })
  const surveying = isSurveyDue ? survey(context, load) : undefined
  const probing = Promise.race([asked, surveying]).then(context.probes)
  // A failure to load is met where it is awaited; meanwhile it must not count as unhandled.
  probing.catch(() => undefined)
  await surveying
  const { facts } = context.store.known()
  if (facts === null) return nothingSeen
  const endsAt = performance.now() + deadlines.round
  const probes = await probing
  const [builders, sharedPaths] = await Promise.all([
    lookAtBuilders(context, facts, probes, endsAt),
    lookAtCaches(context, facts, probes, endsAt),
    context.source.busySlots(facts.builders).then((busy) => context.store.slotsSeen(busy)),
    lookAtMounts(context, facts),
  ])
  return { ...builders, sharedPaths }
}

async function survey(context: RoundContext, waiting: () => void): Promise<void> {
  const started = performance.now()
  const late = () => bad('laptop.nix-silent', { seconds: deadlines.survey / 1000 })
  const outcome = await within(context.source.survey(waiting), deadlines.survey, late)
  context.store.surveyed(context.number, outcome, performance.now() - started)
}

async function lookAtBuilders(
  context: RoundContext,
  facts: LaptopFacts,
  probes: Probes,
  endsAt: number,
): Promise<Omit<RoundEnd, 'sharedPaths'>> {
  const direct = facts.builders.filter(({ proxied }) => proxied !== true)
  const due = direct.filter((builder) => context.isProofDue(builder.id))
  const rest = direct.filter((builder) => !due.includes(builder))
  const { knownHosts, now } = context
  const at = new Date(now()).toISOString()
  for (const { id, proxied } of facts.builders)
    if (proxied === true)
      context.store.builderChecked(context.number, id, proxiedBuilder({ at, ms: 0 }), null)
  const login: LoginContext = { facts, probes, knownHosts, now, addresses: context.kept.addresses }
  const [proofs, knocks] = await Promise.all([
    sideBySide(sameLogin(due), atOnce, (group) => prove(context, group, login, endsAt)),
    sideBySide(rest, atOnce, (builder) => knock(context, builder, probes, endsAt)),
  ])
  const all = proofs.flat()
  const offered = all.flatMap((one) => (one.offered === null ? [] : [[one.id, one.offered] as const]))
  const missing = due.filter((builder) => !all.some((one) => one.id === builder.id))
  const unanswered = missing.map(({ id }): ProofEnd => ({ id, spoke: true, result: 'failed' }))
  return {
    proofs: [...all.map(endOf), ...unanswered],
    knocked: new Map(rest.map((builder, index) => [builder.id, knocks[index] ?? false])),
    offered: new Map(offered),
    addresses: Object.fromEntries(
      all.flatMap(({ provenAt }) => (provenAt === null ? [] : [[provenAt.host, provenAt.ip]])),
    ),
  }
}

async function prove(
  context: RoundContext,
  group: readonly Builder[],
  login: LoginContext,
  endsAt: number,
): Promise<readonly BuilderProof[]> {
  const tell = (proofs: readonly BuilderProof[]) => {
    for (const { id, checks, offered } of proofs)
      context.store.builderChecked(context.number, id, checks, offered?.fingerprint ?? null)
  }
  const proofs = (await proveLogin(group, login, endsAt, tell)) ?? []
  tell(proofs)
  return proofs
}

async function knock(
  context: RoundContext,
  builder: Builder,
  probes: Probes,
  endsAt: number,
): Promise<boolean> {
  const deadline = remaining(deadlines.knock, endsAt)
  const answer = await probes.knock(builder.address, deadline, 'ssh.port-closed')
  const at = new Date(context.now()).toISOString()
  const before = context.store.known().builders.get(builder.id) ?? unprovenBuilder({ at, ms: 0 })
  const { host } = builder.address
  const move = answer.ok ? null : moveOf(context.kept.addresses, host, null, answer.problem.params)
  const checks = judgeKnock(builder, before, answer, at, move)
  context.store.builderChecked(context.number, builder.id, checks, null)
  return answer.ok
}

async function lookAtCaches(
  context: RoundContext,
  facts: LaptopFacts,
  probes: Probes,
  endsAt: number,
): Promise<Readonly<Record<string, string>>> {
  const shared = onceOnly(() => context.source.sharedPaths())
  const proofs = await sideBySide(facts.caches, atOnce, async (cache) => {
    const known = [context.kept.sharedPaths[cache.url]].filter((path) => path !== undefined)
    const before = context.store.known().caches.get(cache.url)?.[0]?.state
    // Trying one path after another is for a first look and a thorough one, not for each heartbeat.
    const others = context.survey || before !== 'pass' ? shared : async () => []
    const likely = [...new Set([...provenPaths(context.kept).slice(0, 2), ...known])]
    const proof = await proveCache(cache, facts, likely, others, probes, endsAt, context.now)
    context.store.cacheChecked(context.number, proof.url, proof.checks)
    return proof
  })
  return Object.fromEntries(
    proofs.flatMap(({ url, sharedPath }) => (sharedPath === null ? [] : [[url, sharedPath]])),
  )
}

async function lookAtMounts(
  { source, store, kept, number }: RoundContext,
  facts: LaptopFacts,
): Promise<void> {
  if (source.storeMounts === undefined) return
  store.mountsSeen(number, await source.storeMounts(facts.builders, kept.addresses))
}

/** What is only warned of (an unknown host key, a full disk) is not in good order either. */
function endOf(proof: BuilderProof): ProofEnd {
  const wrong =
    proof.checks.find((check) => check.state === 'fail') ??
    proof.checks.find((check) => check.state === 'warn')
  const result =
    wrong === undefined
      ? 'good'
      : wrong.cause !== undefined && discouraging.has(wrong.cause)
        ? 'discouraged'
        : 'failed'
  return { id: proof.id, spoke: proof.spoke, result }
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
