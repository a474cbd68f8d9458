// Find and Trust: the desktop answers, and its host key is one that the person trusts. No credential is sent before.
import type { Problem } from '../../../shared/outcome.ts'
import type { HostKeyVerdict } from '../../desktop/results.ts'
import { offeredOf } from '../engine.ts'
import { base, type Context, newContext, problemOf } from './context.ts'
import { showSignIn } from './sign-in.ts'
import type { Stage } from './stage.ts'

/** Looks for the desktop and at its host key. Ends at find with a problem, at trust, or at sign-in. */
export function find(stage: Stage, builderId: string): Promise<void> {
  return stage.work(async (signal) => {
    const { engine, put } = stage
    const before = stage.state()
    const shown = 'host' in before ? { host: before.host, port: before.port } : { host: builderId, port: 22 }
    put({ phase: 'find', builder: builderId, ...shown, busy: true, problem: null })
    const found = await engine.find(builderId, signal)
    if (signal.aborted) return
    if (!found.ok) {
      const host = String(found.problem.params?.['host'] ?? shown.host)
      return put({ phase: 'find', builder: builderId, ...shown, host, busy: false, problem: found.problem })
    }
    const context = newContext(found.value)
    stage.setContext(context)
    put({ phase: 'find', ...base(context), busy: true, problem: null })
    const verdict = await engine.hostKey(found.value)
    if (signal.aborted) return
    if (!verdict.ok) return put({ phase: 'find', ...base(context), busy: false, problem: verdict.problem })
    context.verdict = verdict.value
    const revoked = verdict.value.state === 'revoked' ? problemOf(verdict.value, context) : null
    if (revoked !== null) return put({ phase: 'find', ...base(context), busy: false, problem: revoked })
    if (verdict.value.state === 'trusted') await showSignIn(stage, context, null, signal)
    else showTrust(stage, context, verdict.value, problemOf(verdict.value, context))
  })
}

function showTrust(stage: Stage, at: Context, verdict: HostKeyVerdict, why: Problem | null, busy = false) {
  stage.put({ phase: 'trust', ...base(at), busy, offered: offeredOf(verdict), problem: why })
}

/** The explicit yes to the key that is shown. Ends at sign-in, or at trust with a problem. */
export async function trust(stage: Stage, fingerprint: string): Promise<void> {
  const at = stage.context()
  const state = stage.state()
  if (state.phase !== 'trust' || state.busy || at?.verdict == null) return
  // Only the key that the person saw: another fingerprint is no yes to this one.
  if (fingerprint !== at.verdict.offered.fingerprint) return
  const { verdict } = at
  const { engine } = stage
  await stage.work(async (signal) => {
    showTrust(stage, at, verdict, null, true)
    const trusted = await engine.trust(at.target, verdict)
    if (signal.aborted) return
    if (!trusted.ok) return showTrust(stage, at, verdict, trusted.problem)
    const again = await engine.hostKey(at.target)
    if (signal.aborted) return
    if (!again.ok) return showTrust(stage, at, verdict, again.problem)
    at.verdict = again.value
    // Another key than a moment ago, or a pin elsewhere that still says otherwise.
    if (again.value.state === 'trusted') await showSignIn(stage, at, null, signal)
    else showTrust(stage, at, again.value, problemOf(again.value, at))
  })
}
