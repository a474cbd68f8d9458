// Nix on the desktop, seen after the login: not found, not speaking, not allowed, no room.
import type { Fault } from './fault.ts'

const daemon = { on: 'desktop', resource: 'nix-daemon', mend: 'daemon_well' } as const
const accounts = {
  on: 'desktop',
  resource: 'accounts',
  mend: 'back /etc/passwd /etc/shadow /etc/group /etc/gshadow',
} as const

export const remoteNixFaults: readonly Fault[] = [
  {
    name: 'nix-not-in-path',
    about: 'a non-interactive login does not find nix (as with a profile that only login shells read)',
    on: 'desktop',
    resource: 'path',
    causes: ['nix.not-found'],
    // The links to nix first: alone they would lead nowhere, and not be there for `-e`.
    break:
      'for name in nix-daemon nix-store nix; do [ ! -e /usr/bin/$name ] || { mkdir -p /opt/nix; mv /usr/bin/$name /opt/nix/; }; done',
    mend: 'for name in nix-daemon nix-store nix; do [ ! -e /opt/nix/$name ] || mv /opt/nix/$name /usr/bin/; done; rm -rf /opt/nix',
  },
  {
    name: 'shell-noise',
    about: 'its shell greets on every login, also where no person listens',
    on: 'desktop',
    resource: 'bashrc',
    causes: ['desktop.shell-noise'],
    break: `printf 'echo "Welcome to %s"\\n' "$desktop" >$builder_home/.bashrc`,
    mend: 'back $builder_home/.bashrc',
  },
  {
    ...accounts,
    name: 'nologin-shell',
    about: "the builder's shell is nologin",
    causes: ['desktop.builder-shell'],
    break: 'usermod -s /usr/sbin/nologin nix-builder',
  },
  {
    ...daemon,
    name: 'remote-daemon-stopped',
    about: "the desktop's nix-daemon is down: its socket refuses",
    causes: ['nix.daemon-down'],
    // The socket's file stays, as after a crash: "Connection refused" and not "No such file".
    break: `quiet systemctl stop nix-daemon.socket nix-daemon.service
      socket=/nix/var/nix/daemon-socket/socket
      rm -f $socket
      python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/nix/var/nix/daemon-socket/socket")'
      chmod 666 $socket`,
    mend: `rm -f /nix/var/nix/daemon-socket/socket
      daemon_well`,
  },
  {
    ...daemon,
    name: 'not-trusted',
    about: 'nix-builder is not among the trusted-users',
    causes: ['nix.not-trusted'],
    break: `sed -i '/^trusted-users/d' /etc/nix/nix.conf
      systemctl restart nix-daemon.service`,
  },
  {
    ...daemon,
    name: 'not-allowed',
    about: 'nix-builder is not among the allowed-users',
    causes: ['nix.not-allowed'],
    break: `sed -i '/^trusted-users/d' /etc/nix/nix.conf
      echo 'allowed-users = root kernelcore nix-serve' >>/etc/nix/nix.conf
      systemctl restart nix-daemon.service`,
  },
  {
    ...accounts,
    name: 'not-in-nix-users',
    about: "nix-builder is not in the daemon socket's group",
    causes: ['nix.not-allowed'],
    break: 'quiet gpasswd -d nix-builder nix-users',
  },
  {
    name: 'disk-full',
    about:
      'the file system of its store has 256 KiB left (a small one laid over it; what is written is lost at the end)',
    on: 'desktop',
    resource: 'store-disk',
    causes: ['nix.disk-full'],
    break: `! mountpoint -q /nix || exit 0
      systemctl stop nix-daemon.socket nix-daemon.service nix-serve
      quiet pkill -KILL -u nix-builder
      mkdir -p /run/lab-small
      mount -t tmpfs -o size=6m lab-small /run/lab-small
      mkdir /run/lab-small/upper /run/lab-small/work
      mount -t overlay -o lowerdir=/nix,upperdir=/run/lab-small/upper,workdir=/run/lab-small/work lab-small /nix
      systemctl start nix-daemon.socket nix-serve
      nix-store --gc --print-roots >/dev/null
      free=$(df --output=avail -k /run/lab-small | tail -1)
      fallocate -l "$((free - 256))K" /run/lab-small/ballast
      await 5000`,
    mend: `mountpoint -q /nix || exit 0
      systemctl stop nix-daemon.socket nix-daemon.service nix-serve
      quiet pkill -KILL -u nix-builder
      umount -l /nix
      umount -l /run/lab-small
      systemctl start nix-daemon.socket nix-daemon.service nix-serve
      await 5000`,
  },
]
