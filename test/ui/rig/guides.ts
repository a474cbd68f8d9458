// Guides at every place a repair can be: what the repair view is looked at with.
import type { AppState } from '../../../src/shared/app-state.ts'
import type { GuideState } from '../../../src/shared/guide.ts'
import type { RepairPlan, RepairStep, StepProgress } from '../../../src/shared/repair.ts'
import { builder, expectedKey, offeredKey, snapshot } from './states.ts'

type OpenGuide = Exclude<GuideState, { phase: 'closed' }>
type In<P extends OpenGuide['phase']> = Extract<OpenGuide, { phase: P }>

export const uri = 'ssh-ng://nix-builder@desktop'
const base = { builder: uri, host: 'desktop', port: 22 } as const

/** The laptop's desktop refuses its key. */
export const refused = snapshot({
  builders: [
    builder('desktop', {
      'builder-key': {
        state: 'fail',
        cause: 'ssh.key-refused',
        params: { host: 'desktop', port: 22, user: 'nix-builder', key: '/etc/nix/builder_key' },
      },
      'remote-nix': { state: 'skip' },
    }),
  ],
})

export const repairView = (repair: GuideState, more: Partial<AppState> = {}): Partial<AppState> => ({
  view: 'repair',
  snapshot: refused,
  repair,
  ...more,
})

export const finding: In<'find'> = { ...base, phase: 'find', busy: true, problem: null }
export const notFound: In<'find'> = {
  ...base,
  phase: 'find',
  busy: false,
  problem: { cause: 'ssh.port-closed', params: { host: 'desktop', port: 22 } },
}
export const noKey: In<'find'> = {
  ...base,
  phase: 'find',
  busy: false,
  problem: { cause: 'laptop.builder-key-missing', params: { host: 'desktop', key: '/etc/nix/builder_key' } },
}

export const unknownKey: In<'trust'> = {
  ...base,
  phase: 'trust',
  busy: false,
  problem: { cause: 'ssh.host-key-unknown', params: { host: 'desktop', port: 22, offered: offeredKey } },
  offered: { keyType: 'ssh-ed25519', fingerprint: offeredKey, expected: [] },
}
export const changedKey: In<'trust'> = {
  ...unknownKey,
  problem: {
    cause: 'ssh.host-key-changed',
    params: { host: 'desktop', port: 22, offered: offeredKey, expected: expectedKey, source: '' },
  },
  offered: {
    keyType: 'ssh-ed25519',
    fingerprint: offeredKey,
    expected: [{ fingerprint: expectedKey, source: '/etc/nix/machines:3' }],
  },
}

export const pinnedKey: In<'trust'> = {
  ...changedKey,
  pinned: {
    source: '/etc/nix/machines:3',
    value: 'c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUhHM3hXa0Z1c0Y3bTRPYjFXd1R0c0ZtM3F0R1lJSW8=',
  },
}
const { problem: _, ...looked } = unknownKey
export const trustedKey: In<'trust'> = {
  ...looked,
  problem: null,
  trustedIn: '/home/ana/.ssh/known_hosts:7',
}

export const signIn: In<'sign-in'> = {
  ...base,
  phase: 'sign-in',
  busy: false,
  problem: null,
  user: 'ana',
  agentKeys: 0,
  keyFiles: ['/home/ana/.ssh/id_ed25519', '/home/ana/.ssh/work'],
  question: null,
  triesLeft: 3,
}
export const withAgent: In<'sign-in'> = { ...signIn, agentKeys: 2 }
export const wrongPassword: In<'sign-in'> = {
  ...signIn,
  triesLeft: 2,
  problem: { cause: 'ssh.sign-in-refused', params: { host: 'desktop', port: 22, user: 'ana' } },
}
export const asked: In<'sign-in'> = {
  ...signIn,
  busy: true,
  question: {
    title: 'desktop: two factors',
    instructions: 'Type the code that your phone shows.\nIt changes every 30 seconds.',
    prompts: [
      { text: 'Password: ', echo: false },
      { text: 'Verification code: ', echo: true },
    ],
  },
}

export const surveying: In<'survey'> = {
  ...base,
  phase: 'survey',
  admin: 'ana',
  busy: true,
  problem: null,
  asksSudoPassword: false,
  triesLeft: 3,
}
export const asksSudo: In<'survey'> = { ...surveying, busy: false, asksSudoPassword: true }
export const sudoWrong: In<'survey'> = {
  ...asksSudo,
  triesLeft: 2,
  problem: { cause: 'desktop.sudo-password-wrong', params: { host: 'desktop', user: 'ana' } },
}

