// What a repair did, told machine by machine, each end of a step apart.
import { describe, expect, it } from 'vitest'
import { messagesFor } from '../../../src/shared/messages/index.ts'
import type { StepProgress, StepState } from '../../../src/shared/repair.ts'
import {
  changedSomething,
  stateText,
  summaryOf,
  summaryText,
  undoCommands,
} from '../../../src/shared/repair-summary.ts'
import { barePlan, planOf, stepOf } from './plans.ts'

const backup = "/etc/nix/nix.conf.it's kept"
const states: readonly StepState[] = [
  'done',
  'unchanged',
  'done',
  'done',
  'done',
  'rolled-back',
  'failed',
  'pending',
  'skipped',
]
const steps: readonly StepProgress[] = barePlan.steps.map(({ id }, at) => ({
  id,
  state: states[at] ?? 'pending',
  output: '',
  ms: 1,
  ...(id === 'trust-builder' ? { backup } : {}),
}))
const laptop = {
  changed: [
    { path: '/etc/nix/machines', backup: '/etc/nix/machines.old' },
    { path: '/etc/ssh/ssh_config.d/desktop.conf', backup: null },
  ],
  restartNeeded: false,
  undo: 'can',
  problem: null,
} as const

describe('the summary of a repair', () => {
  it('holds as done only what changed something, and tells each other end apart', () => {
    const summary = summaryOf(steps, { plan: barePlan })
    expect(summary.done.map(({ id }) => id)).toEqual([
      'create-builder-user',
      'push-key',
      'trust-builder',
      'make-cache-key',
    ])
    expect(summary.others).toEqual({
      failed: ['start-cache'],
      cancelled: [],
      'rolled-back': ['install-cache'],
      pending: ['open-firewall'],
      skipped: ['free-disk'],
      unchanged: ['create-ssh-folder'],
    })
  })
  it('tells what was cancelled apart, by whether it was taken back', () => {
    const one = { id: 'free-disk', state: 'cancelled', output: '', ms: 1 } as const
    const words = messagesFor('en')
    expect(summaryOf([one], {}).others.cancelled).toEqual(['free-disk'])
    expect([one, { ...one, takenBack: 'no' } as const].map((step) => stateText(step, words))).toEqual([
      'cancelled, undone',
      'cancelled; what it did stays',
    ])
  })
  it('takes back the last change first, and puts an old file back where the step has no way of its own', () => {
    expect(undoCommands(summaryOf(steps, { plan: barePlan }), 'desktop')).toEqual([
      'rm -f /var/cache-priv-key.pem',
      "cp -p -- '/etc/nix/nix.conf.it'\\''s kept' /etc/nix/nix.conf",
      'userdel -r nix-builder',
    ])
  })
  it('fills the place of the old file into the step’s own way', () => {
    const plan = { ...barePlan, steps: barePlan.steps.map((step) => ({ ...step, undo: ['mv {backup} x'] })) }
    const summary = summaryOf(steps, { plan })
    expect(summary.done[2]?.undo).toEqual(["mv '/etc/nix/nix.conf.it'\\''s kept' x"])
  })
  it('tells the old file of the one it was, of several', () => {
    const owner = { from: '', to: 'root 0644' }
    const plan = planOf([
      stepOf({
        id: 'make-cache-key',
        cause: 'desktop.cache-key-missing',
        changes: [
          { path: '/var/cache-priv-key.pem', diff: '', owner },
          { path: '/var/cache-pub-key.pem', diff: '', owner },
        ],
      }),
    ])
    const old = '/var/cache-pub-key.pem.offload-backup-7'
    const [item] = summaryOf([{ id: 'make-cache-key', state: 'done', output: '', ms: 1, backup: old }], {
      plan,
    }).done
    expect(item?.files).toEqual([
      { path: '/var/cache-priv-key.pem', kind: 'new' },
      { path: '/var/cache-pub-key.pem', kind: 'changed', backup: old },
    ])
  })
  it('is one text with both machines, what failed and what was not begun', () => {
    const summary = summaryOf(steps, { plan: barePlan, laptop })
    const needs = { host: 'desktop', headline: 'Stopped', proof: null }
    expect(summaryText(summary, needs, messagesFor('en'))).toBe(
      [
        'Stopped',
        'Not proven.',
        '',
        'On desktop',
        '  ✓ Create the builder’s account',
        '  ✓ Put this laptop’s key in place',
        '    /home/nix-builder/.ssh/authorized_keys: new',
        '  ✓ Make the builder a trusted user',
        "    /etc/nix/nix.conf: the old one is kept as /etc/nix/nix.conf.it's kept",
        '  ✓ Make the cache’s signing key',
        'Undo by hand, as root on desktop:',
        '  rm -f /var/cache-priv-key.pem',
        "  cp -p -- '/etc/nix/nix.conf.it'\\''s kept' /etc/nix/nix.conf",
        '  userdel -r nix-builder',
        'On this laptop',
        '  /etc/nix/machines: the old one is kept as /etc/nix/machines.old',
        '  /etc/ssh/ssh_config.d/desktop.conf: new',
        'Undo by hand, on this laptop:',
        '  sudo rm -- /etc/ssh/ssh_config.d/desktop.conf',
        '  sudo cp -p -- /etc/nix/machines.old /etc/nix/machines',
        '  sudo systemctl restart nix-daemon',
        'Failed:',
        '  Start the cache service',
        'Undone:',
        '  Set up the cache service',
        'Not begun:',
        '  Open the firewall',
        'Left out:',
        '  Free space in the store',
      ].join('\n'),
    )
    expect(changedSomething(summary)).toBe(true)
    expect(changedSomething(summaryOf([], {}))).toBe(false)
    expect(changedSomething(summaryOf([], { laptop }))).toBe(true)
    expect(changedSomething(summaryOf([], { laptop: { ...laptop, undo: 'done' } }))).toBe(false)
    expect(changedSomething(summaryOf([], { laptop: { ...laptop, changed: [] } }))).toBe(false)
  })
})
