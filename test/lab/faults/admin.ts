// How the desktop's admin comes to root's rights, where that is not by sudo.
import type { Fault } from './fault.ts'

/** Its line in doas.conf, with sudo put out of the way. */
const byDoas = (rule: string): string => `[ ! -e /usr/bin/sudo ] || mv /usr/bin/sudo /usr/bin/sudo.lab
  install -m 400 /dev/null /etc/doas.conf
  echo '${rule}' >/etc/doas.conf`

const admin = {
  on: 'desktop',
  resource: 'admin',
  mend: `rm -f /etc/doas.conf
    [ ! -e /usr/bin/sudo.lab ] || mv /usr/bin/sudo.lab /usr/bin/sudo`,
} as const

export const adminFaults: readonly Fault[] = [
  {
    ...admin,
    name: 'doas-nopass',
    about: 'there is no sudo; doas lets the admin become root without a password',
    causes: [],
    break: byDoas('permit nopass kernelcore as root'),
  },
  {
    ...admin,
    name: 'doas-asks',
    about: 'there is no sudo; doas asks the admin for a password, which it reads from a terminal only',
    causes: ['desktop.doas-needs-terminal'],
    break: byDoas('permit kernelcore as root'),
  },
  {
    ...admin,
    name: 'doas-denies',
    about: 'there is no sudo; doas knows nothing of the admin',
    causes: ['desktop.sudo-denied'],
    break: byDoas('permit nopass nobody as root'),
  },
]
