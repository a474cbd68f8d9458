// Every face the window has: what the accessibility, layout and screenshot tests go through one by one.
import type { AppState } from '../../../src/shared/app-state.ts'
import { overalls } from '../../../src/shared/status.ts'
import { buildView, cancelled, ended, failed, historyOf, passed, running } from './builds.ts'
import {
  appState,
  builder,
  cache,
  changedHostKey,
  examples,
  laptop,
  snapshot,
  unknownHostKey,
  unreachable,
} from './states.ts'

export interface Scene {
  readonly name: string
  readonly state: AppState
  /** What is opened before the scene is looked at: selectors, clicked in turn. */
  readonly click: readonly string[]
}

const scene = (name: string, more: Partial<AppState>, ...click: string[]): Scene => ({
  name,
  state: appState(more),
  click,
})

const faults = ['sshd-stopped', 'host-key-changed', 'key-refused', 'cache-stopped', 'cache-unsigned'].map(
  (id, at) => ({ id, on: at === 3 }),
)

const unsigned = cache('desktop', {
  'cache-signature': {
    state: 'fail',
    cause: 'cache.signature-invalid',
    params: { url: 'http://desktop:5000', name: 'desktop-1' },
    detail: 'Sig: desktop-1:q0Yw…\nStorePath: /nix/store/6bd7x5yhzv8d8l1s0k0bmh9qjq3ahq0r-hello-2.12',
  },
})

export const scenes: readonly Scene[] = [
  ...overalls.map((overall) => scene(`status-${overall}`, { snapshot: examples[overall] })),
  scene(
    'status-details',
    { snapshot: snapshot({ caches: [unsigned] }) },
    '[data-check=cache-signature] summary',
    '[data-check=host-key] summary',
  ),
  scene('status-key-unknown', { snapshot: snapshot({ builders: [builder('desktop', unknownHostKey)] }) }),
  scene(
    'status-key-comparison',
    { snapshot: snapshot({ builders: [builder('desktop', unknownHostKey)] }) },
    '[data-check=host-key] .next .button',
  ),
  scene('status-key-changed', { snapshot: snapshot({ builders: [builder('desktop', changedHostKey)] }) }),
  scene(
    'status-two-builders',
    {
      checking: true,
      snapshot: snapshot({
        builders: [builder('desktop', {}, { busy: 3, max: 8 }), unreachable('attic')],
        laptop: laptop({ fallback: { state: 'warn', cause: 'laptop.no-fallback' } }, { fallback: false }),
      }),
    },
    '[data-check=fallback] summary',
  ),
  scene('status-banners', {
    trayMissing: true,
    configProblems: ['config.toml, line 3: not a number'],
    internalError: 'ENOSPC: no space left on device',
  }),
  scene('status-demo', { demo: { faults }, snapshot: examples.degraded }, '.demo summary'),
  scene('build-idle', buildView({ phase: 'idle' })),
  scene('build-not-allowed', { ...buildView({ phase: 'idle' }), snapshot: examples.unconfigured }),
  scene('build-running', buildView(running, historyOf(9))),
  scene('build-passed', buildView(ended(passed), historyOf(50))),
  scene('build-failed', buildView(ended(failed), historyOf(26)), '.verdict .fold summary'),
  scene('build-cancelled', buildView(ended(cancelled), historyOf(3))),
  scene(
    'build-everything-open',
    {
      ...buildView(ended(passed), historyOf(12)),
      snapshot: snapshot({ builders: [builder(), builder('attic')] }),
    },
    '.card .fold:nth-of-type(1) summary',
    '.card:has(.timeline) .fold:nth-of-type(2) summary',
    '.history .fold summary',
  ),
]
