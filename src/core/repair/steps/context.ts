// What the makers of steps are given, and what the person chose.
import type { StepId } from '../../../shared/repair.ts'
import type { RepairTarget } from '../engine.ts'
import type { SurveyFacts } from '../survey-facts.ts'

/** What the person chose, by step; absent: the step's first option. */
export type Choices = Partial<Readonly<Record<StepId, string>>>

/** The key and where it goes: what undo needs to know. */
export interface PushedKey {
  readonly file: string
  readonly type: string
  readonly blob: string
  readonly line: string
}

export type WantedLine = Omit<PushedKey, 'file'>

export interface Context {
  readonly facts: SurveyFacts
  readonly target: RepairTarget
  readonly choices: Choices
  readonly user: string
  readonly params: { readonly host: string; readonly user: string }
  readonly key: WantedLine | null
}
