// What offload-repair says: JSON for programs, lines for people.

import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import type {
  OfferedHostKey,
  RepairEvent,
  RepairPlan,
  RepairStep,
  StepProgress,
} from '../../shared/repair.ts'
import type { Paint } from '../status/paint.ts'

export interface RepairPrinter {
  /** `problem`: why root cannot be had, where it cannot. */
  plan(plan: RepairPlan, problem: Problem | null): void
  step(step: StepProgress): void
  note(text: string): void
  hostKey(offered: OfferedHostKey, host: string, problem: Problem | null): void
  result(result: Extract<RepairEvent, { type: 'result' }>, text: string): void
}

interface Needs {
  readonly write: (text: string) => void
  readonly words: Messages
}

/** `plan` prints one object; `apply` and `remove` one a line. */
export function jsonPrinter({ write, words }: Needs, verb: 'plan' | 'apply' | 'remove'): RepairPrinter {
  const line = (value: unknown) => write(`${JSON.stringify(value)}\n`)
  return {
    plan: (plan, why) => {
      const planned = { ...planJson(plan, words), ...(why === null ? {} : { problem: why }) }
      line(verb === 'plan' ? { schema: 1, ...planned } : { type: 'plan', plan: planned })
    },
    step: (step) => line({ type: 'step', step: stepJson(step) }),
    note: () => undefined,
    hostKey: (offered, host, problem) => line({ type: 'host-key', host, offered, problem }),
    result: (result) => {
      if (verb !== 'plan' || !result.ok) line({ ...result, steps: result.steps.map(stepJson) })
    },
  }
}

/** Lines that also read well in a pipe. */
export function plainPrinter({ write, words, paint }: Needs & { readonly paint: Paint }): RepairPrinter {
  const { repair, repairView } = words
  const say = (text: string) => write(`${text}\n`)
  return {
    plan(plan, why) {
      if (plan.steps.length === 0 && plan.unmended.length === 0)
        say(paint('pass', fill(repair.nothingToDo, { host: plan.host })))
      if (plan.steps.length > 0) say(fill(repair.planTitle, { host: plan.host }))
      for (const [index, step] of plan.steps.entries()) say(stepText(step, index + 1, words, paint))
      if (plan.unmended.length > 0) say(repair.unmended)
      for (const one of plan.unmended) {
        say(problemText(one, words, paint))
        if (one.snippet !== undefined) say(`  ${repair.writeThere}\n${indent(one.snippet.trimEnd(), '    ')}`)
      }
      if (plan.partial) say(paint('warn', why === null ? repair.partial : repair.partialDenied))
      if (plan.partial && why !== null) say(problemText(why, words, paint))
    },
    step(step) {
      if (step.state === 'pending' || step.state === 'running') return
      const bad = step.state === 'failed' || step.state === 'rolled-back'
      const sign = bad ? paint('fail', '✗') : step.state === 'skipped' ? '·' : paint('pass', '✓')
      say(`${sign} ${repairView.steps[step.id]}: ${repairView.stepStates[step.state]}`)
      if (bad && step.output !== '') say(indent(step.output, '  | '))
      if (step.backup !== undefined) say(`  ${fill(repair.backup, { file: step.backup })}`)
    },
    note: say,
    hostKey(offered, host, problem) {
      if (problem !== null) say(problemText(problem, words, paint))
      say(fill(repair.offered, { host, fingerprint: offered.fingerprint, type: offered.keyType }))
      for (const one of offered.expected) say(fill(repair.expected, one))
      say(fill(repair.compare, { fingerprint: offered.fingerprint }))
    },
    result({ ok, problem }, text) {
      if (ok) say(paint('pass', `✓ ${text}`))
      else if (problem !== undefined) say(problemText(problem, words, paint))
      if (!ok && text !== '') say(text)
    },
  }
}

/** A cause: what, why, what to do, and the command for it. */
export function problemText(problem: Problem, words: Messages, paint: Paint): string {
  const { title, explain, fix } = words.causes[problem.cause]
  const command = commandFor(problem.cause, problem.params)
  const lines = [
    paint('fail', `✗ ${fill(title, problem.params)}`),
    `  ${fill(explain, problem.params)}`,
    `  ${fill(fix, problem.params)}`,
    ...(command === null ? [] : [`  $ ${command}`]),
    ...(problem.raw === undefined || problem.raw === '' ? [] : [indent(problem.raw, '  | ')]),
  ]
  return lines.join('\n')
}

function stepText(step: RepairStep, number: number, words: Messages, paint: Paint): string {
  const { repairView, causes } = words
  const diffs = step.changes.flatMap(({ path, diff, owner }) => [
    ...(diff === '' ? [] : [indent(diff.trimEnd(), '     ')]),
    ...(owner === undefined
      ? []
      : [`     ${path}: ${owner.from === '' ? '' : `${owner.from} → `}${owner.to}`]),
  ])
  return [
    paint('strong', `${number}. ${repairView.steps[step.id]} (${step.id})`),
    `   ${fill(causes[step.cause].title, step.params)}`,
    ...step.commands.map((command) => `   # ${command}`),
    ...diffs,
    ...(step.choice === undefined
      ? []
      : [`   ${step.id}=${step.choice.options.join('|')}: ${step.choice.chosen}`]),
  ].join('\n')
}

function planJson(plan: RepairPlan, words: Messages) {
  return {
    builder: plan.builder,
    host: plan.host,
    partial: plan.partial,
    steps: plan.steps.map(({ script: _, ...step }) => ({ ...step, title: words.repairView.steps[step.id] })),
    unmended: plan.unmended.map((one) => ({
      ...one,
      title: fill(words.causes[one.cause].title, one.params),
    })),
  }
}

function stepJson(step: StepProgress) {
  return { ...step, ms: Math.round(step.ms) }
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n')
}
