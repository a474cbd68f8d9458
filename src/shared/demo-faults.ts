// The faults that can be switched on in `--demo`, in the order the window lists them.

export const demoFaultIds = [
  'builds-running',
  'second-builder-down',
  'sshd-stopped',
  'desktop-silent',
  'not-ssh',
  'sshd-mute',
  'sshd-throttles',
  'host-key-unknown',
  'host-key-changed',
  'key-refused',
  'bare-desktop',
  'cache-stopped',
  'cache-silent',
  'not-a-cache',
  'narinfo-500',
  'cache-unsigned',
  'cache-key-unknown',
  'cache-key-regenerated',
  'no-substituter',
  'fallback-off',
  'max-jobs-0',
  'distributed-builds-off',
  'builder-key-missing',
  'no-builder',
] as const

export type DemoFaultId = (typeof demoFaultIds)[number]

/** Whether a word that came from outside names a fault. */
export function isDemoFault(id: string): id is DemoFaultId {
  return (demoFaultIds as readonly string[]).includes(id)
}
