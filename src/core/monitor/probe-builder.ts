// Asks one desktop over SSH what its builders' four checks need; rows that lead to the same login share one connection.
import { bad } from '../../shared/outcome.ts'
import type { SshTarget } from '../desktop/prove.ts'
import type { OfferedKey, SshProof } from '../desktop/results.ts'
import type { Builder, LaptopFacts } from '../laptop/facts.ts'
import { type BuilderCheck, type BuilderEvidence, judgeBuilder } from './check-builder.ts'
import { keyProblems } from './check-laptop.ts'
import { deadlines, remaining, within } from './deadlines.ts'
import { type Addresses, moveOf, provenAddress } from './moved.ts'
import type { Probes } from './probes.ts'

export interface BuilderProof {
  readonly id: string
  readonly checks: readonly BuilderCheck[]
  /** The host key it showed, whatever was thought of it. */
  readonly offered: OfferedKey | null
  /** Whether sshd was spoken to at all: only then does it count against sshd's penalties. */
  readonly spoke: boolean
  /** The name of its address, and where it led, where the right machine was met there. */
  readonly provenAt: { readonly host: string; readonly ip: string } | null
}

/** What a proof needs to know besides the login. */
export interface LoginContext {
  readonly facts: LaptopFacts
  /** known_hosts files, in the order they are asked. */
  readonly knownHosts: readonly string[]
  readonly probes: Probes
  /** Where each host name led when its desktop was last proven. */
  readonly addresses?: Addresses
  /** ms since 1970 */
  readonly now: () => number
}

/** Builders that one login proves: same address, user, key, and pinned host key under the same name. */
export function sameLogin(builders: readonly Builder[]): readonly (readonly Builder[])[] {
  const groups = new Map<string, Builder[]>()
  for (const one of builders) {
    const { host, port, user, hostKeyAlias = null } = one.address
    const pin = one.hostKeyLine === null ? null : [one.host, one.hostKeyLine]
    const login = JSON.stringify([host, port, user, hostKeyAlias, one.keyPath, pin])
    const group = groups.get(login)
    if (group === undefined) groups.set(login, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

/**
 * Proves the builders of one login within `endsAt` (ms of the monotonic clock). null where it is still waiting for its
 * turn among probes of the same host by then: nothing is known, and what comes later is given to `late`.
 */
export async function proveLogin(
  login: readonly Builder[],
  context: LoginContext,
  endsAt: number,
  late: (proofs: readonly BuilderProof[]) => void,
): Promise<readonly BuilderProof[] | null> {
  const asked = askLogin(login, context, endsAt)
  return within<readonly BuilderProof[] | null>(
    asked,
    endsAt - performance.now(),
    () => null,
    (proofs) => {
      if (proofs !== null) late(proofs)
    },
  )
}

async function askLogin(
  login: readonly Builder[],
  context: LoginContext,
  endsAt: number,
): Promise<readonly BuilderProof[]> {
  const { facts, knownHosts, probes } = context
  const first = login[0]
  if (first === undefined) return []
  const started = performance.now()
  const proof = await probes.prove(targetOf(first, facts, knownHosts), remaining(deadlines.ssh, endsAt))
  const proofMs = performance.now() - started
  const remote = await askNix(proof, probes, endsAt)
  const at = new Date(context.now()).toISOString()
  const { host } = first.address
  const move = moveOf(context.addresses ?? {}, host, proof.peer, proof.problem?.params)
  const ip = provenAddress(proof)
  return login.map((builder) => ({
    id: builder.id,
    checks: judgeBuilder(
      builder,
      { proof, proofMs, remote, keyProblems: keyProblems(facts, builder.id), move },
      at,
    ),
    offered: proof.hostKey?.offered ?? null,
    spoke: proof.connectMs !== null,
    provenAt: ip === null ? null : { host, ip },
  }))
}

function targetOf(builder: Builder, facts: LaptopFacts, knownHosts: readonly string[]): SshTarget {
  return {
    address: builder.address,
    displayHost: builder.host,
    keyFile: facts.keys.get(builder.id) ?? { state: 'none-configured' },
    hostKeyLine: builder.hostKeyLine,
    hostKeySource: builder.source.file,
    knownHosts,
  }
}

async function askNix(proof: SshProof, probes: Probes, endsAt: number): Promise<BuilderEvidence['remote']> {
  const { session } = proof
  if (session === null) return null
  const started = performance.now()
  const deadline = remaining(deadlines.remoteNix, endsAt)
  try {
    const outcome = await within(probes.askNix(session, deadline), deadline, () => bad('nix.stalled'))
    return { outcome, ms: performance.now() - started }
  } finally {
    // Closing waits for the other side's goodbye: nobody needs to wait for that.
    void session.close()
  }
}
