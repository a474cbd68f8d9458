// Every face the window has: what the accessibility, layout and screenshot tests go through one by one.
import type { AppState } from '../../../src/shared/app-state.ts'
import { overalls } from '../../../src/shared/status.ts'
import {
  buildView,
  cancelled,
  ended,
  failed,
  hardHistory,
  historyOf,
  notBegun,
  passed,
  running,
} from './builds.ts'
import * as guides from './guides.ts'
import * as hidden from './hidden-builds.ts'
import * as laptops from './laptops.ts'
import * as many from './many-steps.ts'
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
  scene('build-hidden', buildView(hidden.unexplained(), historyOf(3))),
  scene('build-asking-root', buildView(hidden.unexplained(undefined, true), historyOf(3))),
  scene('build-root-told', buildView(hidden.explained, historyOf(3)), '.verdict .fold summary'),
  scene('build-root-answers', buildView(hidden.unexplained({ state: 'answers' }), historyOf(3))),
  scene('build-root-refused', buildView(hidden.unexplained(hidden.refused), historyOf(3))),
  scene('build-root-no-way', buildView(hidden.unexplained(hidden.noWay), historyOf(3))),
  scene(
    'build-asked-elsewhere',
    buildView(ended({ ...passed, asked: { builder: 'ssh-ng://nix-builder@attic', heeded: false } })),
  ),
  scene('build-not-begun', buildView(notBegun)),
  scene('build-history', buildView({ phase: 'idle' }, hardHistory), '.history .fold summary'),
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
  scene('status-key-refused', { snapshot: guides.refused }),
  scene('repair-choose', guides.repairView({ phase: 'closed' })),
  scene('repair-find', guides.repairView(guides.finding)),
  scene('repair-not-found', guides.repairView(guides.notFound)),
  scene('repair-no-key', guides.repairView(guides.noKey)),
  scene('repair-no-key-make', guides.repairView(guides.noKey, { canMakeKey: true })),
  scene(
    'repair-trust',
    guides.repairView(guides.unknownKey, {
      snapshot: snapshot({ builders: [builder('desktop', unknownHostKey)] }),
    }),
  ),
  scene('repair-trust-changed', guides.repairView(guides.changedKey)),
  scene('repair-trust-pinned', guides.repairView(guides.pinnedKey)),
  scene('repair-trust-known', guides.repairView(guides.trustedKey)),
  scene('repair-sign-in', guides.repairView(guides.signIn)),
  scene('repair-sign-in-agent', guides.repairView(guides.withAgent)),
  scene('repair-sign-in-key-file', guides.repairView(guides.signIn), '.radio:nth-of-type(2) input'),
  scene('repair-sign-in-wrong', guides.repairView(guides.wrongPassword)),
  scene('repair-sign-in-no-tries', guides.repairView({ ...guides.wrongPassword, triesLeft: 0 })),
  scene('repair-sign-in-busy', guides.repairView({ ...guides.signIn, busy: true })),
  scene('repair-asked', guides.repairView(guides.asked)),
  scene('repair-survey', guides.repairView(guides.surveying)),
  scene('repair-sudo', guides.repairView(guides.asksSudo)),
  scene('repair-sudo-wrong', guides.repairView(guides.sudoWrong)),
  scene('repair-review', guides.repairView(guides.review), '[data-step=push-key] .fold summary'),
  scene('repair-many', guides.repairView(many.review)),
  scene(
    'repair-many-open',
    guides.repairView(many.reviewLeftOut),
    '[data-step=trust-builder] summary',
    '[data-step=start-cache] summary',
  ),
  scene('repair-unkept', guides.repairView(many.reviewUnkept)),
  scene('repair-unkept-paired', guides.repairView(many.unkeptPaired)),
  scene('repair-many-running', guides.repairView(many.running)),
  scene('repair-many-paired', guides.repairView(many.paired), '[data-where=desktop] summary'),
  scene('repair-many-failed', guides.repairView(many.failedMidway), '.report summary'),
  scene('repair-review-denied', guides.repairView(guides.reviewDenied)),
  scene('repair-review-skipped', guides.repairView(guides.reviewSkipped)),
  scene('repair-review-nothing', guides.repairView(guides.nothingToDo)),
  scene('repair-running', guides.repairView(guides.running), '.run-step .fold summary'),
  scene('laptop-many', guides.repairView(laptops.many), '.diff ~ .fold summary'),
  scene('laptop-nixos', guides.repairView(laptops.onNixos)),
  scene('laptop-by-hand', guides.repairView(laptops.withoutPkexec)),
  scene('laptop-unknown-key', guides.repairView(laptops.unknownKey), '.sign-in button[type=submit]'),
  scene('laptop-moved', guides.repairView(laptops.movedGuide)),
  scene('laptop-looking', guides.repairView(laptops.looking)),
  scene('laptop-no-answer', guides.repairView(laptops.noAnswer)),
  scene('laptop-host-key', guides.repairView(laptops.newHostKey), '.diff ~ .fold summary'),
  scene('laptop-host-key-nixos', guides.repairView(laptops.newHostKeyNixos)),
  scene('laptop-host-key-root', guides.repairView(laptops.newHostKeyOfRoot)),
  scene('laptop-host-key-not-compared', guides.repairView(laptops.notCompared)),
  scene(
    'laptop-done',
    guides.repairView({
      ...guides.paired,
      laptop: {
        changed: [
          { path: '/etc/nix/nix.conf', backup: '/etc/nix/nix.conf.offload-backup-20260102T030405Z-7' },
        ],
        restartNeeded: true,
        undo: 'can',
        problem: null,
      },
    }),
  ),
  scene(
    'status-first-builder',
    { snapshot: examples.unconfigured },
    '.first button[type=submit]',
    '.first .fold summary',
  ),
  scene('repair-proof', guides.repairView(guides.proving, { testBuild: running })),
  scene('repair-paired', guides.repairView(guides.paired)),
  scene('repair-not-paired', guides.repairView(guides.notPaired)),
  scene('repair-undone', guides.repairView(guides.undone)),
  scene('repair-stopped', guides.repairView(guides.stopped)),
  scene('repair-cancelled', guides.repairView(guides.cancelledRun)),
  scene('repair-going-back', guides.repairView(guides.goingBack)),
  scene('repair-went-back', guides.repairView(guides.wentBack)),
  scene('repair-failed', guides.repairView(guides.failedRun)),
]
