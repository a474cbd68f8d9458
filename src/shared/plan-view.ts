// A plan as a person reads it: grouped by what is wrong, counted, and what each step needs. Pure.
import type { CauseCode } from './causes.ts'
import { fill } from './locale.ts'
import type { Messages } from './messages/index.ts'
import type { Params } from './outcome.ts'
import type { RepairPlan, RepairStep, StepId } from './repair.ts'

/** One thing that is wrong, and the steps that mend it. */
export interface PlanGroup {
  readonly cause: CauseCode
  readonly params: Params
  /** With the place of each in the order they run, from 1. */
  readonly steps: readonly { readonly number: number; readonly step: RepairStep }[]
}

/** By cause, in the order in which each first appears; the numbers tell the order they run in. */
export function groupByCause(steps: readonly RepairStep[]): readonly PlanGroup[] {
  const groups = new Map<CauseCode, { params: Params; steps: { number: number; step: RepairStep }[] }>()
  for (const [index, step] of steps.entries()) {
    const group = groups.get(step.cause) ?? { params: step.params, steps: [] }
    group.steps.push({ number: index + 1, step })
    groups.set(step.cause, group)
  }
  return [...groups].map(([cause, { params, steps: mine }]) => ({ cause, params, steps: mine }))
}

/** What a step asks of the desktop and of the person. */
export type StepNeed =
  | { readonly kind: 'root' | 'admin' | 'laptop' | 'minutes' | 'final' | 'fleeting' | 'choice' }
  | { readonly kind: 'restarts'; readonly unit: string }
  | { readonly kind: 'risk'; readonly risk: RepairStep['risk'] }

/** In the order a person wants to know them. */
export function needsOf(step: RepairStep): readonly StepNeed[] {
  const rights = step.needsRoot ? 'root' : step.needsAdmin ? 'admin' : null
  return [
    ...(step.where === 'laptop' ? [{ kind: 'laptop' } as const] : []),
    ...(rights === null ? [] : [{ kind: rights } as const]),
    ...(step.long === true ? [{ kind: 'minutes' } as const] : []),
    ...restartedBy(step).map((unit) => ({ kind: 'restarts', unit }) as const),
    ...(step.final === true ? [{ kind: 'final' } as const] : []),
    ...(step.keep === undefined ? [] : [{ kind: 'fleeting' } as const]),
    ...(step.choice === undefined ? [] : [{ kind: 'choice' } as const]),
    { kind: 'risk', risk: step.risk },
  ]
}

/** The units that its own commands restart, without ".service". */
export function restartedBy({ commands }: Pick<RepairStep, 'commands'>): readonly string[] {
  const units = commands.flatMap((command) =>
    [...command.matchAll(/\bsystemctl\s+(?:-\S+\s+)*(?:try-)?restart\s+(?:-\S+\s+)*([\w@.:\\-]+)/g)].map(
      ([, unit = '']) => unit.replace(/\.service$/, ''),
    ),
  )
  return [...new Set(units)]
}

/** The commands of a step that only its program knows, by name: nobody can run these alone. */
export function ownCommands({
  commands,
  script = '',
}: Pick<RepairStep, 'commands' | 'script'>): readonly string[] {
  const defined = new Set([...script.matchAll(/^([a-z_]+)\(\)/gm)].map(([, name = '']) => name))
  const names = commands.flatMap((command) => command.split('\n')).map((line) => line.split(' ', 1)[0] ?? '')
  return [...new Set(names.filter((name) => defined.has(name)))]
}

/** Seconds of a step on a desktop that works, until it has run from this laptop; what takes minutes is counted apart. Others: 1. */
const expectedSeconds: Readonly<Partial<Record<StepId, number>>> = {
  'create-builder-user': 2,
  'start-nix-daemon': 2,
  'allow-builder': 2,
  'trust-builder': 2,
  'renew-cache-key': 3,
  'install-cache': 4,
  'start-cache': 3,
  'open-firewall': 2,
}

export interface PlanTotals {
  readonly wrong: number
  readonly changes: number
  /** Of those that take no minutes. */
  readonly seconds: number
  readonly minutes: number
}

function secondsOf({ id, usualSeconds }: RepairStep): number {
  return usualSeconds ?? expectedSeconds[id] ?? 1
}

/** Counted over what is not left out and does something; what is wrong counts all the same. */
export function totalsOf(plan: RepairPlan, skipped: readonly StepId[]): PlanTotals {
  const kept = plan.steps.filter(({ id, commands }) => !skipped.includes(id) && commands.length > 0)
  const quick = kept.filter((step) => step.long !== true)
  return {
    wrong: groupByCause(plan.steps).length + new Set(plan.unmended.map(({ cause }) => cause)).size,
    changes: kept.length,
    seconds: Math.ceil(quick.reduce((sum, step) => sum + secondsOf(step), 0)),
    minutes: kept.length - quick.length,
  }
}

/** "5 things are wrong, 9 changes, about 15 s; 1 takes minutes." */
export function planSentence({ wrong, changes, seconds, minutes }: PlanTotals, words: Messages): string {
  const own = words.repairPlan
  const parts = [
    counted(wrong, own.wrongOne, own.wrongMany),
    changes === 0 ? own.changesNone : counted(changes, own.changesOne, own.changesMany),
    ...(seconds === 0 ? [] : [fill(own.about, { seconds: roundedUp(seconds) })]),
  ]
  const long = minutes === 0 ? '' : `; ${counted(minutes, own.minutesOne, own.minutesMany)}`
  return `${parts.join(', ')}${long}.`
}

/** What a person should not read over. */
export function isLoud(need: StepNeed): boolean {
  if (need.kind === 'risk') return need.risk === 'high'
  return need.kind === 'minutes' || need.kind === 'final' || need.kind === 'fleeting'
}

/** One need in words: "restarts nix-daemon". */
export function needText(need: StepNeed, words: Messages): string {
  if (need.kind === 'risk') return words.repairView.risks[need.risk]
  return fill(words.repairPlan.needs[need.kind], { unit: 'unit' in need ? need.unit : '' })
}

function counted(count: number, one: string, many: string): string {
  return fill(count === 1 ? one : many, { count })
}

/** An estimate is no measurement: whole fives from five on. */
function roundedUp(seconds: number): number {
  return seconds < 5 ? seconds : Math.ceil(seconds / 5) * 5
}
