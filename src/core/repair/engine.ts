// What the guide asks of the engine: each verb is one thing that a repair does, so that the guide can be tried without it.

import type { GoingBack, OfferedHostKey, Question, SignIn, UndoKind } from '../../shared/guide.ts'
import type { Outcome, Problem } from '../../shared/outcome.ts'
import type { StepId, StepProgress } from '../../shared/repair.ts'
import type { SurveyReport } from '../../shared/survey-report.ts'
import type { HostKeyVerdict } from '../desktop/results.ts'
import type { Builder, BuilderKeyFile } from '../laptop/facts.ts'
import type { LaptopSide } from '../laptop-side/side.ts'
import type { AdminSession } from './admin-session.ts'
import type { Planned } from './plan.ts'
import type { Choices } from './steps/context.ts'
import type { SurveyFacts } from './survey-facts.ts'

/** The builder to be repaired, and the key that is to be let in. */
export interface RepairTarget {
  readonly builder: Builder
  readonly keyFile: Extract<BuilderKeyFile, { state: 'present' }>
  /** "TYPE BASE64 comment" of the builder key. */
  readonly publicKeyLine: string
  /** Where the laptop asks for this desktop's cache, or would. */
  readonly cachePort: number
  /** The laptop's trusted-public-keys, "name:base64" each: Nix takes only the first of a name. */
  readonly trustedKeys: readonly string[]
  /** known_hosts files, in the order they are asked; the first is this app's own. */
  readonly knownHosts: readonly string[]
  /** How long a switched system waits for our new connection before it goes back, in s; a step's own default else. */
  readonly guardSeconds?: number
  /** Who signs in unless the person says otherwise. */
  readonly adminUser: string
}

export interface SignInWays {
  readonly agentKeys: number
  readonly keyFiles: readonly string[]
}

/** Shows a question to the person; null where they gave it up. */
export type Ask = (question: Question) => Promise<readonly string[] | null>

export interface RunEnd {
  /** Each step in the plan's order, in its last state. */
  readonly steps: readonly StepProgress[]
  /** Why it did not come to its end; null where every step did. */
  readonly problem: Problem | null
  readonly cancelled: boolean
  /** Amid a switch: what the desktop does by itself now. */
  readonly left?: LeftSwitch
}

export interface LeftSwitch {
  readonly goingBack: GoingBack
  /** Watches until it is back, over new connections of the session's; absent where that was in vain already. Never rejects. */
  readonly follow?: (signal: AbortSignal) => Promise<{
    readonly state: GoingBack['state']
    readonly steps: readonly StepProgress[]
  }>
}

export interface RepairEngine {
  /** The builder, its key and its host, reachable. Bad: laptop.*, net.*, ssh.port-closed. */
  find(builderId: string, signal: AbortSignal): Promise<Outcome<RepairTarget>>
  /** The host key, judged without any credential. */
  hostKey(target: RepairTarget): Promise<Outcome<HostKeyVerdict>>
  /** Remembers the key in the app's own known_hosts, if it is the one offered. */
  trust(target: RepairTarget, verdict: HostKeyVerdict): Promise<Outcome<void>>
  ways(target: RepairTarget): Promise<SignInWays>
  /** Signs in; ends in ssh.sign-in-refused, ssh.host-key-*, laptop.* or what else connecting ends in. */
  signIn(
    target: RepairTarget,
    user: string,
    how: SignIn,
    ask: Ask,
    signal: AbortSignal,
  ): Promise<Outcome<AdminSession>>
  /** One look at the desktop, with the rights that the session has. */
  survey(session: AdminSession, target: RepairTarget, signal: AbortSignal): Promise<Outcome<SurveyFacts>>
  plan(facts: SurveyFacts, target: RepairTarget, choices: Choices): Planned
  /** What was found, as one screen; absent where the engine tells none. */
  report?(facts: SurveyFacts, target: RepairTarget): SurveyReport
  /** Runs the steps that are not skipped, in one go. Never rejects. */
  run(
    session: AdminSession,
    planned: Planned,
    skipped: readonly StepId[],
    onProgress: (steps: readonly StepProgress[]) => void,
    signal: AbortSignal,
  ): Promise<RunEnd>
  /** Takes our line out, puts the keys file's backup back, or takes back all that `steps`, as they ended, did. */
  undo(
    session: AdminSession,
    planned: Planned,
    kind: UndoKind,
    steps: readonly StepProgress[],
  ): Promise<Outcome<void>>
  /** This laptop's own part; absent where the engine has none. */
  readonly laptop?: LaptopSide
  /** Whether the desktop now accepts the builder key; null: it does. */
  prove(target: RepairTarget): Promise<Problem | null>
  /** A whole test build; null: passed. */
  testBuild(target: RepairTarget, signal: AbortSignal): Promise<Problem | null>
}

/** What a person compares, of a verdict that is not trusted. */
export function offeredOf(verdict: HostKeyVerdict): OfferedHostKey {
  const { type, fingerprint } = verdict.offered
  const expected = verdict.state === 'changed' ? verdict.expected : []
  return { keyType: type, fingerprint, expected }
}
