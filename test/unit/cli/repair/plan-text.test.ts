// The plan of a bare desktop as offload-repair prints it: the real planner's, in both languages.
import { describe, expect, it } from 'vitest'
import { planText } from '../../../../src/cli/repair/plan-text.ts'
import { programsText } from '../../../../src/cli/repair/program-text.ts'
import { colourPaint, plainPaint } from '../../../../src/cli/status/paint.ts'
import { bareDesktop, demoDesktopFacts, healthyDesktop } from '../../../../src/core/demo/desktop-facts.ts'
import { keyOf, makePlan } from '../../../../src/core/repair/plan.ts'
import { locales } from '../../../../src/shared/locale.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import type { RepairStep } from '../../../../src/shared/repair.ts'
import { leftOutWith } from '../../../../src/shared/step-needs.ts'
import { factsOf } from '../../core/repair/facts.ts'
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

describe('what nobody could run alone', () => {
  const program = ({ commands, script }: RepairStep) => script ?? commands.join('\n')
  const usual =
    /^(useradd|usermod|install|chmod|chown|systemctl|iptables|ufw|gpasswd|nix-env|nixos-rebuild|systemd-run|\/run\/)/

  it('is named with each step, and where its whole program can be read', () => {
    const strange = bare.steps.filter(({ commands }) => commands.some((command) => !usual.test(command)))
    expect(strange.length).toBeGreaterThan(2)
    for (const step of strange) {
      const [name = ''] = step.commands.find((command) => !usual.test(command))?.split(' ') ?? []
      expect(program(step), step.id).toContain(`\n${name}() {`)
      const told = lines.find((line) => line.endsWith(`offload-repair plan --show-program ${step.id}`))
      expect(told, step.id).toContain(name)
    }
  })

  it('is not told of steps whose commands are all there is', () => {
    const nologin = factsOf({ user: { shellRuns: false, shell: '/usr/sbin/nologin' } })
    const { plan } = makePlan(nologin, target, {})
    expect(plan.steps.map(({ id }) => id)).toEqual(['set-builder-shell'])
    expect(planText(plan, [], null, en, plainPaint).join('\n')).not.toContain('--show-program')
  })

  it('is printed whole, each program named where there are several', () => {
    const [first, second] = bare.steps
    if (first === undefined || second === undefined) throw new Error('two steps')
    expect(programsText([first])).toBe(program(first).trimEnd())
    expect(programsText([first, second])).toMatch(
      new RegExp(`^# --- ${first.id}\n[^]*\n# --- ${second.id}\n`),
    )
  })
})
