// Plans a repair: causes -> ordered steps, each with the exact commands, the diff, and the program that runs. Pure.
import type { RepairPlan, StepId } from '../../shared/repair.ts'

/** What the person chose, by step; absent: the step's first option. */
export type Choices = Partial<Readonly<Record<StepId, string>>>

export interface Planned {
  readonly plan: RepairPlan
}
