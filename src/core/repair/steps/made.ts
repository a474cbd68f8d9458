// Makes a step out of a draft: the commands that are shown are the ones that run.
import type { CauseCode } from '../../../shared/causes.ts'
import { shellWord } from '../../../shared/command.ts'
import type { Params } from '../../../shared/outcome.ts'
import type { FileChange, RepairStep, StepId } from '../../../shared/repair.ts'
import { call, type StepCode } from '../sh.ts'

export interface Made {
  readonly step: RepairStep
  readonly code: StepCode
}

export interface Draft {
  readonly id: StepId
  readonly cause: CauseCode
  readonly params: Params
  /** Command lines as words; they are what is shown and what runs. */
  readonly commands: readonly (readonly string[])[]
  readonly check: string
  readonly undo?: readonly (readonly string[])[]
  readonly changes?: readonly FileChange[]
  readonly risk?: RepairStep['risk']
}

/** A step and its code. Runs on the desktop as root, of low risk, unless the draft says otherwise. */
export function made(draft: Draft): Made {
  const { id, cause, params, commands, check, undo = [], changes = [], risk = 'low' } = draft
  const code = {
    id,
    check,
    run: commands.map(([program = '', ...words]) => call(program, words)),
    undo: undo.map(([program = '', ...words]) => call(program, words)),
  }
  const step: RepairStep = {
    id,
    cause,
    params,
    where: 'desktop',
    commands: commands.map((words) => words.map(shellWord).join(' ')),
    changes,
    needsAdmin: true,
    needsRoot: true,
    risk,
  }
  return { step, code }
}
