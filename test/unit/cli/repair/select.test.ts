// --only and --skip: which steps are taken, and what cannot be left out.
import { describe, expect, it } from 'vitest'
import { selectSteps } from '../../../../src/cli/repair/select.ts'
import { barePlan, idsOf } from '../../shared/plans.ts'

const kept = (...wish: Parameters<typeof selectSteps> extends [unknown, ...infer R] ? R : never) => {
  const selected = selectSteps(barePlan, ...wish)
  return selected.ok ? idsOf(barePlan).filter((id) => !selected.skipped.includes(id)) : selected
}

describe('the choice of steps on a command line', () => {
  it('is all of them where nothing is said', () => {
    expect(kept(null, [])).toEqual(idsOf(barePlan))
  })
  it('leaves out with --skip what cannot be done without', () => {
    expect(kept(null, ['make-cache-key', 'create-ssh-folder'])).toEqual([
      'create-builder-user',
      'trust-builder',
      'open-firewall',
      'free-disk',
    ])
  })
  it('keeps with --only exactly what is named, in any order, and knows steps that are not planned', () => {
    expect(kept(['open-firewall', 'trust-builder', 'switch-system'], [])).toEqual([
      'trust-builder',
      'open-firewall',
    ])
  })
  it('refuses an --only without what it needs, and names that', () => {
    expect(kept(['push-key', 'create-ssh-folder'], [])).toEqual({
      ok: false,
      step: 'push-key',
      needs: ['create-builder-user'],
    })
    expect(kept(['start-cache'], ['install-cache'])).toMatchObject({
      ok: false,
      needs: ['make-cache-key', 'install-cache'],
    })
  })
})
