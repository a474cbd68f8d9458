// Find and Trust: the desktop answers, and its host key is one that the person trusts. No credential is sent before.
import { builderName } from '../../../shared/builder-name.ts'
import type { Problem } from '../../../shared/outcome.ts'
import type { HostKeyVerdict } from '../../desktop/results.ts'
import { offeredOf } from '../engine.ts'
import { base, type Context, newContext, problemOf } from './context.ts'
import { openRenewal } from './laptop.ts'
import { showSignIn } from './sign-in.ts'
import type { Stage } from './stage.ts'

/** Looks for the desktop and at its host key. Ends at find with a problem, at trust, or at sign-in. */
export function find(stage: Stage, builderId: string): Promise<void> {
  return stage.work(async (signal) => {
    const { engine, put } = stage
    const before = stage.state()
    const shown =
      'host' in before
        ? { host: before.host, port: before.port }
        : { host: builderName(builderId, []), port: 22 }
    put({ phase: 'find', builder: builderId, ...shown, busy: true, problem: null })
    const found = await engine.find(builderId, signal)
    if (signal.aborted) return
    if (!found.ok) {
      const host = String(found.problem.params?.['host'] ?? shown.host)
      return put({ phase: 'find', builder: builderId, ...shown, host, busy: false, problem: found.problem })
    }
    const context = newContext(found.value)
    stage.setContext(context)
    const verdict = await judge(stage, context, signal)
    if (verdict === null || signal.aborted) return
    if (verdict.state === 'trusted') await showSignIn(stage, context, null, signal)
    else showTrust(stage, context, verdict, problemOf(verdict, context))
  })
}

/** Looks at the host key, without any credential. null where that ended at find, with a problem. */
async function judge(stage: Stage, at: Context, signal: AbortSignal): Promise<HostKeyVerdict | null> {
  const { engine, put } = stage
  put({ phase: 'find', ...base(at), busy: true, problem: null })
  const verdict = await engine.hostKey(at.target)
  if (signal.aborted) return null
  const revoked = verdict.ok && verdict.value.state === 'revoked' ? problemOf(verdict.value, at) : null
  const problem = verdict.ok ? revoked : verdict.problem
  if (!verdict.ok || problem !== null) {
    put({ phase: 'find', ...base(at), busy: false, problem })
    return null
  }
  at.verdict = verdict.value
  return verdict.value
}

/** Back to the host key, signed out: a trusted one is shown as well, with where it is trusted. */
export function lookAtHostKey(stage: Stage, at: Context): Promise<void> {
  return stage.work(async (signal) => {
    const verdict = await judge(stage, at, signal)
    if (verdict !== null && !signal.aborted) showTrust(stage, at, verdict, problemOf(verdict, at))
  })
}

function showTrust(stage: Stage, at: Context, verdict: HostKeyVerdict, why: Problem | null, busy = false) {
  const pinned = pinOver(at, verdict)
  stage.put({
    phase: 'trust',
    ...base(at),
    busy,
    offered: offeredOf(verdict),
    problem: why,
    ...(verdict.state === 'trusted' ? { trustedIn: verdict.source } : {}),
    ...(pinned === null ? {} : { pinned }),
  })
}

/** The machines line that names another key: Nix goes by it alone, so a yes to this one leads to a change of it. */
function pinOver({ target }: Context, { state, offered }: HostKeyVerdict) {
  const { hostKeyLine, source } = target.builder
  if (state !== 'changed' || hostKeyLine === null) return null
  const line = `${offered.type} ${offered.blob.toString('base64')}`
  return { source: `${source.file}:${source.line}`, value: Buffer.from(line).toString('base64') }
}

/** The explicit yes to the key that is shown. Ends at sign-in, at this laptop's own part, or at trust with a problem. */
export async function trust(stage: Stage, fingerprint: string): Promise<void> {
  const at = stage.context()
  const state = stage.state()
  if (state.phase !== 'trust' || state.busy || at?.verdict == null) return
  // Only the key that the person saw: another fingerprint is no yes to this one.
  if (fingerprint !== at.verdict.offered.fingerprint) return
  const { verdict } = at
  const { engine } = stage
  if (verdict.state === 'changed') at.accepted = fingerprint
  if (pinOver(at, verdict) !== null) return openRenewal(stage, at, fingerprint)
  await stage.work(async (signal) => {
    if (verdict.state === 'trusted') return showSignIn(stage, at, null, signal)
    showTrust(stage, at, verdict, null, true)
    const trusted = await engine.trust(at.target, verdict)
    if (signal.aborted) return
    if (!trusted.ok) return showTrust(stage, at, verdict, trusted.problem)
    const again = await engine.hostKey(at.target)
    if (signal.aborted) return
    if (!again.ok) return showTrust(stage, at, verdict, again.problem)
    at.verdict = again.value
    // Another key than a moment ago.
    if (again.value.state === 'trusted') await showSignIn(stage, at, null, signal)
    else showTrust(stage, at, again.value, problemOf(again.value, at))
  })
}
