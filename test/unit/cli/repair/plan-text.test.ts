// The plan of a bare desktop as offload-repair prints it: the real planner's, in both languages.
import { describe, expect, it } from 'vitest'
import { planText } from '../../../../src/cli/repair/plan-text.ts'
import { colourPaint, plainPaint } from '../../../../src/cli/status/paint.ts'
import { bareDesktop, demoDesktopFacts, healthyDesktop } from '../../../../src/core/demo/desktop-facts.ts'
import { keyOf, makePlan } from '../../../../src/core/repair/plan.ts'
import { locales } from '../../../../src/shared/locale.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import { leftOutWith } from '../../../../src/shared/step-needs.ts'
import { repairTarget } from '../../core/repair/target.ts'

const target = repairTarget(22)
const wish = { user: 'nix-builder', keyLine: keyOf(target)?.line ?? '', cacheKey: 'desktop-1:AAAA' }
const planFor = (now: typeof bareDesktop) =>
  makePlan(demoDesktopFacts(now, wish, { kind: 'sudo', said: '' }), target, { 'free-disk': 'collect' }).plan
const bare = planFor(bareDesktop)
const en = messagesFor('en')
const lines = planText(bare, [], null, en, plainPaint).flatMap((line) => line.split('\n'))

describe('a plan of many steps in a terminal', () => {
  it('begins with what is wrong in one sentence, and explains each cause once', () => {
    expect(lines[0]).toMatch(/^7 things are wrong, 8 changes, about \d+ s; 1 takes minutes\.$/)
    const causes = lines.filter((line) => line.startsWith('✗ '))
    expect(causes).toHaveLength(7)
    expect(new Set(causes).size).toBe(7)
  })

  it('numbers the steps as they run, each with its id, what it needs, and its exact commands', () => {
    const steps = lines.filter((line) => /^ {2}\d+\. /.test(line))
    expect(steps.map((line) => /\(([a-z-]+)\)/.exec(line)?.[1])).toEqual(bare.steps.map(({ id }) => id))
    expect(steps[0]).toMatch(
      /^ {2}1\. Create the builder’s account \(create-builder-user\): as root, low risk$/,
    )
    expect(steps.at(-1)).toContain('takes minutes')
    for (const { commands } of bare.steps)
      for (const command of commands) expect(lines).toContain(`     # ${command.split('\n')[0]}`)
    expect(lines).toContain('     +extra-trusted-users = nix-builder')
  })

  it('says of what is left out why', () => {
    const skipped = leftOutWith(bare, ['create-builder-user'])
    const text = planText(bare, skipped, null, en, plainPaint).join('\n')
    expect(text).toContain('1. Create the builder’s account (create-builder-user): left out')
    expect(text).toContain('(push-key): Left out: it cannot be done without step 1, 2')
  })

  it('colours diffs where colours are wanted, and only there', () => {
    const coloured = planText(bare, [], null, en, colourPaint).join('\n')
    expect(coloured).toContain('\u001b[32m+extra-trusted-users = nix-builder\u001b[0m')
    expect(lines.join('\n')).not.toContain('\u001b')
  })

  it.each(locales)('leaves no name unfilled in %s', (locale) => {
    const text = planText(
      { ...bare, steps: bare.steps.map((step) => ({ ...step, commands: [] })) },
      [],
      null,
      messagesFor(locale),
      plainPaint,
    )
    expect(text.join('\n')).not.toMatch(/\{\w+\}/)
  })

  it('is one line where nothing is wrong', () => {
    expect(planText(planFor(healthyDesktop), [], null, en, plainPaint)).toEqual([
      'Nothing to mend was found on desktop.',
    ])
  })
})
