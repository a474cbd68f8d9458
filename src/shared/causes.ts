// The catalogue of causes: every reason the product knows why offloading may not work. Codes are API.
// The words for each stand in messages/<locale>/causes/; docs/causes.md is made from both by `npm run docs`.

/** On which machine a cause is mended. */
export type CauseWhere = 'laptop' | 'network' | 'desktop'

export interface CauseEntry {
  readonly where: CauseWhere
  /**
   * The command that shows or mends it, with {placeholders} from the problem's params; null where there is none.
   * A placeholder never stands inside quotes: values come quoted (command.ts).
   */
  readonly command: string | null
  /** Where the command is typed: often the laptop, even where the cause is mended on the desktop. */
  readonly runOn: 'laptop' | 'desktop'
  /** The names that a problem with this cause must carry in its params; texts and command name no others. */
  readonly params: readonly string[]
}

type Entry<P extends readonly string[]> = Omit<CauseEntry, 'params'> & { readonly params: P }

function laptop<const P extends readonly string[]>(params: P, command: string): Entry<P> {
  return { where: 'laptop', command, runOn: 'laptop', params }
}
function network<const P extends readonly string[]>(params: P, command: string): Entry<P> {
  return { where: 'network', command, runOn: 'laptop', params }
}
function desktop<const P extends readonly string[]>(params: P, command: string | null): Entry<P> {
  return { where: 'desktop', command, runOn: 'desktop', params }
}
/** Mended on the desktop, seen from the laptop. */
function desktopSeenFromLaptop<const P extends readonly string[]>(params: P, command: string): Entry<P> {
  return { where: 'desktop', command, runOn: 'laptop', params }
}
/** Mended on the laptop, after a look at the desktop. */
function laptopSeenFromDesktop<const P extends readonly string[]>(params: P, command: string): Entry<P> {
  return { where: 'laptop', command, runOn: 'desktop', params }
}

/** `show-config` works in every Nix since 2.0; `config show` only since 2.20. The flag is needed where nix-command is off. */
const setting = (name: string) =>
  `nix --extra-experimental-features nix-command show-config | grep '^${name} ='`
/** The unit is sshd on NixOS and Fedora; ssh on Debian, with sshd as an alias only while it is enabled. */
const sshd = (verb: string) => `sudo systemctl ${verb} sshd || sudo systemctl ${verb} ssh`
const hostKeys = 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done'
/** NixOS keeps declared keys in /etc/ssh/authorized_keys.d, pushed ones in the home, as every other system does. */
const authorizedKeys = 'sudo tail -n +1 ~{user}/.ssh/authorized_keys /etc/ssh/authorized_keys.d/{user}'

