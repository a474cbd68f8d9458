// Judges what one SSH connection (or one TCP knock) proved of a builder: pure, from proof to the builder's four checks.
import type { CauseCode } from '../../shared/causes.ts'
import { type Outcome, type Problem, problem } from '../../shared/outcome.ts'
import type { BuilderCheckId, Check } from '../../shared/status.ts'
import type { HostKeyVerdict, RemoteNix, SshProof } from '../desktop/results.ts'
import type { Builder } from '../laptop/facts.ts'
import { failed, passed, skipped, unproven, type When, warned } from './check.ts'
import { asMove, type Move } from './moved.ts'
import { ofBuilder } from './name-problem.ts'

export type BuilderCheck = Check<BuilderCheckId>

export interface BuilderEvidence {
  readonly proof: SshProof
  /** How long the proof took, in ms: what a failure cost where no step of its own was timed. */
  readonly proofMs: number
  /** What Nix over there said; null where no session could be had, because the private key is root's. */
  readonly remote: { readonly outcome: Outcome<RemoteNix>; readonly ms: number } | null
  /** What is wrong with the key file: the reason where the key could not be shown. */
  readonly keyProblems: readonly Problem[]
  /** The name leads elsewhere than where the desktop was last proven. */
  readonly move?: Move | null
}

/** Less than this free where /nix/store stands, and the next build may not fit, in bytes. */
const littleDisk = 1_000_000_000

/** The four checks of a builder, in order; after the first failure the rest are skipped. */
export function judgeBuilder(
  builder: Builder,
  evidence: BuilderEvidence,
  at: string,
): readonly BuilderCheck[] {
  const checks = [
    reachable(builder, evidence, at),
    hostKey(builder, evidence, at),
    builderKey(builder, evidence, at),
    remoteNix(builder, evidence, at),
  ]
  return skipAfterFailure(checks, at)
}

/** What a knock adds to what was known: it proves the port, and its failure makes the rest moot. */
export function judgeKnock(
  builder: Builder,
  before: readonly BuilderCheck[],
  knock: Outcome<{ readonly ms: number }>,
  at: string,
  move: Move | null = null,
): readonly BuilderCheck[] {
  const when = { at, ms: knock.ok ? knock.value.ms : 0 }
  if (!knock.ok) {
    const first = failed('reachable', when, ofBuilder(builder, asMove(knock.problem, move)))
    return skipAfterFailure([first, ...unprovenBuilder(when).slice(1)], at)
  }
  const wasReachable = before.some((check) => check.id === 'reachable' && check.state === 'pass')
  const rest = wasReachable ? before.slice(1) : unprovenBuilder(when).slice(1)
  return [passed('reachable', when), ...rest]
}

/** One that ssh reaches through another machine: what answers at its address is not what Nix meets. */
export function proxiedBuilder(when: When): readonly BuilderCheck[] {
  return (['reachable', 'host-key', 'builder-key', 'remote-nix'] as const).map((id) =>
    unproven(id, when, { note: 'through-a-proxy' }),
  )
}

/** Before the first proof. */
export function unprovenBuilder(when: When): readonly BuilderCheck[] {
  const ids = ['reachable', 'host-key', 'builder-key', 'remote-nix'] as const
  return ids.map((id) => unproven(id, when, { note: 'not-checked-yet' }))
}

/** A check that an earlier failure made impossible is skip, never fail. */
export function skipAfterFailure(checks: readonly BuilderCheck[], at: string): readonly BuilderCheck[] {
  const first = checks.findIndex((check) => check.state === 'fail')
  return first < 0
    ? checks
    : checks.map((check, index) => (index > first ? skipped(check.id, { at, ms: 0 }) : check))
}

function reachable(builder: Builder, evidence: BuilderEvidence, at: string): BuilderCheck {
  const { proof } = evidence
  const when = { at, ms: proof.connectMs ?? evidence.proofMs }
  if (proof.connectMs !== null) return passed('reachable', when)
  const why = proof.problem ?? problem('net.timeout')
  return failed('reachable', when, ofBuilder(builder, asMove(why, evidence.move ?? null)))
}

function hostKey(builder: Builder, evidence: BuilderEvidence, at: string): BuilderCheck {
  const { proof, proofMs, move = null } = evidence
  if (proof.hostKey !== null) {
    const raw = proof.problem?.cause === 'ssh.host-key-unknown' ? proof.problem.raw : undefined
    return hostKeyVerdict(builder, proof.hostKey, { at, ms: 0 }, move, raw)
  }
  const when = { at, ms: proofMs - (proof.connectMs ?? 0) }
  const why = proof.problem ?? problem('ssh.protocol-error')
  return failed('host-key', when, ofBuilder(builder, why.cause === 'ssh.not-ssh' ? asMove(why, move) : why))
}

