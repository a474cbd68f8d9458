// A bare desktop's plan of many steps, and its repair at every point: what the views of many steps are looked at with.
import { bareDesktop, demoDesktopFacts } from '../../../src/core/demo/desktop-facts.ts'
import { surveyReport } from '../../../src/core/repair/report.ts'
import type { GuideState } from '../../../src/shared/guide.ts'
import type { RepairPlan, StepProgress, StepState } from '../../../src/shared/repair.ts'
import { barePlan } from '../../unit/shared/plans.ts'
import { review as oneReview, uri } from './guides.ts'

type In<P extends GuideState['phase']> = Extract<GuideState, { phase: P }>

const base = { builder: uri, host: 'desktop', port: 22 } as const
const longOutput = Array.from({ length: 40 }, (_, at) => `deleting '/nix/store/${at}-old-generation'`).join(
  '\n',
)

/** With one thing that only the desktop's own configuration can mend. */
export const plan: RepairPlan = {
  ...barePlan,
  builder: uri,
  unmended: [
    {
      cause: 'desktop.pubkey-off',
      params: { host: 'desktop' },
      snippet: 'PubkeyAuthentication yes\n',
      place: { path: '/etc/ssh/sshd_config', line: 42 },
    },
  ],
}

const rights = { kind: 'sudo', said: '' } as const
const wish = { user: 'nix-builder', keyLine: 'restrict ssh-ed25519 AAAA', cacheKey: 'desktop-1:AAAA' }
export const report = surveyReport(demoDesktopFacts(bareDesktop, wish, rights), {
  host: 'desktop',
  user: 'nix-builder',
})

export const review: In<'review'> = { ...oneReview, plan, report }
export const reviewLeftOut: In<'review'> = {
  ...review,
  skipped: ['create-builder-user', 'create-ssh-folder', 'push-key', 'free-disk'],
}

const keep = ['iptables', 'ip6tables'].map(
  (program) => `${program} -I INPUT -p tcp -m tcp --dport 5000 -m comment --comment offload-tray -j ACCEPT`,
)
/** What cannot be taken back, and what the next restart takes back. */
const unkept: RepairPlan = {
  ...plan,
  unmended: [],
  steps: plan.steps
    .filter(({ id }) => id === 'open-firewall' || id === 'free-disk')
    .map((step) =>
      step.id === 'open-firewall'
        ? { ...step, keep, params: { ...step.params, rule: '-A ufw-user-input -s 10.0.0.0/8 -j DROP' } }
        : { ...step, final: true, choice: { options: ['leave', 'collect'], chosen: 'collect' } },
    ),
}
export const reviewUnkept: In<'review'> = { ...review, plan: unkept }

function at(states: Partial<Record<number, StepState>>, rest: StepState): readonly StepProgress[] {
  return plan.steps.map(({ id }, index) => {
    const state = states[index] ?? rest
    return {
      id,
      state,
      output: state === 'done' ? `${id}: done` : state === 'running' ? longOutput : '',
      ms: state === 'pending' || state === 'running' ? 0 : 80 + 310 * index,
      ...(state === 'done' && id === 'trust-builder'
        ? { backup: '/etc/nix/nix.conf.offload-backup-20260314T120000Z-7' }
        : {}),
    }
  })
}

export const running: In<'repair'> = {
  ...base,
  phase: 'repair',
  cancelling: false,
  plan,
  steps: at({ 8: 'running' }, 'done'),
}

const laptop = {
  changed: [
    { path: '/etc/nix/machines', backup: '/etc/nix/machines.offload-backup-20260314T120000Z-9' },
    { path: '/etc/ssh/ssh_config.d/50-offload.conf', backup: null },
  ],
  restartNeeded: false,
  undo: 'can',
  problem: null,
} as const

export const paired: In<'done'> = {
  ...base,
  plan,
  laptop,
  phase: 'done',
  paired: true,
  key: 'accepted',
  build: 'passed',
  steps: at({ 1: 'unchanged', 8: 'skipped' }, 'done'),
  problem: null,
  undo: { can: ['remove-key', 'all'], busy: false, done: null, problem: null },
}

export const unkeptPaired: In<'done'> = {
  ...paired,
  plan: unkept,
  steps: unkept.steps.map(({ id }) => ({ id, state: 'done', output: '', ms: 80 })),
}

const why = { cause: 'desktop.disk-full', params: { host: 'desktop', file: '/etc/systemd/system' } } as const
export const failedMidway: In<'stopped'> = {
  ...base,
  plan,
  report,
  undo: { can: ['remove-key', 'all'], busy: false, done: null, problem: null },
  phase: 'stopped',
  at: 'repair',
  cancelled: false,
  problem: { ...why, raw: 'No space left on device' },
  steps: at({ 5: 'rolled-back', 6: 'pending', 7: 'pending', 8: 'pending' }, 'done').map((step) =>
    step.id === 'install-cache' ? { ...step, problem: why, output: 'cp: No space left on device' } : step,
  ),
}
