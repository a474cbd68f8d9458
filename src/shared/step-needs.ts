// Which step of a plan is impossible without which. A step that the plan does not hold is no need: it is well already.
import type { RepairPlan, StepId } from './repair.ts'

interface Needs {
  /** Each of these, where the plan holds it. */
  readonly all?: readonly StepId[]
  /** One of these at least, where the plan holds any. */
  readonly any?: readonly StepId[]
}

/** A cache that signs: its key is there, sound and readable, and its unit is there. */
const cacheNeeds: readonly StepId[] = ['make-cache-key', 'renew-cache-key', 'mend-cache-key']
const edits: readonly StepId[] = ['place-module', 'import-module', 'set-module']

const needs: Readonly<Partial<Record<StepId, Needs>>> = {
  'set-builder-shell': { all: ['create-builder-user'] },
  'unlock-builder': { all: ['create-builder-user'] },
  'mend-home': { all: ['create-builder-user'] },
  'create-ssh-folder': { all: ['create-builder-user'] },
  'mend-permissions': { all: ['create-builder-user', 'create-ssh-folder'] },
  'push-key': { all: ['create-builder-user', 'create-ssh-folder'] },
  'find-nix': { all: ['create-builder-user'] },
  'allow-builder': { all: ['create-builder-user'] },
  'install-cache': { all: cacheNeeds },
  'start-cache': { all: [...cacheNeeds, 'install-cache'] },
  'import-module': { all: ['place-module'] },
  'set-module': { all: ['place-module', 'import-module'] },
  'build-system': { any: edits },
  'switch-system': { all: ['build-system'] },
}

type Steps = Pick<RepairPlan, 'steps'>

function isPossible(id: StepId, planned: readonly StepId[], left: readonly StepId[]): boolean {
  const { all = [], any = [] } = needs[id] ?? {}
  const kept = (one: StepId) => !left.includes(one)
  const some = any.filter((one) => planned.includes(one))
  return all.filter((one) => planned.includes(one)).every(kept) && (some.length === 0 || some.some(kept))
}

/** What is left out once `left` is: itself and every step that is then impossible, in the plan's order. */
export function leftOutWith({ steps }: Steps, left: readonly StepId[]): readonly StepId[] {
  const planned = steps.map(({ id }) => id)
  const out = new Set(left.filter((id) => planned.includes(id)))
  let before = -1
  while (out.size !== before) {
    before = out.size
    for (const id of planned) if (!isPossible(id, planned, [...out])) out.add(id)
  }
  return planned.filter((id) => out.has(id))
}

/** The steps that fall with this one, in the plan's order. */
export function fallingWith(plan: Steps, id: StepId): readonly StepId[] {
  return leftOutWith(plan, [id]).filter((one) => one !== id)
}

/** What it needs of the plan, at any remove, in the plan's order. Of several that would do, all. */
export function neededFor({ steps }: Steps, id: StepId): readonly StepId[] {
  const planned = steps.map((step) => step.id)
  const found = new Set<StepId>()
  const look = (one: StepId) => {
    const { all = [], any = [] } = needs[one] ?? {}
    for (const need of [...all, ...any]) {
      if (!planned.includes(need) || found.has(need)) continue
      found.add(need)
      look(need)
    }
  }
  look(id)
  return planned.filter((one) => found.has(one))
}

/** What is left out after a wish about one step: with it falls what needs it; with its return comes what it needs. */
export function leftOutAfter(
  plan: Steps,
  left: readonly StepId[],
  id: StepId,
  skip: boolean,
): readonly StepId[] {
  if (skip) return leftOutWith(plan, [...left, id])
  const back = [id, ...neededFor(plan, id)]
  return leftOutWith(
    plan,
    left.filter((one) => !back.includes(one)),
  )
}
