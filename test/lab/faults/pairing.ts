// The ways a builder's key is kept out that a pairing has to mend, beside those of ssh.ts.
import type { Fault } from './fault.ts'

const ssh = '$builder_home/.ssh'
const keys = {
  on: 'desktop',
  penalised: true,
  resource: 'authorized-keys',
  mend: `quiet umount ${ssh}
    chown nix-builder:nix-builder $builder_home
    chmod 700 $builder_home
    rm -rf $builder_home/kept-keys /etc/ssh/lab-keys
    back ${ssh} /etc/ssh
    restart ssh
    await 22`,
} as const
const missing = ['ssh.key-refused', 'desktop.authorized-keys-missing'] as const
const modes = ['ssh.key-refused', 'desktop.authorized-keys-permissions'] as const
const stranger =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJstrangerstrangerstrangerstrangerstrangers somebody@else'
/** Our key without its options, from the file as it was. */
const ours = `$(sed 's/^restrict //' /var/lib/offload-lab-golden${ssh}/authorized_keys)`

export const pairingFaults: readonly Fault[] = [
  {
    ...keys,
    name: 'ssh-folder-exposed',
    about: "the builder's .ssh folder can be written by everybody",
    causes: modes,
    break: `chmod 777 ${ssh}`,
  },
  {
    ...keys,
    name: 'authorized-keys-of-root',
    about: 'authorized_keys belongs to root, who alone may read it',
    causes: modes,
    break: `chown root:root ${ssh}/authorized_keys; chmod 600 ${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'home-group-writable',
    about: "the builder's home can be written by a group of several",
    causes: modes,
    // The file's mode is harmless; it shows that the fault is there.
    break: `chgrp users $builder_home; chmod 775 $builder_home; chmod 644 ${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'keys-without-newline',
    about: "authorized_keys ends in somebody else's key without a newline",
    causes: missing,
    break: `printf '%s' '${stranger}' >${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'keys-crlf',
    about: 'authorized_keys has lines as Windows ends them, and not our key',
    causes: missing,
    break: `printf '# keys\\r\\n%s\\r\\n' '${stranger}' >${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'key-commented-out',
    about: 'our key stands behind a #',
    causes: missing,
    break: `printf '#%s\\n' "${ours}" >${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'key-from-elsewhere',
    about: 'our key may come from another address only (from=)',
    causes: ['ssh.key-refused', 'desktop.key-restricted'],
    break: `printf 'from="10.99.0.1" %s\\n' "${ours}" >${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'key-in-other-file',
    about: 'sshd reads another file than the one our key is in',
    causes: ['ssh.key-refused', 'desktop.authorized-keys-ignored'],
    break: `mkdir -p /etc/ssh/lab-keys /etc/ssh/sshd_config.d
      echo 'AuthorizedKeysFile /etc/ssh/lab-keys/%u' >/etc/ssh/sshd_config.d/lab.conf
      restart ssh
      await 22`,
  },
  {
    ...keys,
    name: 'keys-linked',
    about: 'authorized_keys is a link to a file without our key',
    causes: missing,
    break: `install -d -m 700 -o nix-builder -g nix-builder $builder_home/kept-keys
      printf '%s\\n' '${stranger}' >$builder_home/kept-keys/all
      chown nix-builder:nix-builder $builder_home/kept-keys/all
      chmod 600 $builder_home/kept-keys/all
      ln -sf ../kept-keys/all ${ssh}/authorized_keys`,
  },
  {
    ...keys,
    name: 'keys-read-only',
    about: "the file system of the builder's keys is read-only, and our key is not there",
    causes: ['ssh.key-refused', 'desktop.read-only'],
    break: `quiet umount ${ssh}
      printf '%s\\n' '${stranger}' >${ssh}/authorized_keys
      mount --bind ${ssh} ${ssh}
      mount -o remount,bind,ro ${ssh}`,
  },
  {
    ...keys,
    name: 'keys-disk-full',
    about: "no byte is left where the builder's keys are, and our key is not there",
    causes: ['ssh.key-refused', 'desktop.disk-full'],
    break: `quiet umount ${ssh}
      mount -t tmpfs -o size=64k,mode=700 none ${ssh}
      printf '%s\\n' '${stranger}' >${ssh}/authorized_keys
      chmod 600 ${ssh}/authorized_keys
      chown -R nix-builder:nix-builder ${ssh}
      dd if=/dev/zero of=${ssh}/filled bs=4k 2>/dev/null || :`,
  },
]
