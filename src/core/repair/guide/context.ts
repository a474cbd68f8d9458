// What the guide has found out about one builder, and what follows from it.

import type { Told } from '../../../shared/guide.ts'
import type { LaptopDone } from '../../../shared/laptop-side.ts'
import type { Problem } from '../../../shared/outcome.ts'
import type { StepId, StepProgress } from '../../../shared/repair.ts'
import type { SurveyReport } from '../../../shared/survey-report.ts'
import type { HostKeyVerdict } from '../../desktop/results.ts'
import { hostKeyProblem } from '../../desktop/ssh-problem.ts'
import { type AdminSession, refusal } from '../admin-session.ts'
import type { LeftSwitch, RepairTarget, SignInWays } from '../engine.ts'
import type { Planned } from '../plan.ts'
import type { Choices } from '../steps/context.ts'
import type { SurveyFacts } from '../survey-facts.ts'

export const sudoTries = 3

export interface Context {
  readonly target: RepairTarget
  verdict: HostKeyVerdict | null
  /** SHA256:… of the changed host key that the person said yes to in this guide. */
  accepted: string | null
  ways: SignInWays
  sudoTriesLeft: number
  session: AdminSession | null
  facts: SurveyFacts | null
  /** What was found first, before anything was changed. */
  report: SurveyReport | null
  planned: Planned | null
  /** What was changed on this laptop. */
  laptop: LaptopDone | null
  choices: Choices
  skipped: readonly StepId[]
  steps: readonly StepProgress[]
  /** A switch that was left to the desktop. */
  left: LeftSwitch | null
}

/** A builder that was found, and nothing more. */
export function newContext(target: RepairTarget): Context {
  return {
    target,
    verdict: null,
    accepted: null,
    ways: { agentKeys: 0, keyFiles: [] },
    sudoTriesLeft: sudoTries,
    session: null,
    facts: null,
    report: null,
    planned: null,
    laptop: null,
    choices: {},
    skipped: [],
    steps: [],
    left: null,
  }
}

/** What every phase says of the builder. */
export function base({ target }: Context) {
  const { id, host, address } = target.builder
  return { builder: id, host, port: address.port }
}

/** The desktop, whatever a builder on it is called. */
export function desktopOf({ target }: Context): string {
  const { host, port } = target.builder.address
  return `${host}:${port}`
}

/** Why a host key is not trusted; null where it is. */
export function problemOf(verdict: HostKeyVerdict, { target }: Context): Problem | null {
  const { host, address } = target.builder
  return hostKeyProblem(verdict, { host, port: address.port })
}

/** Why this admin cannot become root; null where they can, or may once they give a password. */
export function rootDenied({ facts, target, session }: Context): Problem | null {
  if (facts === null || facts.rights.kind !== 'none') return null
  const { host, address } = target.builder
  return refusal(facts.rights.said, false, { host, port: address.port, user: session?.user ?? '' })
}

/** What the end of a repair tells beyond its steps. */
export function toldOf({ planned, report, laptop }: Context): Told {
  return {
    ...(planned === null ? {} : { plan: planned.plan }),
    ...(report === null ? {} : { report }),
    ...(laptop === null ? {} : { laptop }),
  }
}
