// What each switch of the demo desktop does.
import type { DemoFaultId } from '../../demo-faults.ts'

export const demoFaults: Readonly<Record<DemoFaultId, string>> = {
  'builds-running': 'Two builds are running there',
  'second-builder-down': 'A second builder is down',
  'sshd-stopped': 'The SSH service is stopped',
  'desktop-silent': 'The desktop is off: no answer at all',
  'not-ssh': 'Another service has the SSH port',
  'sshd-mute': 'SSH accepts but says nothing',
  'sshd-throttles': 'SSH turns this laptop away for a while',
  'host-key-unknown': 'The host key is not known yet',
  'host-key-changed': 'The host key has changed',
  'key-refused': 'The builder key is not accepted',
  'bare-desktop': 'The desktop is bare: nothing is set up there',
  'cache-stopped': 'The cache is stopped',
  'cache-silent': 'The cache accepts but says nothing',
  'not-a-cache': 'Another web server has the cache port',
  'narinfo-500': 'The cache fails every lookup',
  'cache-unsigned': 'The cache does not sign',
  'cache-key-unknown': 'The cache signs with a key you do not trust',
  'cache-key-regenerated': 'The cache has a new key under its old name',
  'no-substituter': 'The laptop does not use the cache',
  'fallback-off': 'The fallback setting is off',
  'max-jobs-0': 'The laptop builds nothing itself (max-jobs = 0)',
  'distributed-builds-off': 'Distributed builds are turned off',
  'builder-key-missing': 'The builder key is missing',
  'no-builder': 'No builder is set up',
}
