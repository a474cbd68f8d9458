// Causes on the way to the desktop and in its SSH, in English.
import type { CauseWordsOf } from '../../words.ts'

export const sshCauses: CauseWordsOf<'net' | 'ssh'> = {
  'net.name-not-found': {
    title: 'the name {host} is not known on this network',
    explain: 'No address was found for {host}. You may be on another network, or the name may have changed.',
    fix: 'Join the network your desktop is on, or correct the name where it is written.',
  },
  'net.unreachable': {
    title: '{host} cannot be reached from this network',
    explain:
      'The network says that there is no way to {host}. You may be on another network, or a VPN may be off.',
    fix: 'Join the network your desktop is on.',
  },
  'net.timeout': {
    title: '{host} does not answer',
    explain:
      'Nothing came back in time. Your desktop may be off or asleep, you may be on another network, or a firewall drops the packets.',
    fix: 'Wake {host}, and check that both machines are on the same network.',
  },
  'net.moved': {
    title: '{host} now has the address {found}',
    explain:
      'It was at {expected} when it last worked. On another network, the same name may lead to another machine.',
    fix: 'Check that {found} is your desktop; a fixed address in your router keeps this from happening again.',
  },
  'ssh.port-closed': {
    title: 'SSH does not listen on {host}, port {port}',
    explain:
      'The machine answers, but refuses the connection: its SSH service is stopped, or listens on another port.',
    fix: 'Start the SSH service on {host}; on NixOS, set services.openssh.enable = true.',
  },
  'ssh.not-ssh': {
    title: 'port {port} on {host} is not SSH',
    explain: 'Another service answers there, or the address belongs to another machine now.',
    fix: 'Find out what listens on port {port} of {host}, or correct the port.',
  },
  'ssh.banner-timeout': {
    title: 'SSH on {host} accepts but says nothing',
    explain:
      'The connection opens on port {port}, but no greeting comes. The service may hang, or the machine may be badly overloaded.',
    fix: 'Restart the SSH service on {host}.',
  },
  'ssh.no-common-algorithm': {
    title: 'this app and {host} share no SSH algorithm',
    explain:
      'The SSH service on {host} allows only algorithms this app does not speak. The ssh that Nix uses may still get through.',
    fix: 'Allow one more key exchange or cipher on {host}, for example curve25519-sha256 and aes256-gcm@openssh.com.',
  },
  'ssh.throttled': {
    title: '{host} is holding off sign-ins from this laptop',
    explain:
      'After several refused or broken sign-ins, SSH on {host} turns this laptop away for a while. Nix is turned away too.',
    fix: 'Wait a minute; it passes by itself, and the next check comes later on purpose.',
  },
  'ssh.host-key-unknown': {
    title: 'the host key of {host} is not known yet',
    explain:
      'It showed {offered}. Nothing was sent to it. Nix may already know this key: root keeps its own list, which your user cannot read.',
    fix: 'Compare {offered} with what the command prints on {host}, then trust it here.',
  },
  'ssh.host-key-changed': {
    title: 'the host key of {host} has changed',
    explain:
      'Expected {expected} (from {source}), but {offered} was shown. It may have been installed anew, or this may be another machine. Nothing was sent to it.',
    fix: 'Compare {offered} with what the command prints on {host}; only if they agree, replace the old key in {source}.',
  },
  'ssh.host-key-revoked': {
    title: 'the host key of {host} has been revoked',
    explain: '{file} marks {offered} as @revoked, so nothing was sent to it.',
    fix: 'Find out why it was revoked; give {host} a new host key, or take the mark out of {file}.',
  },
  'ssh.key-refused': {
    title: '{host} does not accept the builder key',
    explain:
      'SSH on {host} does not let {user} in with {key}. The key may not be authorized, or {user} may not exist there.',
    fix: "Add the line in {key}.pub to {user}'s authorized keys on {host}; on NixOS, to users.users.{user}.openssh.authorizedKeys.keys.",
  },
  'ssh.sign-in-refused': {
    title: '{host} did not let {user} sign in',
    explain:
      'The password, the key or the answers were not accepted, or {user} may not sign in over SSH. Several refusals in a row lock your laptop out for a while.',
    fix: 'Check the name {user} and try again, or sign in another way.',
  },
  'ssh.sign-in-method': {
    title: '{host} does not take this way of signing in',
    explain: 'It offers {user} only: {what}.',
    fix: 'Choose one of the ways that {host} takes.',
  },
  'ssh.protocol-error': {
    title: 'the SSH connection to {host} broke off',
    explain:
      'It began well, then ended early or went wrong. A restart of the service or a bad network does that.',
    fix: 'Check again; if it stays, see what ssh itself says.',
  },
  'net.connection-lost': {
    title: 'the connection to {host} was lost half-way',
    explain:
      'The connection stood, then broke: {host} went off or to sleep, SSH was stopped on it, or the network failed.',
    fix: 'Bring {host} back, then run it again; what was finished stays.',
  },
}
