// What offload-repair says: JSON for programs, lines for people.

import type { GoingBack, OfferedHostKey, Told } from '../../shared/guide.ts'
import type { LaptopPlan } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import { needsOf, totalsOf } from '../../shared/plan-view.ts'
import type {
  KeyLines,
  RepairEvent,
  RepairPlan,
  RepairStep,
  StepId,
  StepProgress,
  StepState,
} from '../../shared/repair.ts'
import {
  changedSomething,
  changeLines,
  laptopFiles,
  stateText,
  summaryOf,
  undoCommands,
} from '../../shared/repair-summary.ts'
import { neededFor } from '../../shared/step-needs.ts'
import { reportText, type SurveyReport } from '../../shared/survey-report.ts'
import { harmless, type Paint } from '../status/paint.ts'
import { keyLinesText } from './key-lines-text.ts'
import { laptopText } from './laptop-text.ts'
import { type LiveLine, lastLine } from './live.ts'
import type { Verb } from './options.ts'
import { planText } from './plan-text.ts'
import { indent, problemText } from './problem-text.ts'
import { programOf, programsText } from './program-text.ts'

/** How it ended, and what there is to tell of it. */
export interface Ended extends Extract<RepairEvent, { type: 'result' }> {
  readonly host: string
  readonly told: Told
}

export interface RepairPrinter {
  /** Of both, `why`: why root cannot be had, where it cannot. */
  report(report: SurveyReport, why: Problem | null): void
  plan(plan: RepairPlan, skipped: readonly StepId[], why: Problem | null): void
  /** What the desktop's shell is given for these steps, and nothing else. */
  programs(steps: readonly RepairStep[]): void
  /** What `remove` takes out, and what it leaves. */
  keyLines(lines: KeyLines, host: string): void
  /** All steps as they stand, and the one that has just changed its state; null where only a log grew. */
  steps(all: readonly StepProgress[], changed: StepProgress | null): void
  /** What this laptop itself needs. */
  laptop(plan: LaptopPlan): void
  note(text: string): void
  /** A switch that was cancelled: at first, and how it ended. */
  goingBack(goingBack: GoingBack, host: string): void
  /** One that does not end it. */
  problem(problem: Problem): void
  hostKey(offered: OfferedHostKey, host: string, problem: Problem | null): void
  result(ended: Ended, text: string): void
}

interface Needs {
  readonly write: (text: string) => void
  readonly words: Messages
}

/** `plan` prints one object; `apply` and `remove` one a line. */
export function jsonPrinter({ write, words }: Needs, verb: Verb): RepairPrinter {
  const line = (value: unknown) => write(`${JSON.stringify(value)}\n`)
  return {
    report: (report, why) => line({ schema: 1, ...report, ...(why === null ? {} : { problem: why }) }),
    plan: (plan, skipped, why) => {
      const planned = { ...planJson(plan, skipped, words), ...(why === null ? {} : { problem: why }) }
      line(verb === 'plan' ? { schema: 1, ...planned } : { type: 'plan', plan: planned })
    },
    programs: (steps) =>
      line({ schema: 1, programs: steps.map((step) => ({ id: step.id, program: programOf(step) })) }),
    keyLines: (keyLines) => line({ type: 'key-lines', keyLines }),
    steps: (_all, changed) => {
      if (changed !== null) line({ type: 'step', step: stepJson(changed) })
    },
    laptop: (plan) => line({ type: 'laptop', schema: 1, laptop: plan }),
    note: () => undefined,
    goingBack: (goingBack) => line({ type: 'going-back', goingBack }),
    problem: (problem) => line({ type: 'problem', problem }),
    hostKey: (offered, host, problem) => line({ type: 'host-key', host, offered, problem }),
    result: ({ host: _host, told, ...result }) => {
      if ((verb === 'plan' || verb === 'survey') && result.ok) return
      const steps = result.steps.map(stepJson)
      const changes = steps.length > 0 || told.laptop !== undefined
      line({ ...result, steps, ...(changes ? { summary: summaryJson(result.steps, told) } : {}) })
    },
  }
}

interface PlainNeeds extends Needs {
  readonly paint: Paint
  readonly live: LiveLine
}

