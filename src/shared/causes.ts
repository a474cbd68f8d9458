// The catalogue of causes: every reason the product knows why offloading may not work. Codes are API.
// The words for each stand in messages/<locale>/causes.ts; docs/causes.md is made from both by `npm run docs`.

/** On which machine a cause is mended. */
export type CauseWhere = 'laptop' | 'network' | 'desktop'

export interface CauseEntry {
  readonly where: CauseWhere
  /** The command that shows or mends it, with {placeholders} from the problem's params; null where there is none. */
  readonly command: string | null
}

const laptop = (command: string | null): CauseEntry => ({ where: 'laptop', command })
const network = (command: string | null): CauseEntry => ({ where: 'network', command })
const desktop = (command: string | null): CauseEntry => ({ where: 'desktop', command })

export const causes = {
  'laptop.nix-missing': laptop('nix --version'),
  'laptop.no-builder': laptop('cat /etc/nix/machines'),
  'laptop.machines-invalid': laptop('sudoedit {file}'),
  'laptop.distributed-builds-off': laptop(
    'nix --extra-experimental-features nix-command show-config | grep builders',
  ),
  'laptop.builder-key-missing': laptop("sudo ssh-keygen -t ed25519 -N '' -f {key}"),
  'laptop.builder-key-exposed': laptop('sudo chmod 600 {key}'),
  'laptop.builder-key-encrypted': laptop("sudo ssh-keygen -p -N '' -f {key}"),
  /** The public half is missing, so the key cannot be shown to the desktop without root. */
  'laptop.builder-pubkey-missing': laptop('sudo ssh-keygen -y -f {key} | sudo tee {key}.pub'),
  /** A key type the probe cannot test (sk-*, certificates): only a test build can prove it. */
  'laptop.builder-key-untestable': laptop('offload-test-build'),
  /** A file Nix or ssh reads cannot be read by this user. */
  'laptop.file-unreadable': laptop('ls -l {file}'),
  'laptop.config-invalid': laptop('{editor} {file}'),
  'laptop.no-substituter': laptop(null),
  'laptop.cache-key-untrusted': laptop(null),
  'laptop.no-fallback': laptop(null),
  'laptop.daemon-down': laptop('sudo systemctl restart nix-daemon'),
  'net.name-not-found': network('getent hosts {host}'),
  'net.unreachable': network('ping -c 3 {host}'),
  'net.timeout': network('ping -c 3 {host}'),
  'net.moved': network('getent hosts {host}'),
  'ssh.port-closed': desktop('sudo systemctl start sshd'),
  'ssh.not-ssh': desktop('ss -ltnp sport = :{port}'),
  'ssh.banner-timeout': desktop('sudo systemctl restart sshd'),
  'ssh.no-common-algorithm': desktop('ssh -vv -p {port} {user}@{host}'),
  'ssh.throttled': network('sleep 60; offload-status'),
  'ssh.host-key-unknown': laptop('ssh-keyscan -p {port} {host}'),
  'ssh.host-key-changed': laptop('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'),
  /** The desktop's key is marked @revoked in a known_hosts file of this laptop. */
  'ssh.host-key-revoked': laptop('sudoedit {file}'),
  'ssh.key-refused': desktop('offload-repair plan'),
  /** The connection broke, or the other side spoke SSH wrongly, after it had begun. */
  'ssh.protocol-error': desktop('ssh -vv -p {port} {user}@{host}'),
  'desktop.builder-user-missing': desktop('getent passwd {user}'),
  'desktop.builder-shell': desktop('getent passwd {user}'),
  'desktop.builder-locked': desktop('sudo passwd -S {user}'),
  'desktop.authorized-keys-missing': desktop('offload-repair plan'),
  'desktop.authorized-keys-permissions': desktop('offload-repair plan'),
  'desktop.authorized-keys-ignored': desktop('sudo sshd -T -C user={user} | grep authorizedkeysfile'),
  'desktop.sshd-down': desktop('sudo systemctl start sshd'),
  'desktop.shell-noise': desktop('ssh {user}@{host} true'),
  'desktop.cache-service-down': desktop('sudo systemctl restart nix-serve'),
  'desktop.cache-key-missing': desktop(
    'sudo nix-store --generate-binary-cache-key {name} /var/cache-priv-key.pem /var/cache-pub-key.pem',
  ),
  'desktop.cache-key-permissions': desktop('sudo ls -l /var/cache-priv-key.pem'),
  'desktop.cache-key-invalid': desktop('sudo nix key convert-secret-to-public < /var/cache-priv-key.pem'),
  'desktop.firewall-blocks': desktop('sudo iptables -S'),
  'desktop.module-not-imported': desktop('sudoedit /etc/nixos/flake.nix'),
  'desktop.module-not-enabled': desktop('sudoedit /etc/nixos/configuration.nix'),
  'nix.not-found': desktop('ssh {user}@{host} nix-daemon --version'),
  'nix.daemon-down': desktop('sudo systemctl restart nix-daemon'),
  'nix.not-trusted': desktop(
    'nix --extra-experimental-features nix-command show-config | grep trusted-users',
  ),
  'nix.not-allowed': desktop(
    'nix --extra-experimental-features nix-command show-config | grep allowed-users',
  ),
  'nix.system-mismatch': laptop('sudoedit /etc/nix/machines'),
  'nix.feature-missing': laptop('sudoedit /etc/nix/machines'),
  'nix.disk-full': desktop('df -h /nix/store; sudo nix-collect-garbage'),
  'nix.build-failed': desktop(null),
  'nix.stalled': desktop('offload-status'),
  'cache.port-closed': desktop('sudo systemctl restart nix-serve'),
  'cache.timeout': desktop('curl -m 5 {url}/nix-cache-info'),
  'cache.http-error': desktop('curl -i {url}/nix-cache-info'),
  'cache.not-a-cache': desktop('curl -i {url}/nix-cache-info'),
  'cache.store-dir-mismatch': desktop('curl {url}/nix-cache-info'),
  'cache.narinfo-error': desktop('sudo journalctl -u nix-serve -n 20'),
  'cache.unsigned': desktop('sudo systemctl cat nix-serve'),
  'cache.signature-untrusted': laptop(null),
  'cache.signature-invalid': laptop(null),
} as const satisfies Record<string, CauseEntry>

export type CauseCode = keyof typeof causes

/** Every code, in the catalogue's order. */
export const causeCodes = Object.keys(causes) as readonly CauseCode[]