const key = `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAI'.padEnd(68, 'Gm4')} builder@laptop`
const file = '/home/nix-builder/.ssh/authorized_keys'
export const steps: readonly RepairStep[] = [
  {
    id: 'mend-permissions',
    cause: 'desktop.authorized-keys-permissions',
    params: { host: 'desktop', user: 'nix-builder' },
    where: 'desktop',
    commands: ['chmod 0700 /home/nix-builder/.ssh', `chown nix-builder:nix-builder ${file}`],
    changes: [
      {
        path: '/home/nix-builder/.ssh',
        diff: '',
        owner: { from: 'nix-builder:nix-builder 0777', to: 'nix-builder:nix-builder 0700' },
      },
    ],
    needsAdmin: true,
    needsRoot: true,
    risk: 'none',
  },
  {
    id: 'push-key',
    cause: 'desktop.key-restricted',
    params: { host: 'desktop', user: 'nix-builder', what: 'from="10.0.0.9"' },
    where: 'desktop',
    commands: [`place_key ${file} 'restrict ${key}'`],
    changes: [
      {
        path: file,
        diff: `--- ${file}\n+++ ${file}\n@@ -1,3 +1,3 @@\n # keys of the laptops\n-from="10.0.0.9" ${key}\n+restrict ${key}\n ssh-rsa AAAAB3NzaC1yc2E other@place\n`,
      },
    ],
    needsAdmin: true,
    needsRoot: true,
    risk: 'high',
    choice: { options: ['replace', 'leave'], chosen: 'replace' },
    script: '#!/bin/sh\nset -eu\nplace_key "$1" "$2"\n',
  },
]
export const plan: RepairPlan = {
  builder: uri,
  host: 'desktop',
  steps,
  unmended: [
    {
      cause: 'desktop.authorized-keys-declared',
      params: { host: 'desktop', user: 'nix-builder', file: '/etc/ssh/authorized_keys.d/nix-builder' },
      snippet: `users.users.nix-builder.openssh.authorizedKeys.keys = [\n  "restrict ${key}"\n];\n`,
    },
  ],
  partial: true,
}
export const review: In<'review'> = {
  ...base,
  phase: 'review',
  admin: 'ana',
  plan,
  skipped: [],
  asksSudoPassword: false,
  problem: null,
}
export const reviewDenied: In<'review'> = {
  ...review,
  plan: { ...plan, unmended: [] },
  problem: {
    cause: 'desktop.doas-needs-terminal',
    params: { host: 'desktop', user: 'ana' },
    raw: 'doas: Authentication required',
  },
}
export const reviewSkipped: In<'review'> = {
  ...review,
  plan: { ...plan, unmended: [], partial: false },
  skipped: ['push-key'],
  asksSudoPassword: true,
}
export const nothingToDo: In<'review'> = {
  ...review,
  plan: { ...plan, steps: [], unmended: [], partial: false },
}

const progress: readonly StepProgress[] = [
  { id: 'mend-permissions', state: 'done', output: 'mode of /home/nix-builder/.ssh changed', ms: 84 },
  { id: 'push-key', state: 'running', output: '', ms: 0 },
]
const backup = `${file}.before-offload-tray.20260314`
const ended: readonly StepProgress[] = [
  { id: 'mend-permissions', state: 'unchanged', output: '', ms: 12 },
  { id: 'push-key', state: 'done', output: 'kept the old file\nwrote 3 lines', backup, ms: 131 },
]
export const running: In<'repair'> = { ...base, phase: 'repair', cancelling: false, plan, steps: progress }
export const proving: In<'proof'> = {
  ...base,
  phase: 'proof',
  steps: ended,
  key: 'accepted',
  build: 'running',
  problem: null,
}
export const paired: In<'done'> = {
  ...base,
  plan,
  phase: 'done',
  paired: true,
  key: 'accepted',
  build: 'passed',
  steps: ended,
  problem: null,
  undo: { can: ['remove-key', 'restore'], busy: false, done: null, problem: null },
}
export const notPaired: In<'done'> = {
  ...paired,
  paired: false,
  key: 'accepted',
  build: 'failed',
  problem: { cause: 'nix.not-trusted', params: { host: 'desktop', user: 'nix-builder' } },
}
export const undone: In<'done'> = {
  ...paired,
  paired: false,
  steps: ended.map((step) => (step.id === 'push-key' ? { ...step, state: 'rolled-back' } : step)),
  undo: { can: [], busy: false, done: 'remove-key', problem: null },
}
export const stopped: In<'stopped'> = {
  ...base,
  plan,
  phase: 'stopped',
  at: 'repair',
  cancelled: true,
  problem: null,
  steps: [
    { id: 'mend-permissions', state: 'done', output: '', ms: 84 },
    { id: 'push-key', state: 'pending', output: '', ms: 0 },
  ],
}
export const cancelledRun: In<'stopped'> = {
  ...stopped,
  steps: [
    { id: 'mend-permissions', state: 'cancelled', output: '', ms: 84 },
    { id: 'push-key', state: 'pending', output: '', ms: 0 },
  ],
}
/** Amid the switch of a NixOS desktop. */
export const goingBack: In<'stopped'> = {
  ...stopped,
  goingBack: { state: 'waiting', seconds: 88, look: 'tail -f /run/offload-tray.k3x0Qz/guard.log' },
  steps: [
    { id: 'set-module', state: 'done', output: '', ms: 184 },
    { id: 'build-system', state: 'done', output: '', ms: 65_084 },
    { id: 'switch-system', state: 'cancelled', takenBack: 'coming', output: 'activating…', ms: 2084 },
  ],
}
export const wentBack: In<'stopped'> = {
  ...goingBack,
  goingBack: { state: 'back', seconds: 88, look: 'tail -f /run/offload-tray.k3x0Qz/guard.log' },
  steps: [
    { id: 'set-module', state: 'rolled-back', output: '', ms: 184 },
    { id: 'build-system', state: 'rolled-back', output: '', ms: 65_084 },
    { id: 'switch-system', state: 'cancelled', output: 'activating…', ms: 2084 },
  ],
}
export const failedRun: In<'stopped'> = {
  ...stopped,
  cancelled: false,
  problem: { cause: 'desktop.disk-full', params: { host: 'desktop', file }, raw: 'No space left on device' },
  steps: [
    { id: 'mend-permissions', state: 'rolled-back', output: '', ms: 84 },
    {
      id: 'push-key',
      state: 'failed',
      output: 'cp: error writing: No space left on device',
      ms: 40,
      problem: { cause: 'desktop.disk-full', params: { host: 'desktop', file } },
    },
  ],
}
