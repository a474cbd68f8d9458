// Plans a repair: findings -> ordered steps, each with the exact commands, the diff, and the code that runs. Pure.
import { problem } from '../../shared/outcome.ts'
import { type KeyLines, type RepairPlan, type StepId, stepIds, type Unmended } from '../../shared/repair.ts'
import { diagnose, type Finding, textOf } from './diagnose.ts'
import { isPartial, type MachineFinding } from './diagnose-machine.ts'
import type { RepairTarget } from './engine.ts'
import { keyLinesOf } from './key-lines.ts'
import { declaredKey } from './nixos-snippets.ts'
import { planNixos } from './plan-nixos.ts'
import type { StepCode } from './sh.ts'
import { cacheMissing, installCache, nameKey, narinfoFails, otherStore, portHeld } from './steps/cache.ts'
import { mendKey } from './steps/cache-key.ts'
import type { Choices, Context, PushedKey, WantedLine } from './steps/context.ts'
import { freeDisk } from './steps/disk.ts'
import { openFirewall } from './steps/firewall.ts'
import { makeFolder, mendModes } from './steps/folders.ts'
import type { Made } from './steps/made.ts'
import { findNix, joinGroup, nixMissing, restartDaemon, shellNoise, trustBuilder } from './steps/nix.ts'
import { pushKey } from './steps/push-key.ts'
import { enableSshd, startCache, startDaemon } from './steps/services.ts'
import { createUser, setShell, unlock } from './steps/user.ts'
import type { SurveyFacts } from './survey-facts.ts'

export interface Planned {
  readonly plan: RepairPlan
  readonly codes: ReadonlyMap<StepId, StepCode>
  readonly key: PushedKey | null
  /** Where the key stands now, for taking it out; absent where it has no place. */
  readonly keyLines?: KeyLines
}

/** The plan for what a survey found. */
export function makePlan(facts: SurveyFacts, target: RepairTarget, choices: Choices): Planned {
  const { user } = target.builder.address
  const key = keyOf(target)
  const findings = diagnose(facts, user, key)
  const context = { facts, target, choices, user, params: { host: target.builder.host, user }, key }
  const nixos = facts.os.nixos ? planNixos(findings, context) : { made: [], unmended: [], rest: findings }
  const made: Made[] = [...nixos.made]
  const unmended: Unmended[] = [...nixos.unmended]
  for (const finding of nixos.rest) {
    const one = mend(finding, context)
    if ('step' in one) made.push(one)
    else unmended.push(one)
  }
  // Without a user no step about its things can run; where only a person can make it, they wait.
  const stuck = unmended.some((one) => one.cause === 'desktop.builder-user-missing')
  const steps = inOrder(stuck ? made.filter(({ step }) => !aboutUser.has(step.id)) : made)
  const file = key === null ? null : placeOf(findings, facts, key)
  const placed = key === null || file === null ? null : { ...key, file }
  return {
    plan: {
      builder: target.builder.id,
      host: target.builder.host,
      steps: steps.map(({ step }) => step),
      unmended,
      partial: isPartial(facts),
    },
    codes: new Map(steps.map(({ step, code }) => [step.id, code])),
    key: placed,
    ...(placed === null ? {} : { keyLines: keyLinesOf(facts, placed) }),
  }
}

const aboutUser: ReadonlySet<StepId> = new Set([
  'set-builder-shell',
  'unlock-builder',
  'mend-home',
  'create-ssh-folder',
  'mend-permissions',
  'push-key',
  'find-nix',
  'allow-builder',
])

/** The ids stand in the order in which steps can run. */
function inOrder(made: readonly Made[]): readonly Made[] {
  return made.toSorted((a, b) => stepIds.indexOf(a.step.id) - stepIds.indexOf(b.step.id))
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
  const { params, user } = context
  switch (finding.kind) {
    case 'pubkey-off':
      return problem('desktop.pubkey-off', { host: params.host })
    case 'not-allowed':
      return problem('desktop.user-not-allowed', { ...params, what: finding.setting })
    case 'no-file-read':
      return problem('desktop.authorized-keys-ignored', params)
    case 'odd-path':
      return problem('desktop.authorized-keys-ignored', params, finding.file)
    case 'elsewhere':
      return problem('desktop.authorized-keys-elsewhere', { ...params, file: finding.file })
    case 'read-only':
      return problem('desktop.read-only', { host: params.host, file: finding.file })
    case 'declared':
      return {
        ...problem('desktop.authorized-keys-declared', { ...params, file: finding.file }),
        snippet: declaredKey(user, context.target.publicKeyLine),
      }
    case 'user-missing':
      return createUser(context)
    case 'shell':
      return setShell(context)
    case 'locked':
      return unlock(context)
    case 'home':
      return mendModes('mend-home', finding.entries, context)
    case 'folder-missing':
      return makeFolder(finding, context)
    case 'modes':
      return mendModes('mend-permissions', finding.entries, context)
    case 'key':
      return pushKey(finding, context)
    default:
      return mendMachine(finding, context)
  }
}

function mendMachine(finding: MachineFinding, context: Context): Made | Unmended {
  switch (finding.kind) {
    case 'sshd-not-enabled':
      return enableSshd(finding, context)
    case 'nix-missing':
      return nixMissing(context)
    case 'nix-not-in-path':
      return findNix(context)
    case 'shell-noise':
      return shellNoise(finding, context)
    case 'daemon-down':
      return startDaemon(finding, context)
    case 'socket-closed':
      return joinGroup(finding, context)
    case 'not-trusted':
      return trustBuilder(finding, context)
    case 'daemon-stale':
      return restartDaemon(finding, context)
    case 'cache-missing':
      return cacheMissing(context)
    case 'cache-not-set-up':
      return installCache(finding, context)
    case 'cache-down':
      return startCache(finding, context)
    case 'cache-unsigned':
      return nameKey(finding, context)
    case 'port-held':
      return portHeld(finding, context)
    case 'other-store':
      return otherStore(finding, context)
    case 'cache-narinfo':
      return narinfoFails(finding, context)
    case 'cache-key':
      return mendKey(finding, context)
    case 'ports-closed':
      return openFirewall(finding, context)
    case 'disk-low':
      return freeDisk(finding, context)
    default:
      return finding satisfies never
  }
}