/** Lines that also read well in a pipe; on a terminal, the step that runs stands at the foot. */
export function plainPrinter({ write, words, paint, live }: PlainNeeds): RepairPrinter {
  const { repair, repairView } = words
  const say = (text: string) => {
    live.clear()
    write(`${harmless(text, paint)}\n`)
  }
  return {
    report(report, why) {
      say(reportText(report, words).trimEnd())
      if (why !== null) say(problemText(why, words, paint))
    },
    plan(plan, skipped, why) {
      for (const line of planText(plan, skipped, why, words, paint)) say(line)
      if (plan.steps.length > 0) say('')
    },
    programs: (steps) => say(programsText(steps)),
    keyLines(lines, host) {
      for (const line of keyLinesText(lines, host, words, paint)) say(line)
    },
    steps(all, changed) {
      if (changed !== null && tellsItself.has(changed.state))
        for (const line of endedStep(changed, all, words, paint)) say(line)
      const at = all.findIndex(({ state }) => state === 'running')
      const now = all[at]
      live.show(
        now === undefined
          ? null
          : { name: repairView.steps[now.id], at: at + 1, of: all.length, last: lastLine(now) },
      )
    },
    laptop(plan) {
      for (const line of laptopText(plan, words, paint)) say(line)
    },
    note: say,
    goingBack(goingBack, host) {
      for (const one of goingBackText(goingBack, host, words)) say(one)
    },
    problem: (problem) => say(problemText(problem, words, paint)),
    hostKey(offered, host, problem) {
      if (problem !== null) say(problemText(problem, words, paint))
      say(fill(repair.offered, { host, fingerprint: offered.fingerprint, type: offered.keyType }))
      for (const one of offered.expected) say(fill(repair.expected, one))
      say(fill(repair.compare, { fingerprint: offered.fingerprint }))
    },
    result({ ok, problem, host, steps, told }, text) {
      live.show(null)
      if (ok) say(paint('pass', `✓ ${text}`))
      else if (problem !== undefined) say(problemText(problem, words, paint))
      const summary = summaryOf(steps, told)
      const tells = changedSomething(summary)
      if (tells) for (const line of ['', ...changeLines(summary, host, words)]) say(line)
      if (!ok && text !== '') say(tells ? `\n${text}` : text)
    },
  }
}

/** What is left out was told with the plan. */
const tellsItself: ReadonlySet<StepState> = new Set([
  'done',
  'unchanged',
  'failed',
  'rolled-back',
  'cancelled',
])

function goingBackText(
  { state, seconds, look }: GoingBack,
  host: string,
  words: Messages,
): readonly string[] {
  const own = words.repairPlan
  const said = fill(own.goingBack[state], { host, seconds })
  if (state === 'back' || state === 'stayed') return [said]
  const watch = [fill(own.goingBackLook, { host }), `  # ${look}`]
  return [said, ...watch, ...(state === 'waiting' ? [fill(own.goingBackWait, { host })] : [])]
}

function endedStep(
  step: StepProgress,
  all: readonly StepProgress[],
  words: Messages,
  paint: Paint,
): readonly string[] {
  const { repair, repairView } = words
  // Where the person ended it, nothing went wrong with what is taken back.
  const ended = all.some(({ state }) => state === 'cancelled')
  const bad = step.state === 'failed' || (step.state === 'rolled-back' && !ended)
  const off = step.state === 'cancelled' || step.state === 'rolled-back'
  const sign = bad ? paint('fail', '✗') : off ? paint('warn', '!') : paint('pass', '✓')
  return [
    `${sign} ${repairView.steps[step.id]}: ${stateText(step, words)}`,
    ...(bad && step.output !== '' ? [indent(step.output, '  | ')] : []),
    ...(step.backup === undefined ? [] : [`  ${fill(repair.backup, { file: step.backup })}`]),
  ]
}

function planJson(plan: RepairPlan, skipped: readonly StepId[], words: Messages) {
  return {
    builder: plan.builder,
    host: plan.host,
    partial: plan.partial,
    totals: totalsOf(plan, skipped),
    steps: plan.steps.map(({ script: _, ...step }) => ({
      ...step,
      title: words.repairView.steps[step.id],
      wrong: fill(words.causes[step.cause].title, { host: plan.host, ...step.params }),
      restarts: needsOf(step).flatMap((need) => (need.kind === 'restarts' ? [need.unit] : [])),
      dependsOn: neededFor(plan, step.id),
      skipped: skipped.includes(step.id),
    })),
    unmended: plan.unmended.map((one) => ({
      ...one,
      title: fill(words.causes[one.cause].title, one.params),
    })),
  }
}

function stepJson(step: StepProgress) {
  return { ...step, ms: Math.round(step.ms) }
}

/** What changed on which machine, and the commands that take it back. */
function summaryJson(steps: readonly StepProgress[], told: Told) {
  const summary = summaryOf(steps, told)
  return {
    changed: summary.done,
    laptop: laptopFiles(summary),
    undo: { desktop: undoCommands(summary, 'desktop'), laptop: undoCommands(summary, 'laptop') },
  }
}
