// The laptop's machines file and builder key.
import type { Fault } from './fault.ts'

const file = { on: 'laptop', resource: 'machines', mend: 'back /root/.ssh /etc/nix/machines' } as const
const key = {
  penalised: true,
  on: 'laptop',
  resource: 'builder-key',
  mend: 'back /etc/nix/builder_key /etc/nix/builder_key.pub',
} as const
const rows = { ...file, perDesktop: true } as const

export const machinesFaults: readonly Fault[] = [
  {
    ...file,
    name: 'machines-missing',
    about: 'no /etc/nix/machines',
    causes: ['laptop.no-builder'],
    break: 'rm -f /etc/nix/machines',
  },
  {
    ...file,
    name: 'machines-empty',
    about: 'the machines file holds comments only',
    causes: ['laptop.no-builder'],
    break: `echo '# nobody builds for this laptop' >/etc/nix/machines`,
  },
  {
    ...file,
    name: 'machines-broken',
    about: 'line 3 of the machines file: maxJobs is no number',
    causes: ['laptop.machines-invalid'],
    break: `back /etc/nix/machines
      sed -i '2i # a comment, so that the broken row is line 3' /etc/nix/machines
      sed -i '3s/builder_key 4/builder_key four/' /etc/nix/machines`,
  },
  {
    ...rows,
    name: 'maxjobs-0-row',
    about: "the desktop's row allows 0 jobs: Nix waits for it for ever",
    causes: ['laptop.builder-no-slots'],
    break: 'row 3 0',
  },
  {
    ...rows,
    name: 'wrong-system',
    about: "the desktop's row says aarch64-linux",
    causes: ['nix.system-mismatch'],
    break: 'row 1 aarch64-linux',
  },
  {
    ...rows,
    name: 'mandatory-feature',
    about: "the desktop's row takes only builds that require the feature kvm",
    causes: ['nix.feature-missing'],
    break: 'row 6 kvm',
  },
  {
    ...key,
    name: 'builder-key-missing',
    about: 'no /etc/nix/builder_key (nor its .pub)',
    causes: ['laptop.builder-key-missing'],
    break: 'rm -f /etc/nix/builder_key /etc/nix/builder_key.pub',
  },
  {
    ...key,
    name: 'builder-pubkey-missing',
    about: 'the private key is there, its .pub is not',
    causes: ['laptop.builder-pubkey-missing'],
    break: 'rm -f /etc/nix/builder_key.pub',
  },
  {
    ...key,
    name: 'builder-key-exposed',
    about: 'the private key has mode 0644: ssh refuses to use it',
    causes: ['laptop.builder-key-exposed'],
    break: 'chmod 644 /etc/nix/builder_key',
  },
  {
    ...key,
    name: 'builder-key-encrypted',
    about: 'the private key has a passphrase (and alice owns it, so that she can see that)',
    causes: ['laptop.builder-key-encrypted'],
    break: `back /etc/nix/builder_key
      ssh-keygen -q -p -P '' -N 'a passphrase' -f /etc/nix/builder_key >/dev/null
      chown alice: /etc/nix/builder_key
      chmod 600 /etc/nix/builder_key`,
  },
]
