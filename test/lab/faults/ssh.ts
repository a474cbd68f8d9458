// The desktop's SSH: gone, somebody else, another key, or not for us.
import type { Fault } from './fault.ts'

const takePort22 = (program: string): string => `systemctl stop ssh
  impostor lab-ssh-impostor 22 '${program}'`

/** Accepts connections and does `then` with each in a thread of its own. */
const server = (port: number, then: string): string => `
import socket, threading, time
listener = socket.create_server(("", ${port}), backlog=64)
def serve(peer):
    try:
        ${then}
    except OSError:
        pass
while True:
    peer, _ = listener.accept()
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
`

const ssh = { on: 'desktop', resource: 'sshd', mend: 'sshd_well' } as const
const hostKey = {
  penalised: true,
  on: 'laptop',
  resource: 'machines',
  mend: 'back /root/.ssh /etc/nix/machines',
} as const
const keys = {
  penalised: true,
  on: 'desktop',
  resource: 'authorized-keys',
  mend: 'back $builder_home/.ssh',
} as const

export const sshFaults: readonly Fault[] = [
  {
    ...ssh,
    name: 'sshd-stopped',
    about: 'sshd is not running: port 22 refuses',
    causes: ['ssh.port-closed', 'desktop.sshd-down'],
    break: 'systemctl stop ssh.socket ssh.service 2>/dev/null || systemctl stop ssh.service',
  },
  {
    ...ssh,
    name: 'not-ssh',
    about: 'a web server answers on port 22',
    causes: ['ssh.not-ssh'],
    break: takePort22(
      server(
        22,
        'peer.sendall(b"HTTP/1.1 400 Bad Request\\r\\nConnection: close\\r\\n\\r\\n"); peer.close()',
      ),
    ),
  },
  {
    ...ssh,
    name: 'ssh-mute',
    about: 'port 22 accepts and says nothing',
    causes: ['ssh.banner-timeout'],
    break: takePort22(server(22, 'time.sleep(3600)')),
  },
  {
    ...ssh,
    name: 'host-key-changed',
    about: 'the desktop has new host keys (reinstalled, or another machine)',
    causes: ['ssh.host-key-changed'],
    break: `rm -f /etc/ssh/ssh_host_*
      ssh-keygen -q -A
      restart ssh
      await 22`,
  },
  {
    ...ssh,
    name: 'ssh-post-quantum-only',
    about: 'sshd offers only key exchanges that old clients lack',
    causes: ['ssh.no-common-algorithm'],
    break: `echo 'KexAlgorithms sntrup761x25519-sha512@openssh.com' >/etc/ssh/sshd_config.d/lab.conf
      restart ssh
      await 22`,
  },
  {
    ...ssh,
    name: 'throttled',
    about:
      "sshd drops the laptop's connections: the penalty for its many refused logins (OpenSSH 9.8 and newer)",
    causes: ['ssh.throttled'],
    // Earned for real: logins as nobody in particular from the laptop's own address, until sshd hangs up at once.
    break: `sshd -T 2>/dev/null | grep -qi '^persourcepenalties' || { echo 'this sshd has no PerSourcePenalties (needs 9.8)' >&2; exit 1; }
      mkdir -p /etc/ssh/sshd_config.d
      printf 'PerSourcePenalties authfail:60s noauth:60s min:15s max:600s\\n' >/etc/ssh/sshd_config.d/lab.conf
      restart ssh
      await 22`,
    afterOnLaptop: `ssh-keygen -q -t ed25519 -N '' -f /run/lab-stranger <<<y >/dev/null 2>&1 || :
      for try in $(seq 1 40); do
        words=$(ssh -F none -n -i /run/lab-stranger -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no \\
          -o UserKnownHostsFile=/dev/null -o ConnectTimeout=5 "nix-builder@$address" true 2>&1 || :)
        case $words in *'Connection reset'* | *'Connection closed by'* | *'Not allowed at this time'*) exit 0 ;; esac
      done
      echo "sshd never penalised us: $words" >&2
      exit 1`,
  },
  {
    ...hostKey,
    perDesktop: true,
    name: 'host-key-unknown',
    about: 'neither the machines row nor known_hosts holds its key',
    causes: ['ssh.host-key-unknown'],
    break: `row 7 -
      sed -i "/^$desktop,/d" /root/.ssh/known_hosts`,
  },
  {
    ...keys,
    name: 'key-refused',
    about: "authorized_keys does not hold the laptop's key",
    causes: ['ssh.key-refused', 'desktop.authorized-keys-missing'],
    break: `: >$builder_home/.ssh/authorized_keys`,
  },
  {
    ...keys,
    name: 'no-authorized-keys',
    about: "the builder's .ssh folder is missing",
    causes: ['ssh.key-refused', 'desktop.authorized-keys-missing'],
    break: 'rm -rf $builder_home/.ssh',
  },
  {
    ...keys,
    name: 'authorized-keys-exposed',
    about: 'authorized_keys can be written by everybody: sshd ignores it (StrictModes)',
    causes: ['ssh.key-refused', 'desktop.authorized-keys-permissions'],
    break: 'chmod 666 $builder_home/.ssh/authorized_keys',
  },
  {
    name: 'builder-locked',
    about: "the builder's account is locked for every login",
    on: 'desktop',
    penalised: true,
    resource: 'accounts',
    causes: ['ssh.key-refused', 'desktop.builder-locked'],
    break: 'usermod -p "!" -e 1 nix-builder',
    mend: 'back /etc/passwd /etc/shadow /etc/group /etc/gshadow',
  },
  {
    name: 'builder-missing',
    about: 'there is no user nix-builder',
    on: 'desktop',
    penalised: true,
    resource: 'accounts',
    causes: ['ssh.key-refused', 'desktop.builder-user-missing'],
    break: `id nix-builder >/dev/null 2>&1 || exit 0
      quiet pkill -KILL -u nix-builder
      userdel -f nix-builder`,
    mend: 'back /etc/passwd /etc/shadow /etc/group /etc/gshadow',
  },
]
