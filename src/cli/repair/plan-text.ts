// A plan as lines for people: grouped by what is wrong, as the window shows it.
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import {
  groupByCause,
  isLoud,
  needsOf,
  needText,
  ownCommands,
  type PlanGroup,
  planSentence,
  totalsOf,
} from '../../shared/plan-view.ts'
import type { FileChange, RepairPlan, RepairStep, StepId, Unmended } from '../../shared/repair.ts'
import { neededFor } from '../../shared/step-needs.ts'
import type { Paint } from '../status/paint.ts'
import { indent, problemText } from './problem-text.ts'

/** All of it; what is left out stands where it is and says so. `why`: why root cannot be had, where it cannot. */
export function planText(
  plan: RepairPlan,
  skipped: readonly StepId[],
  why: Problem | null,
  words: Messages,
  paint: Paint,
): readonly string[] {
  const { repair } = words
  const partial = !plan.partial
    ? []
    : [
        paint('warn', why === null ? repair.partial : repair.partialDenied),
        ...(why === null ? [] : [problemText(why, words, paint)]),
      ]
  if (plan.steps.length === 0 && plan.unmended.length === 0)
    return [paint('pass', fill(repair.nothingToDo, { host: plan.host })), ...partial]
  return [
    paint('strong', planSentence(totalsOf(plan, skipped), words)),
    ...groupByCause(plan.steps).flatMap((group) => ['', ...groupText(group, plan, skipped, words, paint)]),
    ...(plan.unmended.length === 0 ? [] : ['', paint('strong', repair.unmended)]),
    ...plan.unmended.flatMap((one) => unmendedText(one, plan.host, words, paint)),
    ...(partial.length === 0 ? [] : ['', ...partial]),
  ]
}

function groupText(
  { cause, params, steps }: PlanGroup,
  plan: RepairPlan,
  skipped: readonly StepId[],
  words: Messages,
  paint: Paint,
): readonly string[] {
  const { title, explain } = words.causes[cause]
  const known = { host: plan.host, ...params }
  const left = (id: StepId) => {
    const missing = neededFor(plan, id).filter((one) => skipped.includes(one))
    return skipped.includes(id) ? missing : null
  }
  return [
    paint('fail', `✗ ${fill(title, known)}`),
    `  ${fill(explain, known)}`,
    ...steps.flatMap(({ step, number }) => stepText(step, number, left(step.id), plan, words, paint)),
  ]
}

/** `without`: null where it runs, else the left-out steps that it needs (none where it was left out itself). */
function stepText(
  step: RepairStep,
  number: number,
  without: readonly StepId[] | null,
  plan: RepairPlan,
  words: Messages,
  paint: Paint,
): readonly string[] {
  const { repairView, repairPlan } = words
  const name = `  ${number}. ${repairView.steps[step.id]} (${step.id})`
  if (without !== null) {
    const places = without.map((id) => plan.steps.findIndex((one) => one.id === id) + 1)
    const why =
      places.length === 0
        ? repairView.stepStates.skipped
        : fill(repairPlan.leftOutWith, { steps: places.join(', ') })
    return [paint('skip', `${name}: ${why}`)]
  }
  const needs = needsOf(step).map((need) => {
    const text = needText(need, words)
    return isLoud(need) ? paint('warn', text) : text
  })
  return [
    `${paint('strong', name)}: ${needs.join(', ')}`,
    ...noteText(step, plan.host, words),
    ...step.commands.flatMap((command) => command.split('\n')).map((command) => `     # ${command}`),
    ...programText(step, words, paint),
    ...step.changes.flatMap((change) => changeText(change, paint)),
    ...(step.choice === undefined
      ? []
      : [`     --choose ${step.id}=${step.choice.options.join('|')} (${step.choice.chosen})`]),
  ]
}

/** Whose the commands are that no shell knows, and where they can be read. */
function programText(step: RepairStep, { repair }: Messages, paint: Paint): readonly string[] {
  if (step.script === undefined) return []
  const names = ownCommands(step).join(', ')
  const see = `offload-repair plan --show-program ${step.id}`
  return [
    paint(
      'skip',
      `     ${names === '' ? fill(repair.program, { see }) : fill(repair.ownCommands, { names, see })}`,
    ),
  ]
}

/** What was found beside the cause: a unit's last words, what a collection would free. */
function noteText(
  { params, keep = [] }: RepairStep,
  host: string,
  { repairPlan }: Messages,
): readonly string[] {
  const journal = String(params['journal'] ?? '').trimEnd()
  return [
    ...(params['dead'] === undefined ? [] : [`     ${fill(repairPlan.wouldFree, { dead: params['dead'] })}`]),
    ...(params['rule'] === undefined ? [] : [`     ${fill(repairPlan.ruleInWay, { rule: params['rule'] })}`]),
    ...(keep.length === 0
      ? []
      : [`     ${fill(repairPlan.keep, { host })}`, ...keep.map((line) => `       ${line}`)]),
    ...(journal === '' ? [] : [`     ${repairPlan.journal}:`, indent(journal, '     | ')]),
  ]
}

function changeText({ path, diff, owner }: FileChange, paint: Paint): readonly string[] {
  const lines = diff === '' ? [] : diff.replace(/\n$/, '').split('\n')
  return [
    ...lines.map((line) => `     ${paintedDiff(line, paint)}`),
    ...(owner === undefined
      ? []
      : [`     ${path}: ${owner.from === '' ? '' : `${owner.from} → `}${owner.to}`]),
  ]
}

function paintedDiff(line: string, paint: Paint): string {
  if (/^(---|\+\+\+) |^@@/.test(line)) return paint('skip', line)
  if (line.startsWith('+')) return paint('pass', line)
  return line.startsWith('-') ? paint('fail', line) : line
}

function unmendedText(one: Unmended, host: string, words: Messages, paint: Paint): readonly string[] {
  const { repair, repairPlan } = words
  const place = one.place
  return [
    problemText({ ...one, params: { host, ...one.params } }, words, paint),
    ...(one.refusal === undefined
      ? []
      : [`  ${fill(words.nixEdit.refusals[one.refusal.why], one.refusal.params)}`]),
    ...(place === undefined
      ? []
      : [
          `  ${
            place.line === undefined
              ? fill(repairPlan.place, { path: place.path })
              : fill(repairPlan.placeLine, { path: place.path, line: place.line })
          }`,
        ]),
    ...(one.snippet === undefined ? [] : [`  ${repair.writeThere}`, indent(one.snippet.trimEnd(), '    ')]),
  ]
}
