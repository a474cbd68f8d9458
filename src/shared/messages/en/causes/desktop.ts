// Causes on the desktop and in its Nix, in English.
import type { CauseWordsOf } from '../../words.ts'

export const desktopCauses: CauseWordsOf<'desktop' | 'nix'> = {
  'desktop.builder-user-missing': {
    title: 'the user {user} does not exist on {host}',
    explain: 'Nix signs in as {user}, so without that user no build can be sent.',
    fix: 'Create {user} on {host} with a home and a real shell.',
  },
  'desktop.builder-shell': {
    title: 'the user {user} on {host} has no usable shell',
    explain: 'SSH starts Nix through the login shell. With nologin or false as the shell, nothing starts.',
    fix: 'Give {user} a real shell such as /bin/sh.',
  },
  'desktop.builder-locked': {
    title: 'the user {user} on {host} is locked',
    explain: 'SSH refuses a locked account even with the right key.',
    fix: "Unlock {user} without giving it a password: sudo usermod -p '*' {user}.",
  },
  'desktop.logins-closed': {
    title: '{host} takes no sign-ins right now',
    explain: 'It is starting or shutting down, or /etc/nologin closes it to everybody but root.',
    fix: 'Wait until {host} has started, then try again. If it stays closed, remove /run/nologin or /etc/nologin there.',
  },
  'desktop.authorized-keys-missing': {
    title: 'the builder key is not authorized for {user} on {host}',
    explain: "Your laptop's public key is in none of the files that SSH reads for {user}.",
    fix: "Add your laptop's public key to {user}'s authorized keys.",
  },
  'desktop.authorized-keys-permissions': {
    title: "SSH on {host} distrusts the permissions of {user}'s keys",
    explain: 'The file, its folder or the home may be written by others, so SSH ignores the keys in it.',
    fix: 'Take write permission from group and others: .ssh mode 700, authorized_keys mode 600, owner {user}.',
  },
  'desktop.authorized-keys-ignored': {
    title: 'SSH on {host} does not read the file your key is in',
    explain: 'The key is in place, but the settings of sshd name other files for {user}.',
    fix: 'Put the key into a file that AuthorizedKeysFile names; on NixOS, declare it in the configuration.',
  },
  'desktop.authorized-keys-declared': {
    title: "{user}'s keys on {host} come from its configuration",
    explain: '{file} is made by NixOS at each switch, so a key can only be added in the configuration.',
    fix: 'Add the key to users.users.{user}.openssh.authorizedKeys.keys on {host} and switch.',
  },
  'desktop.authorized-keys-elsewhere': {
    title: "{user}'s keys on {host} are behind a link that leads out of its home",
    explain:
      'The keys file is {file}. A link that {user} may change decides that, so nothing is written there as root.',
    fix: 'On {host}, put a real file or folder in place of the link, or add the key by hand.',
  },
  'desktop.key-restricted': {
    title: 'your key stands on {host} with options that may keep Nix out',
    explain: 'Its line begins with {what}, which limits where it may come from or what it may run.',
    fix: 'Replace the line by one that begins with restrict, or leave it if it is meant so.',
  },
  'desktop.pubkey-off': {
    title: 'SSH on {host} accepts no keys at all',
    explain: 'Its settings say PubkeyAuthentication no, so Nix cannot sign in without a person.',
    fix: 'Set PubkeyAuthentication yes on {host} and reload its SSH service.',
  },
  'desktop.user-not-allowed': {
    title: 'SSH on {host} keeps {user} out',
    explain: 'The setting {what} decides who may sign in, and {user} is not among them.',
    fix: 'Let {user} in at {what} in the SSH settings of {host}, then reload the service.',
  },
  'desktop.sudo-denied': {
    title: '{user} may not act as root on {host}',
    explain: 'Neither sudo nor doas lets {user} become root, and the repair needs it.',
    fix: 'Sign in as a user who may, or as root.',
  },
  'desktop.sudo-password-wrong': {
    title: 'sudo on {host} did not accept the password',
    explain: 'It asks for the password that {user} has on {host}.',
    fix: 'Type the password of {user} again.',
  },
  'desktop.sudo-needs-terminal': {
    title: 'sudo on {host} wants a terminal',
    explain: 'It is set to work only where a person sits at a terminal (requiretty).',
    fix: 'Allow {user} to use sudo without a terminal, or sign in as root.',
  },
  'desktop.doas-needs-terminal': {
    title: 'doas on {host} asks for a password, which only a terminal can give it',
    explain: 'Unlike sudo, doas reads the password at a terminal alone, so this app cannot pass it on.',
    fix: 'On {host}, let {user} use doas without a password (permit nopass in /etc/doas.conf), or sign in as root.',
  },
  'desktop.read-only': {
    title: '{file} on {host} cannot be written',
    explain: 'Its file system is read-only. Nothing was changed.',
    fix: 'Find out why it is read-only; after a disk error Linux makes it so.',
  },
  'desktop.disk-full': {
    title: 'there is no room on {host} for {file}',
    explain: 'The disk is full. The old file is untouched.',
    fix: 'Free some space on {host}, then try again.',
  },
  'desktop.disk-low': {
    title: 'the disk of {host} is nearly full',
    explain:
      'Only {free} of {total} are left for its store. When it is full, uploads and builds stop half-way.',
    fix: 'Free some space on {host}: nix-collect-garbage removes what nothing there needs any more.',
  },
  'desktop.survey-failed': {
    title: '{host} did not answer as expected',
    explain:
      'You are signed in, but what came back is not what was asked for. The login shell may say too much.',
    fix: 'See what a command over SSH prints there.',
  },
  'desktop.repair-failed': {
    title: 'a step of the repair failed on {host}',
    explain: 'It said: {what}.',
    fix: 'Read what the step printed; the steps before it stand, and running again goes on from there.',
  },
  'desktop.sshd-down': {
    title: 'the SSH service on {host} is stopped, or does not start with the system',
    explain: 'Builds travel over SSH, so none can be sent while it is stopped.',
    fix: 'Start the SSH service on {host} and enable it at boot.',
  },
  'desktop.shell-noise': {
    title: 'the shell of {user} on {host} prints text at sign-in',
    explain: 'Nix speaks its own protocol over that connection, and any other text breaks it.',
    fix: 'Remove what prints from the start files of the shell, or let it print only in interactive shells.',
  },
  'desktop.cache-service-missing': {
    title: '{host} has no cache service',
    explain: 'Builds can be sent, but what {host} has built or fetched cannot be fetched from it.',
    fix: 'Install nix-serve, nix-serve-ng or harmonia on {host}, then look again: the rest is set up from here.',
  },
  'desktop.cache-service-down': {
    title: 'the cache service on {host} is stopped, or does not start with the system',
    explain: 'Builds can still be sent, but nothing can be fetched from the cache.',
    fix: 'Start and enable the cache service; its journal says why it stopped.',
  },
  'desktop.cache-key-missing': {
    title: 'the signing key of the cache on {host} is missing',
    explain:
      'The cache signs with {file}. Without it, the service fails or serves paths that your laptop will not accept.',
    fix: 'Make a new key pair, then put its public half into trusted-public-keys on this laptop.',
  },
  'desktop.cache-key-permissions': {
    title: 'the cache on {host} may not read its signing key',
    explain: 'The permissions of {file} keep the cache service out, so it cannot sign.',
    fix: 'Give {file} to the user of the cache service, mode 400.',
  },
  'desktop.cache-key-invalid': {
    title: 'the signing key of the cache on {host} is damaged',
    explain: '{file} does not hold a valid key, so every signed answer fails.',
    fix: 'Put the key back from a backup, or make a new pair and trust its public half here.',
  },
  'desktop.firewall-blocks': {
    title: 'the firewall on {host} blocks port {port}',
    explain: 'The service runs, but its port is not open to your laptop.',
    fix: 'Open TCP port {port}; on NixOS, in networking.firewall.allowedTCPPorts.',
  },
  'desktop.module-not-imported': {
    title: 'the configuration of {host} does not import offload-server',
    explain: 'The NixOS module that sets up the builder user and the cache is not part of the system.',
    fix: 'Import the offload-server module in the configuration of {host} and switch.',
  },
  'desktop.module-not-enabled': {
    title: 'offload-server is not enabled on {host}',
    explain: 'The NixOS module is imported, but it is turned off, so it sets up nothing.',
    fix: 'Set services.offload-server.enable = true on {host} and switch.',
  },
  'desktop.not-switched': {
    title: '{host} does not run what its configuration says',
    explain:
      'The settings for builds are in its NixOS configuration, but the running system was built before.',
    fix: 'Build and switch to the new system on {host}.',
  },
  'desktop.nix-edit-refused': {
    title: '{file} on {host} has to be changed by hand',
    explain: 'It is written in a way that cannot be edited safely, so it was left exactly as it is.',
    fix: 'Write the lines that are shown at the place that is shown, then look again.',
  },
  'desktop.changed-meanwhile': {
    title: '{file} on {host} was changed meanwhile',
    explain: 'Somebody saved it after it was looked at. Their change was kept, and nothing was written.',
    fix: 'Look again: the plan is made anew from the file as it is now.',
  },
  'desktop.rebuild-failed': {
    title: 'the new system of {host} could not be built: {what}',
    explain:
      'Nothing was switched. The changes to its configuration were taken back, so your next rebuild starts as before.',
    fix: 'See what Nix says, mend that in the configuration of {host}, and try again.',
  },
  'desktop.switch-failed': {
    title: '{host} could not be switched to its new system: {what}',
    explain:
      'It went back to the system it ran before, and the changes to its configuration were taken back too.',
    fix: 'See which unit failed on {host}, mend that, and try again.',
  },
  'desktop.rolled-back': {
    title: '{host} went back to its old system by itself',
    explain:
      'With the new one, no new connection from this laptop came through in time. So that nobody is locked out, the old system is running again and the changed files are as they were.',
    fix: 'Look in the configuration of {host} for what stops sshd or closes its port, then try again.',
  },
  'nix.not-found': {
    title: 'Nix was not found on {host}',
    explain: 'SSH signs in as {user}, but nix-daemon is not on the PATH of its non-interactive shell.',
    fix: "Install Nix on {host}, or add its bin folder to {user}'s PATH in a file that non-interactive shells read.",
  },
  'nix.daemon-down': {
    title: 'the Nix daemon on {host} does not answer',
    explain: 'SSH works, but nothing there can build. Builds sent over ssh:// fail without a fallback.',
    fix: 'Restart nix-daemon on {host}.',
  },
  'nix.not-trusted': {
    title: 'Nix on {host} does not trust {user}',
    explain:
      'Paths that your laptop built itself carry no signature, and only a trusted user may send those.',
    fix: 'Add {user} to trusted-users on {host} and restart nix-daemon; on NixOS, to nix.settings.trusted-users.',
  },
  'nix.not-allowed': {
    title: 'Nix on {host} does not let {user} in',
    explain:
      'The daemon turns {user} away: by allowed-users, or because only a group may use its socket (nix-users on Debian). If it is neither, the daemon itself broke off, and its log says why.',
    fix: 'Add {user} to allowed-users, or on Debian to the group nix-users, then restart nix-daemon.',
  },
  'nix.system-mismatch': {
    title: '{host} cannot build for {expected}',
    explain: 'It builds for {found}. Builds for {expected} stay on this laptop or fail.',
    fix: 'Correct the systems of {host} in the machines file; on NixOS, in nix.buildMachines.',
  },
  'nix.feature-missing': {
    title: '{host} lacks the feature {what}',
    explain:
      'A build that requires {what} is only sent to a machine whose line in the machines file names it.',
    fix: 'Add {what} to the supported features of {host}, if it has them; on NixOS, in nix.buildMachines.',
  },
  'nix.disk-full': {
    title: 'the disk of {host} is full',
    explain: 'There is no room left under /nix/store, so uploads and builds stop half-way.',
    fix: 'Free some space on {host}; min-free in its nix.conf keeps this from happening again.',
  },
  'nix.build-failed': {
    title: 'the build ran on {host} and failed',
    explain: 'The connection works: the build itself ended with an error, which its log shows.',
    fix: 'Mend on {host} what the log says, then run the test build again.',
  },
  'nix.hung-up': {
    title: 'Nix on {host} hung up in the middle of the build',
    explain:
      'SSH to {host} works. Most likely nix-daemon there was restarted, as by an update, crashed, or was killed for lack of memory; over ssh-ng a short break of the network looks the same.',
    fix: 'See what its log says of that moment, then run the test build again.',
  },
  'nix.stalled': {
    title: 'the build on {host} stopped moving',
    explain:
      'Nothing was heard for a long while. The machine may have gone to sleep, or the connection may be half open.',
    fix: 'Check the state of {host}, then start the build again.',
  },
  'nix.too-slow': {
    title: 'the build was not done in time',
    explain:
      'It was given up after {seconds} s, while it was still moving. Nothing says that {host} is at fault.',
    fix: 'Give it longer with --timeout, or send less with --payload.',
  },
  'nix.busy': {
    title: '{host} is busy with other builds',
    explain: 'No slot was free for {seconds} s, so the build was not begun. That is no fault of {host}.',
    fix: 'Start it again when those builds are done.',
  },
  'nix.no-answer': {
    title: 'Nix on {host} hung up without a reason',
    explain:
      'As far as can be seen from here SSH works, but no Nix answered: it may not be installed for {user}, be stopped, or turn {user} away; or the root of this laptop, as whom Nix runs ssh, does not know the host key. Over ssh-ng, Nix does not say which.',
    fix: 'Ask as root: one ssh that changes nothing tells which it is. The repair sees it, too, signed in on {host}.',
  },
  'nix.built-locally': {
    title: 'the build ran on this laptop, not on {host}',
    explain:
      'It succeeded, but under the boot id of this laptop: Nix built it here, or {host} leads back to this laptop, as its own name or a container on it does.',
    fix: 'Check that {host} is in the machines file and leads to your desktop, and that the builders setting names that file.',
  },
  'nix.cancelled': {
    title: 'the test build on {host} was cancelled',
    explain: 'It was stopped before it could prove anything.',
    fix: 'Run it again when you like.',
  },
}
