// A plan of many steps, as a bare desktop gets one: what the tests of its readings share.
import type { RepairPlan, RepairStep, StepId } from '../../../src/shared/repair.ts'

type Wish = Partial<RepairStep> & Pick<RepairStep, 'id' | 'cause'>

export function stepOf(wish: Wish): RepairStep {
  return {
    params: { host: 'desktop', user: 'nix-builder', file: '/var/cache-priv-key.pem', port: 5000 },
    where: 'desktop',
    commands: [`do ${wish.id}`],
    changes: [],
    needsAdmin: true,
    needsRoot: true,
    risk: 'low',
    ...wish,
  }
}

export function planOf(steps: readonly RepairStep[], more: Partial<RepairPlan> = {}): RepairPlan {
  return {
    builder: 'ssh-ng://nix-builder@desktop',
    host: 'desktop',
    steps,
    unmended: [],
    partial: false,
    ...more,
  }
}

const nixConf = '/etc/nix/nix.conf'
const keys = '/home/nix-builder/.ssh/authorized_keys'

/** Nothing set up: no account, no trust, no cache, a closed firewall, and little disk. */
export const barePlan: RepairPlan = planOf([
  stepOf({
    id: 'create-builder-user',
    cause: 'desktop.builder-user-missing',
    undo: ['userdel -r nix-builder'],
  }),
  stepOf({ id: 'create-ssh-folder', cause: 'desktop.authorized-keys-missing' }),
  stepOf({
    id: 'push-key',
    cause: 'desktop.authorized-keys-missing',
    changes: [
      { path: keys, diff: `--- /dev/null\n+++ ${keys}\n@@ -0,0 +1 @@\n+restrict ssh-ed25519 AAAA\n` },
    ],
  }),
  stepOf({
    id: 'trust-builder',
    cause: 'nix.not-trusted',
    commands: ['systemctl restart nix-daemon.service'],
    changes: [
      {
        path: nixConf,
        diff: `--- ${nixConf}\n+++ ${nixConf}\n@@ -1 +1,2 @@\n a = b\n+trusted-users = root nix-builder\n`,
      },
    ],
  }),
  stepOf({
    id: 'make-cache-key',
    cause: 'desktop.cache-key-missing',
    risk: 'none',
    undo: ['rm -f /var/cache-priv-key.pem'],
  }),
  stepOf({ id: 'install-cache', cause: 'desktop.cache-service-down' }),
  stepOf({
    id: 'start-cache',
    cause: 'desktop.cache-service-down',
    commands: ['systemctl restart nix-serve'],
  }),
  stepOf({ id: 'open-firewall', cause: 'desktop.firewall-blocks', undo: ['ufw delete allow 5000/tcp'] }),
  stepOf({
    id: 'free-disk',
    cause: 'nix.disk-full',
    long: true,
    risk: 'high',
    choice: { options: ['leave', 'collect'], chosen: 'leave' },
  }),
])

export const idsOf = (plan: RepairPlan): readonly StepId[] => plan.steps.map(({ id }) => id)