// Params: host (as the user named it), port, user, key (the private key's path), file, line, what (a few words of the
// other side, or a type, a setting's text), url (of the cache), name (of a signing key), status (HTTP),
// expected / offered (fingerprints), expected / found (values), source (where a host key was pinned).
export const causes = {
  'laptop.nix-missing': laptop([], 'nix --version'),
  /** It is there, but a question to it, or the making of a payload, never ends. */
  'laptop.nix-silent': laptop(['seconds'], 'nix-instantiate --eval -E true; nix --version'),
  'laptop.no-builder': laptop([], 'cat /etc/nix/machines'),
  'laptop.machines-invalid': laptop(['file', 'line', 'what'], 'sed -n {line}p {file}'),
  'laptop.distributed-builds-off': laptop([], setting('builders')),
  'laptop.builder-key-missing': laptop(['key'], "sudo ssh-keygen -t ed25519 -N '' -f {key}"),
  'laptop.builder-key-exposed': laptop(['key'], 'sudo chmod 600 {key}'),
  'laptop.builder-key-encrypted': laptop(['key'], "sudo ssh-keygen -p -N '' -f {key}"),
  /** The public half is missing, so the key cannot be shown to the desktop without root. */
  'laptop.builder-pubkey-missing': laptop(['key'], 'sudo ssh-keygen -y -f {key} | sudo tee {key}.pub'),
  /** A key type the probe cannot test (sk-*, certificates): only a test build can prove it. */
  'laptop.builder-key-untestable': laptop(['key', 'what'], 'offload-test-build'),
  /** A file Nix or ssh reads cannot be read by this user, or is a directory. */
  'laptop.file-unreadable': laptop(['file'], 'ls -l {file}'),
  /** A FIFO, a device or a socket where Nix or its ssh reads a file: they fail, or wait for its end. */
  'laptop.file-unfit': laptop(['file', 'what'], 'stat -c %F {file}'),
  'laptop.config-invalid': laptop(['file', 'line', 'what'], 'nano {file}'),
  /** A line or value of nix.conf that Nix itself stops at. */
  'laptop.nix-conf-invalid': laptop(['file', 'line', 'what'], 'sed -n {line}p {file}'),
  /** A line of ssh_config that ssh itself ends at, and so everything that Nix sends. */
  'laptop.ssh-config-invalid': laptop(['file', 'line', 'what'], 'sed -n {line}p {file}'),
  /** A builder that no SSH reaches (local, unix://, s3:// …): Nix may use it, this app cannot watch it. */
  'laptop.builder-unwatched': laptop(['uri', 'file', 'line'], 'sed -n {line}p {file}'),
  /** A port in the URI, which Nix before 2.31 takes for a part of the host's name. */
  'laptop.builder-port-unsupported': laptop(['uri', 'port', 'file', 'line'], 'sed -n {line}p {file}'),
  /** The row pins the host key, but ssh_config (HostName, HostKeyAlias) has ssh look for it under another name. */
  'laptop.host-key-pin-missed': laptop(
    ['host', 'name', 'file', 'line'],
    "sudo ssh -G {host} | grep -E '^(hostname|hostkeyalias) '",
  ),
  /** A row that allows 0 jobs: Nix never uses it, and waits for it for ever where it may not build here either. */
  'laptop.builder-no-slots': laptop(['uri', 'file', 'line'], 'sed -n {line}p {file}'),
  'laptop.no-substituter': laptop(['url'], setting('substituters')),
  'laptop.cache-key-untrusted': laptop(['url'], setting('trusted-public-keys')),
  'laptop.no-fallback': laptop([], setting('fallback')),
  'laptop.daemon-down': laptop([], 'sudo systemctl restart nix-daemon'),
  /** The daemon runs, but `allowed-users` or its socket's permissions keep this user out. */
  'laptop.daemon-refuses': laptop(['user'], setting('allowed-users')),
  /** Nothing here can ask for an administrator's password (polkit's pkexec). */
  'laptop.pkexec-missing': laptop([], 'command -v pkexec'),
  /** The password was not given, or this user may not become an administrator. */
  'laptop.pkexec-refused': laptop([], 'pkexec true'),
  /** A change of this laptop's files did not work; what: its command's words. */
  'laptop.change-failed': laptop(['what'], 'ls -l /etc/nix'),
  /** No room under /nix/store or the temporary folder of this laptop. */
  'laptop.disk-full': laptop([], 'df -h /nix/store /tmp'),
  /** The daemon's PATH has no ssh, so it reaches no builder at all. */
  'laptop.ssh-missing': laptop([], 'systemctl cat nix-daemon'),
  /** Signing in as an admin: no agent runs, or it holds no key. */
  'laptop.agent-empty': laptop([], 'ssh-add -l'),
  /** A key file for signing in as an admin whose passphrase was not given, or was another. */
  'laptop.passphrase-wrong': laptop(['key'], 'ssh-keygen -y -f {key}'),
  'laptop.key-invalid': laptop(['key'], 'ssh-keygen -l -f {key}'),
  /** A desktop's store, mounted here over NFS, whose server is away. */
  'laptop.nfs-stale': laptop(['host', 'path'], 'sudo umount -f -l {path}'),
  /** Nix on this laptop failed before it asked any builder. */
  'laptop.nix-failed': laptop(['what'], 'offload-test-build'),
  /** It was there when the build began, and whatever became of it since. */
  'laptop.daemon-ended': laptop([], 'sudo journalctl -u nix-daemon -n 20'),
  'net.name-not-found': network(['host'], 'getent hosts {host}'),
  'net.unreachable': network(['host'], 'ping -c 3 {host}'),
  'net.timeout': network(['host'], 'ping -c 3 {host}'),
  /** The name now leads to another address than the one that was proven before. */
  'net.moved': network(['host', 'expected', 'found'], 'getent hosts {host}'),
  /** It worked, then the connection ended while something was still on its way. */
  'net.connection-lost': network(['host'], 'ping -c 3 {host}'),
  'ssh.port-closed': desktop(['host', 'port'], sshd('start')),
  'ssh.not-ssh': desktop(['host', 'port'], 'sudo ss -ltnp sport = :{port}'),
  'ssh.banner-timeout': desktop(['host', 'port'], sshd('restart')),
  'ssh.no-common-algorithm': desktopSeenFromLaptop(
    ['host', 'port', 'user'],
    'ssh -vv -p {port} {user}@{host} true',
  ),
  'ssh.throttled': network(['host'], 'sleep 60; offload-status'),
  'ssh.host-key-unknown': laptopSeenFromDesktop(['host', 'offered'], hostKeys),
  'ssh.host-key-changed': laptopSeenFromDesktop(['host', 'expected', 'offered', 'source'], hostKeys),
  /** The desktop's key is marked @revoked in a known_hosts file of this laptop. */
  'ssh.host-key-revoked': laptop(['host', 'offered', 'file'], "grep -n '^@revoked' {file}"),
  'ssh.key-refused': desktopSeenFromLaptop(['host', 'user', 'key'], 'offload-repair apply --builder {host}'),
  /** An admin's sign-in: the password, key or answers were wrong, or the account may not sign in. */
  'ssh.sign-in-refused': desktopSeenFromLaptop(['host', 'port', 'user'], 'ssh -p {port} {user}@{host}'),
  /** An admin's sign-in: the desktop takes other ways only. what: those it takes. */
  'ssh.sign-in-method': desktopSeenFromLaptop(
    ['host', 'port', 'user', 'what'],
    'ssh -p {port} {user}@{host}',
  ),
  /** The connection broke, or the other side spoke SSH wrongly, after it had begun. */
  'ssh.protocol-error': desktopSeenFromLaptop(
    ['host', 'port', 'user'],
    'ssh -vv -p {port} {user}@{host} true',
  ),
  'desktop.builder-user-missing': desktop(['host', 'user'], 'getent passwd {user}'),
  'desktop.builder-shell': desktop(['host', 'user'], 'getent passwd {user}'),
  'desktop.builder-locked': desktop(['host', 'user'], 'sudo passwd -S {user}'),
  /** Starting, shutting down, or closed to all but root. */
  'desktop.logins-closed': desktop(['host'], 'ls -l /run/nologin /etc/nologin'),
  'desktop.authorized-keys-missing': desktop(['host', 'user'], authorizedKeys),
  'desktop.authorized-keys-permissions': desktop(
    ['host', 'user'],
    'sudo ls -ld ~{user} ~{user}/.ssh ~{user}/.ssh/authorized_keys',
  ),
  'desktop.authorized-keys-ignored': desktop(
    ['host', 'user'],
    'sudo "$(command -v sshd || echo /usr/sbin/sshd)" -T -C user={user} | grep -i authorizedkeysfile',
  ),
  /** The keys file leads into the Nix store: only the desktop's configuration can change it. */
  'desktop.authorized-keys-declared': desktop(['host', 'user', 'file'], 'readlink -f {file}'),
  /** A link in the builder's own home leads out of it: root follows none of these to a file that it would change. */
  'desktop.authorized-keys-elsewhere': desktop(['host', 'user', 'file'], 'readlink -f {file}'),
  /** The key stands there with options that may keep Nix out: from=, command=, expiry-time= … */
  'desktop.key-restricted': desktop(['host', 'user', 'what'], authorizedKeys),
  /** sshd takes no keys at all: PubkeyAuthentication no. */
  'desktop.pubkey-off': desktop(
    ['host'],
    'sudo "$(command -v sshd || echo /usr/sbin/sshd)" -T | grep -i pubkey',
  ),
  /** what: the setting that keeps the user out, such as AllowUsers. */
  'desktop.user-not-allowed': desktop(
    ['host', 'user', 'what'],
    'sudo "$(command -v sshd || echo /usr/sbin/sshd)" -T | grep -iE "(allow|deny)(users|groups)"',
  ),
  'desktop.sudo-denied': desktop(['host', 'user'], 'groups {user}'),
  'desktop.sudo-password-wrong': desktop(['host', 'user'], 'sudo -v'),
  'desktop.sudo-needs-terminal': desktop(
    ['host', 'user'],
    'sudo grep -rn requiretty /etc/sudoers /etc/sudoers.d',
  ),
  /** doas reads a password from /dev/tty alone (readpassphrase, RPP_REQUIRE_TTY): it cannot be handed one. */
  'desktop.doas-needs-terminal': desktop(['host', 'user'], 'doas cat /etc/doas.conf'),
  'desktop.read-only': desktop(['host', 'file'], 'findmnt -T {file}'),
  /** No room where the keys file stands (nix.disk-full is about the store). */
  'desktop.disk-full': desktop(['host', 'file'], 'df -h {file}'),
  /** free, total: room where its store is, as "0.8 GiB". */
  'desktop.disk-low': desktop(['host', 'free', 'total'], 'df -h /nix/store && nix-collect-garbage --dry-run'),
  /** The desktop did not answer the survey as its script does. */
  'desktop.survey-failed': desktopSeenFromLaptop(
    ['host', 'port', 'user'],
    'ssh -p {port} {user}@{host} sh -c id',
  ),
  /** A step of a repair failed for a reason of its own; what: its command's words. */
  'desktop.repair-failed': desktop(['host', 'what'], null),
  'desktop.sshd-down': desktop(['host'], sshd('start')),
  'desktop.shell-noise': desktopSeenFromLaptop(
    ['host', 'port', 'user', 'key'],
    'sudo ssh -i {key} -p {port} {user}@{host} true',
  ),
  /** Nothing serves the store over there; what: the program that could, where one is installed. */
  'desktop.cache-service-missing': desktop(['host'], 'ls -l /etc/systemd/system/nix-serve.service'),
  'desktop.cache-service-down': desktop(['host'], 'sudo systemctl restart nix-serve'),
  'desktop.cache-key-missing': desktop(
    ['host', 'file', 'name'],
    'sudo nix-store --generate-binary-cache-key {name} {file} /var/cache-pub-key.pem',
  ),
  'desktop.cache-key-permissions': desktop(['host', 'file'], 'sudo ls -l {file}'),
  'desktop.cache-key-invalid': desktop(
    ['host', 'file'],
    'sudo cat {file} | nix --extra-experimental-features nix-command key convert-secret-to-public',
  ),
  'desktop.firewall-blocks': desktop(['host', 'port'], 'sudo iptables -S; sudo nft list ruleset'),
  'desktop.module-not-imported': desktop(['host'], 'grep -rn offload-server /etc/nixos'),
  'desktop.module-not-enabled': desktop(['host'], 'grep -rn offload-server /etc/nixos'),
  /** The configuration says it, the running system was not built of it. */
  'desktop.not-switched': desktop(['host'], 'sudo nixos-rebuild switch'),
  /** A file of the configuration has a shape that is not edited by a program. */
  'desktop.nix-edit-refused': desktop(['host', 'file'], null),
  /** A file was changed by somebody between the survey and the step. */
  'desktop.changed-meanwhile': desktop(['host', 'file'], null),
  /** what: Nix's own last error. */
  'desktop.rebuild-failed': desktop(['host', 'what'], 'sudo nixos-rebuild build'),
  'desktop.switch-failed': desktop(['host', 'what'], 'systemctl --failed'),
  /** No new connection came through to the switched system in time, so the desktop went back by itself. */
  'desktop.rolled-back': desktop(['host'], 'sudo nixos-rebuild list-generations'),
  'nix.not-found': desktopSeenFromLaptop(
    ['host', 'port', 'user', 'key'],
    'sudo ssh -i {key} -p {port} {user}@{host} nix-daemon --version',
  ),
  'nix.daemon-down': desktop(['host'], 'sudo systemctl restart nix-daemon'),
  'nix.not-trusted': desktop(['host', 'user'], setting('trusted-users')),
  /**
   * By allowed-users, or by the group of the daemon's socket, as Debian's nix-users. A daemon that ends as it opens its store
   * hangs up just so, on the wire: only its log tells them apart.
   */
  'nix.not-allowed': desktop(
    ['host', 'user'],
    `id {user}; ls -ld /nix/var/nix/daemon-socket; ${setting('allowed-users')}; sudo journalctl -u nix-daemon -n 5`,
  ),
  /** expected: the system the machines line promises or the build needs; found: what the desktop builds. */
  'nix.system-mismatch': laptop(['host', 'expected', 'found'], 'cat /etc/nix/machines'),
  'nix.feature-missing': laptop(['host', 'what'], 'cat /etc/nix/machines'),
  'nix.disk-full': desktop(['host'], 'df -h /nix/store && sudo nix-collect-garbage'),
  'nix.build-failed': desktopSeenFromLaptop(['host'], 'offload-test-build'),
  /** Nix there, or the session that it runs in, ended in the middle; the way to the desktop is open. */
  'nix.hung-up': desktop(['host'], 'sudo journalctl -u nix-daemon -n 20'),
  'nix.stalled': desktopSeenFromLaptop(['host'], 'offload-status'),
  /** The time that the person gave, or that a payload of its size may take, was over while it was still moving. */
  'nix.too-slow': desktopSeenFromLaptop(['host', 'seconds'], 'offload-test-build --timeout 10m'),
  /** All slots were taken, or another upload went on, for longer than anybody waits. */
  'nix.busy': desktopSeenFromLaptop(['host', 'seconds'], 'offload-status'),
  /** Nix over there hung up, and nobody who may be asked from here knows why: ssh-ng:// hides it, root can ask. */
  'nix.no-answer': desktopSeenFromLaptop(['host', 'user'], 'offload-test-build --ask-root'),
  /** A build that had to run on the desktop ran on this laptop, or on what leads back to it. */
  'nix.built-locally': laptop(['host'], 'cat /etc/nix/machines; getent hosts {host}'),
  /** The person stopped it: no fault of anybody's. */
  'nix.cancelled': laptop(['host'], 'offload-test-build'),
  'cache.port-closed': desktop(['url', 'host', 'port'], 'sudo systemctl restart nix-serve'),
  'cache.timeout': desktopSeenFromLaptop(['url', 'host'], 'curl -m 5 {url}/nix-cache-info'),
  'cache.http-error': desktopSeenFromLaptop(['url', 'status'], 'curl -i {url}/nix-cache-info'),
  'cache.not-a-cache': desktopSeenFromLaptop(['url'], 'curl -i {url}/nix-cache-info'),
  'cache.store-dir-mismatch': desktopSeenFromLaptop(
    ['url', 'expected', 'found'],
    'curl {url}/nix-cache-info',
  ),
  'cache.narinfo-error': desktop(['url', 'status'], 'sudo journalctl -u nix-serve -n 20'),
  'cache.unsigned': desktop(['url'], 'systemctl cat nix-serve'),
  'cache.signature-untrusted': laptop(['url', 'name'], setting('trusted-public-keys')),
  'cache.signature-invalid': laptop(['url', 'name'], setting('trusted-public-keys')),
} as const satisfies Record<string, CauseEntry>

export type CauseCode = keyof typeof causes

/** Every code, in the catalogue's order. */
export const causeCodes = Object.keys(causes) as readonly CauseCode[]
