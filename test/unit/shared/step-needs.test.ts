// Which step falls with which: no choice leaves a plan that cannot work.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StepId, stepIds } from '../../../src/shared/repair.ts'
import { fallingWith, leftOutAfter, leftOutWith, neededFor } from '../../../src/shared/step-needs.ts'
import { barePlan, planOf, stepOf } from './plans.ts'

const nixos = planOf(
  (['place-module', 'import-module', 'set-module', 'build-system', 'switch-system'] as const).map((id) =>
    stepOf({ id, cause: 'desktop.module-not-enabled' }),
  ),
)

describe('the needs of a step', () => {
  it('fall with the account what is kept in its home', () => {
    expect(fallingWith(barePlan, 'create-builder-user')).toEqual(['create-ssh-folder', 'push-key'])
  })
  it('fall with the cache’s key whatever starts the cache', () => {
    expect(fallingWith(barePlan, 'make-cache-key')).toEqual(['install-cache', 'start-cache'])
  })
  it('are none where the plan does not hold them: what is well needs no step', () => {
    const plan = planOf([stepOf({ id: 'push-key', cause: 'desktop.authorized-keys-missing' })])
    expect(leftOutWith(plan, [])).toEqual([])
    expect(neededFor(plan, 'push-key')).toEqual([])
  })
  it('of a rebuild are one edit at least, and of the switch the build', () => {
    expect(leftOutWith(nixos, ['set-module'])).toEqual(['set-module'])
    expect(leftOutWith(nixos, ['place-module'])).toEqual([...stepIds.slice(-5)])
    expect(fallingWith(nixos, 'build-system')).toEqual(['switch-system'])
  })
  it('come back with a step that is taken in again', () => {
    const left = leftOutAfter(barePlan, [], 'create-builder-user', true)
    expect(left).toEqual(['create-builder-user', 'create-ssh-folder', 'push-key'])
    expect(leftOutAfter(barePlan, left, 'push-key', false)).toEqual([])
    expect(leftOutAfter(barePlan, left, 'create-builder-user', false)).toEqual([
      'create-ssh-folder',
      'push-key',
    ])
  })
  it('always leave a plan in which each kept step is possible, whatever is left out', () => {
    const some = fc.subarray([...stepIds])
    fc.assert(
      fc.property(some, some, fc.constantFrom(...stepIds), fc.boolean(), (ids, left, id, skip) => {
        const plan = planOf(ids.map((one) => stepOf({ id: one, cause: 'nix.not-found' })))
        const out = leftOutAfter(plan, left, id, skip)
        expect(leftOutWith(plan, out)).toEqual(out)
        if (ids.includes(id)) expect(out.includes(id)).toBe(skip)
        const kept: readonly StepId[] = ids.filter((one) => !out.includes(one))
        if (!skip && ids.includes(id)) for (const need of neededFor(plan, id)) expect(kept).toContain(need)
      }),
    )
  })
})
