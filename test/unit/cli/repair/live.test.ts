// The line at the foot of a terminal, and what the printer says around it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLiveLine, noLiveLine } from '../../../../src/cli/repair/live.ts'
import { jsonPrinter, plainPrinter, type RepairPrinter } from '../../../../src/cli/repair/print.ts'
import { plainPaint } from '../../../../src/cli/status/paint.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import type { StepProgress } from '../../../../src/shared/repair.ts'
import { barePlan } from '../../shared/plans.ts'

const words = messagesFor('en')
let written = ''
const write = (text: string) => {
  written += text
}
const gone = '\r\u001b[K'

beforeEach(() => {
  written = ''
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => vi.useRealTimers())

const at = (state: StepProgress['state'], output = ''): readonly StepProgress[] =>
  barePlan.steps.map(({ id }, index) => ({
    id,
    state: index < 3 ? 'done' : index === 3 ? state : 'pending',
    output: index === 3 ? output : '',
    ms: 5,
  }))
const stepAt = (steps: readonly StepProgress[]) => steps[3] ?? null

function runOne(printer: RepairPrinter) {
  const running = at('running')
  printer.steps(running, stepAt(running))
  printer.steps(at('running', 'one\nreading the list\n'), null)
  vi.advanceTimersByTime(2000)
  const done = at('done')
  printer.steps(done, stepAt(done))
}

describe('the line of what runs', () => {
  it('counts the steps and seconds, shows the last line, and is gone before anything is said', () => {
    const live = createLiveLine({ write, columns: 60 }, () => performance.now())
    runOne(plainPrinter({ write, words, paint: plainPaint, live }))
    expect(written).toContain('[4/9] Make the builder a trusted user… 0 s')
    expect(written).toMatch(/\[4\/9\] Make the builder a trusted user… 2 s {2}reading th\w* ?\w*…/)
    expect(written.endsWith(`${gone}✓ Make the builder a trusted user: done\n`)).toBe(true)
    for (const line of written.split(gone)) expect([...line.replace(/\n.*/s, '')].length).toBeLessThan(60)
  })

  it('is not there in a pipe: plain lines only', () => {
    runOne(plainPrinter({ write, words, paint: plainPaint, live: noLiveLine }))
    expect(written).toBe('✓ Make the builder a trusted user: done\n')
  })

  it('is no part of JSON: an event for each change of a step, none for its log', () => {
    runOne(jsonPrinter({ write, words }, 'apply'))
    const events = written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ type, step }) => `${type} ${step.id} ${step.state}`)).toEqual([
      'step trust-builder running',
      'step trust-builder done',
    ])
  })
})

describe('the end', () => {
  const steps = at('failed')
  const ended = { type: 'result', ok: false, steps, host: 'desktop', told: { plan: barePlan } } as const

  it('tells what changed and how it is taken back', () => {
    plainPrinter({ write, words, paint: plainPaint, live: noLiveLine }).result(ended, 'Not done: x.')
    for (const line of [
      'On desktop\n',
      '  ✓ Create the builder’s account\n',
      'Undo by hand, as root on desktop:\n  userdel -r nix-builder\n',
      'Failed:\n',
      'Not begun:\n',
      '\nNot done: x.\n',
    ])
      expect(written).toContain(line)
  })

  it('has the same in JSON', () => {
    jsonPrinter({ write, words }, 'apply').result(ended, '')
    expect(JSON.parse(written)).toMatchObject({
      type: 'result',
      ok: false,
      summary: {
        changed: [{ id: 'create-builder-user' }, { id: 'create-ssh-folder' }, { id: 'push-key' }],
        undo: { desktop: ['userdel -r nix-builder'], laptop: [] },
      },
    })
  })

  it('of a plan in JSON counts it, and says of each step what it depends on', () => {
    jsonPrinter({ write, words }, 'plan').plan(barePlan, ['free-disk'], null)
    const plan = JSON.parse(written)
    expect(plan).toMatchObject({ schema: 1, totals: { wrong: 7, changes: 8, minutes: 0 } })
    expect(plan.steps[2]).toMatchObject({
      id: 'push-key',
      dependsOn: ['create-builder-user', 'create-ssh-folder'],
      skipped: false,
    })
    expect(plan.steps[3].restarts).toEqual(['nix-daemon'])
    expect(plan.steps[8].skipped).toBe(true)
  })
})
