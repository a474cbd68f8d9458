// Plans a repair: findings -> ordered steps, each with the exact commands, the diff, and the code that runs. Pure.
import { problem } from '../../shared/outcome.ts'
import type { RepairPlan, StepId, Unmended } from '../../shared/repair.ts'
import { diagnose, type Finding, textOf } from './diagnose.ts'
import type { RepairTarget } from './engine.ts'
import { declaredKey, declaredUser } from './nixos-snippets.ts'
import type { StepCode } from './sh.ts'
import type { Choices, Context, PushedKey, WantedLine } from './steps/context.ts'
import { makeFolder, mendModes } from './steps/folders.ts'
import type { Made } from './steps/made.ts'
import { pushKey } from './steps/push-key.ts'
import { createUser, setShell, unlock } from './steps/user.ts'
import type { SurveyFacts } from './survey-facts.ts'

export interface Planned {
  readonly plan: RepairPlan
  readonly codes: ReadonlyMap<StepId, StepCode>
  readonly key: PushedKey | null
}

/** The plan for what a survey found. */
export function makePlan(facts: SurveyFacts, target: RepairTarget, choices: Choices): Planned {
  const { user } = target.builder.address
  const key = keyOf(target)
  const findings = key === null ? [] : diagnose(facts, user, key)
  const context = { facts, target, choices, user, params: { host: target.builder.host, user }, key }
  const made: Made[] = []
  const unmended: Unmended[] = []
  for (const finding of findings) {
    const one = mend(finding, context)
    if ('step' in one) made.push(one)
    else unmended.push(one)
  }
  // Without a user no later step can run; where NixOS has to make it, only the snippet helps.
  const stuck = unmended.some((one) => one.cause === 'desktop.builder-user-missing')
  const steps = stuck ? [] : made
  const file = key === null ? null : placeOf(findings, facts, key)
  return {
    plan: {
      builder: target.builder.id,
      host: target.builder.host,
      steps: steps.map(({ step }) => step),
      unmended,
      partial: facts.rights.kind === 'none' || facts.rights.kind === 'needs-password',
    },
    codes: new Map(steps.map(({ step, code }) => [step.id, code])),
    key: key === null || file === null ? null : { ...key, file },
  }
}

/** The file that the key goes to, or stands in. */
function placeOf(findings: readonly Finding[], facts: SurveyFacts, key: WantedLine): string | null {
  const pushed = findings.find((one) => one.kind === 'key')
  const holds = facts.files.find((file) =>
    (textOf(file) ?? '').split('\n').some((line) => line.trim() === key.line),
  )
  return pushed?.file.path ?? holds?.path ?? facts.files[0]?.path ?? null
}

/** The line that is pushed: Nix needs no terminal and no forwarding. null for a public key that is none. */
export function keyOf(target: Pick<RepairTarget, 'publicKeyLine'>): WantedLine | null {
  const [type = '', blob = '', ...comment] = target.publicKeyLine.trim().split(/\s+/)
  if (!/^[a-z0-9@.-]+$/i.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return null
  const note = comment
    .join(' ')
    .replace(/[^\w@.:+ -]/g, '')
    .slice(0, 100)
    .trim()
  return { type, blob, line: `restrict ${type} ${blob}${note === '' ? '' : ` ${note}`}` }
}

function mend(finding: Finding, context: Context): Made | Unmended {
  const { params, facts, user } = context
  const { nixos } = facts.os
  const snippet = declaredUser(user, context.target.publicKeyLine)
  switch (finding.kind) {
    case 'pubkey-off':
      return problem('desktop.pubkey-off', { host: params.host })
    case 'not-allowed':
      return problem('desktop.user-not-allowed', { ...params, what: finding.setting })
    case 'no-file-read':
      return problem('desktop.authorized-keys-ignored', params)
    case 'odd-path':
      return problem('desktop.authorized-keys-ignored', params, finding.file)
    case 'read-only':
      return problem('desktop.read-only', { host: params.host, file: finding.file })
    case 'declared':
      return {
        ...problem('desktop.authorized-keys-declared', { ...params, file: finding.file }),
        snippet: declaredKey(user, context.target.publicKeyLine),
      }
    case 'user-missing':
      return nixos ? { ...problem('desktop.builder-user-missing', params), snippet } : createUser(context)
    case 'shell':
      return nixos ? { ...problem('desktop.builder-shell', params), snippet } : setShell(context)
    case 'locked':
      return nixos ? { ...problem('desktop.builder-locked', params), snippet } : unlock(context)
    case 'home':
      return mendModes('mend-home', finding.entries, context)
    case 'folder-missing':
      return makeFolder(finding, context)
    case 'modes':
      return mendModes('mend-permissions', finding.entries, context)
    case 'key':
      return pushKey(finding, context)
    default:
      return finding satisfies never
  }
}
