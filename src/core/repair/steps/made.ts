// Makes a step out of a draft: the commands that are shown are the ones that run.
import type { CauseCode } from '../../../shared/causes.ts'
import type { Params } from '../../../shared/outcome.ts'
import { ownCommands } from '../../../shared/plan-view.ts'
import type { FileChange, RepairStep, StepChoice, StepId } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { call, type ScriptTopic, type StepCode, stepsProgram } from '../sh.ts'

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
  /** After a failure half-way; and after a success, unless `takeBack` says otherwise. */
  readonly undo?: readonly (readonly string[])[]
  readonly takeBack?: readonly (readonly string[])[]
  /** What a person types to take it back; "{backup}" stands for the old file's place. */
  readonly byHand?: readonly string[]
  readonly changes?: readonly FileChange[]
  readonly risk?: RepairStep['risk']
  readonly choice?: StepChoice
  /** How long it may take; 60 where not given. */
  readonly seconds?: number
  readonly long?: boolean
  /** What it does cannot be taken back. */
  readonly final?: boolean
  /** It holds only until a restart: what keeps it. */
  readonly keep?: readonly string[]
  /** What its lines call beyond the common scripts. */
  readonly scripts?: readonly ScriptTopic[]
}

const line = ([program = '', ...words]: readonly string[]) => call(program, words)

/** A step and its code. Runs on the desktop as root, of low risk, unless the draft says otherwise. */
export function made(draft: Draft): Made {
  const { id, cause, params, commands, check, undo = [], changes = [], risk = 'low', scripts } = draft
  const code: StepCode = {
    id,
    check,
    run: commands.length === 0 ? [':'] : commands.map(line),
    undo: undo.map(line),
    ...(draft.takeBack === undefined ? {} : { takeBack: draft.takeBack.map(line) }),
    ...(draft.seconds === undefined ? {} : { seconds: draft.seconds }),
    ...(draft.final === undefined ? {} : { final: draft.final }),
    ...(scripts === undefined ? {} : { scripts }),
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
    ...(draft.choice === undefined ? {} : { choice: draft.choice }),
    ...(draft.long === undefined ? {} : { long: draft.long }),
    ...(draft.final === undefined ? {} : { final: draft.final }),
    ...(draft.keep === undefined || draft.keep.length === 0 ? {} : { keep: draft.keep }),
    ...(draft.byHand === undefined ? {} : { undo: draft.byHand }),
  }
  return { step: commands.length === 0 ? step : withProgram(step, code), code }
}

/** The whole program beside the commands, where these call what is defined in it. */
function withProgram(step: RepairStep, code: StepCode): RepairStep {
  const script = stepsProgram('token', [code])
  return code.scripts !== undefined || ownCommands({ commands: step.commands, script }).length > 0
    ? { ...step, script }
    : step
}