function hostKeyVerdict(
  builder: Builder,
  verdict: HostKeyVerdict,
  when: When,
  move: Move | null,
  /** What was seen and could not vouch for an unknown key. */
  unused: string | undefined,
): BuilderCheck {
  const { fingerprint, type } = verdict.offered
  const offered = { port: builder.address.port, fingerprint, keyType: type, offered: fingerprint }
  switch (verdict.state) {
    case 'trusted': {
      const detail = { detail: `${fingerprint} (${verdict.source})` }
      if (verdict.missedAs === undefined) return passed('host-key', when, detail)
      // Root's own ssh_config, which cannot be read from here, may yet lead ssh back to the right name.
      const why = problem('laptop.host-key-pin-missed', { name: verdict.missedAs, ...builder.source })
      return warned('host-key', when, ofBuilder(builder, why), detail)
    }
    case 'unknown':
      return warned('host-key', when, ofBuilder(builder, problem('ssh.host-key-unknown', offered, unused)))
    case 'changed': {
      const params = {
        ...offered,
        expected: verdict.expected.map((one) => one.fingerprint).join(', '),
        source: [...new Set(verdict.expected.map((one) => one.source))].join(', '),
      }
      const raw = `${params.offered}, not ${params.expected} (${params.source})`
      const changed = problem('ssh.host-key-changed', params, ...(move === null ? [] : [raw]))
      return failed('host-key', when, ofBuilder(builder, asMove(changed, move)))
    }
    case 'revoked': {
      const params = { ...offered, file: verdict.source }
      return failed('host-key', when, ofBuilder(builder, problem('ssh.host-key-revoked', params)))
    }
    default:
      return verdict satisfies never
  }
}

function builderKey(builder: Builder, evidence: BuilderEvidence, at: string): BuilderCheck {
  const { proof } = evidence
  const when = { at, ms: proof.keyMs }
  if (proof.hostKey?.state === 'unknown') return unproven('builder-key', when, { note: 'host-key-first' })
  switch (proof.key) {
    case 'accepted':
      return passed('builder-key', when)
    case 'refused':
      return failed('builder-key', when, ofBuilder(builder, proof.problem ?? problem('ssh.key-refused')))
    case 'untested':
      return untested(builder, proof.problem ?? evidence.keyProblems[0], when)
    default:
      return proof.key satisfies never
  }
}

/** A laptop problem only leaves the key untested; anything else broke the connection before the key's turn. */
function untested(builder: Builder, why: Problem | undefined, when: When): BuilderCheck {
  if (why === undefined) return unproven('builder-key', when, { note: 'default-key' })
  const named = ofBuilder(builder, why)
  return why.cause.startsWith('laptop.')
    ? unproven('builder-key', when, { note: 'needs-test-build' }, named)
    : failed('builder-key', when, named)
}

function remoteNix(builder: Builder, evidence: BuilderEvidence, at: string): BuilderCheck {
  if (evidence.remote === null) {
    const late = evidence.proof.key === 'accepted' ? evidence.proof.problem : null
    if (late !== null) return failed('remote-nix', { at, ms: 0 }, ofBuilder(builder, late))
    return unproven('remote-nix', { at, ms: 0 }, { note: 'needs-test-build' })
  }
  const when = { at, ms: evidence.remote.ms }
  const { outcome } = evidence.remote
  if (!outcome.ok) return failed('remote-nix', when, ofBuilder(builder, outcome.problem))
  return remoteNixAnswer(builder, outcome.value, when)
}

function remoteNixAnswer(builder: Builder, nix: RemoteNix, when: When): BuilderCheck {
  // A key that may start Nix alone learns no systems.
  const detail = { detail: [`Nix ${nix.version}`, ...nix.systems].join(', ') }
  const with_ = (cause: CauseCode, params = {}) => ofBuilder(builder, problem(cause, params))
  if (nix.trusted === false) return failed('remote-nix', when, with_('nix.not-trusted'), detail)
  const lacking = nix.systems.length === 0 ? [] : builder.systems.filter((one) => !nix.systems.includes(one))
  if (lacking.length > 0) {
    const params = { expected: lacking.join(', '), found: nix.systems.join(', ') }
    const judged = lacking.length === builder.systems.length ? failed : warned
    return judged('remote-nix', when, with_('nix.system-mismatch', params), detail)
  }
  if (nix.diskFree !== null && nix.diskFree < littleDisk)
    return warned('remote-nix', when, with_('nix.disk-full'), detail)
  return passed('remote-nix', when, detail)
}
