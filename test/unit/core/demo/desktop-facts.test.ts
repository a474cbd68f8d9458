// What the demo desktop tells is what a survey could tell, and the real planner finds in it exactly what is not set up.
import { describe, expect, it } from 'vitest'
import {
  bareDesktop,
  type DemoDesktop,
  demoDesktopFacts,
  healthyDesktop,
} from '../../../../src/core/demo/desktop-facts.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import { readSurvey } from '../../../../src/core/repair/survey.ts'
import { cachePublicKey, goodLine } from '../repair/facts.ts'
import { repairTarget } from '../repair/target.ts'

const wish = { user: 'nix-builder', keyLine: goodLine, cacheKey: cachePublicKey }
const rights = { kind: 'sudo', said: '' } as const
const facts = (now: DemoDesktop) => demoDesktopFacts(now, wish, rights)
const stepsFor = (now: DemoDesktop) => {
  const { plan } = makePlan(facts(now), repairTarget(22), {})
  expect(plan.unmended).toEqual([])
  return plan.steps.map(({ id }) => id)
}

describe('the demo desktop', () => {
  it.each([
    ['healthy', healthyDesktop],
    ['bare', bareDesktop],
  ])('that is %s tells what a survey’s JSON could hold', (_, now) => {
    expect(readSurvey(JSON.stringify(facts(now)), rights)).toEqual(facts(now))
  })

  it('that is healthy needs nothing', () => expect(stepsFor(healthyDesktop)).toEqual([]))

  it.each([
    ['key', ['create-ssh-folder', 'push-key']],
    ['trusted', ['trust-builder']],
    ['cacheKey', ['make-cache-key']],
    ['cacheRuns', ['start-cache']],
    ['portOpen', ['open-firewall']],
    ['diskFree', ['free-disk']],
  ] as const)('without its %s needs %j', (what, steps) => {
    expect(stepsFor({ ...healthyDesktop, [what]: false })).toEqual(steps)
  })
})
