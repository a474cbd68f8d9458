// The step about a store that is nearly full: what a collection frees is somebody's to give up, so it runs by choice only.
import type { StepChoice } from '../../../shared/repair.ts'
import type { MachineFinding } from '../diagnose-machine.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

/** Less than this, and not even the next upload fits. */
const fullBytes = 64 * 1024 ** 2

export function freeDisk(
  { free, total }: Extract<MachineFinding, { kind: 'disk-low' }>,
  { facts, params, choices }: Context,
): Made {
  const { nix, disk } = facts.machine
  const chosen = choices['free-disk'] === 'collect' ? 'collect' : 'leave'
  const choice: StepChoice = { options: ['leave', 'collect'], chosen }
  const dead = disk.dead === null ? {} : { dead: gibOf(disk.dead) }
  return made({
    id: 'free-disk',
    cause: free < fullBytes ? 'nix.disk-full' : 'desktop.disk-low',
    params: { host: params.host, free: gibOf(free), total: gibOf(total), ...dead },
    commands: chosen === 'leave' ? [] : [['collect_garbage', nix.bin]],
    check: chosen === 'leave' ? 'true' : '[ "$collected" = yes ]',
    risk: chosen === 'leave' ? 'none' : 'low',
    choice,
    scripts: ['disk'],
    seconds: 1800,
    ...(chosen === 'leave' ? {} : { long: true, final: true }),
  })
}

/** "0.8 GiB" */
function gibOf(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
