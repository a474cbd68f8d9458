// Causes on the laptop, in English. A title reads well after "Builds run on this laptop: ".
import type { CauseWordsOf } from '../../words.ts'

export const laptopCauses: CauseWordsOf<'laptop'> = {
  'laptop.nix-missing': {
    title: 'Nix was not found on this laptop',
    explain: 'The nix command is not on your PATH, so there is nothing to offload yet.',
    fix: 'Install Nix, or start this app from a session where the nix command works.',
  },
  'laptop.nix-silent': {
    title: 'Nix on this laptop does not answer',
    explain:
      'It was started, and then no word came from it for {seconds} s. A disk or a network drive may hang, or something else may hold its store.',
    fix: 'See whether it answers in a terminal; where it does not, find out what it waits for.',
  },
  'laptop.no-builder': {
    title: 'no builder is set up',
    explain: 'Nix knows of no machine to send builds to, so every build runs on this laptop.',
    fix: 'Add your desktop to /etc/nix/machines (offload-repair laptop --first nix-builder@DESKTOP shows the line and writes it); on NixOS, set nix.buildMachines and nix.distributedBuilds = true.',
  },
  'laptop.machines-invalid': {
    title: 'line {line} of {file} cannot be read',
    explain: 'Nix stops at this line ({what}), and builds may fail until it is mended.',
    fix: 'Correct line {line} of {file}; on NixOS, correct nix.buildMachines and switch.',
  },
  'laptop.distributed-builds-off': {
    title: 'distributed builds are turned off',
    explain: 'A machines file is there, but the builders setting is empty, so Nix does not use it.',
    fix: 'Set builders = @/etc/nix/machines in nix.conf; on NixOS, set nix.distributedBuilds = true and switch.',
  },
  'laptop.builder-key-missing': {
    title: 'the builder key {key} is missing',
    explain: 'Nix signs in to your desktop with this key. Without it, no build can be sent.',
    fix: 'Make the key as root, or put it back from a backup, then authorize its .pub half on your desktop.',
  },
  'laptop.builder-key-exposed': {
    title: 'others can read the builder key {key}',
    explain: 'SSH refuses a private key that others may read, so Nix cannot sign in with it.',
    fix: 'Let only root read the key: mode 600.',
  },
  'laptop.builder-key-encrypted': {
    title: 'the builder key {key} asks for a passphrase',
    explain: 'Nix runs ssh in the background, where nobody can type one, so the key cannot be used.',
    fix: 'Take the passphrase off this key, or use another key that has none.',
  },
  'laptop.builder-pubkey-missing': {
    title: 'the public half of {key} is missing',
    explain:
      'Offloading may well work. But only root can read the private key, and without {key}.pub your desktop cannot be asked whether it accepts it.',
    fix: 'Write the public half beside the key once, as root.',
  },
  'laptop.builder-key-untestable': {
    title: 'a builder key of type {what} cannot be checked from here',
    explain:
      'Keys on hardware tokens and certificates show only in a real sign-in whether they are accepted.',
    fix: 'Run a test build: it proves the key for real.',
  },
  'laptop.file-unreadable': {
    title: 'you cannot read {file}',
    explain:
      'It is closed to your user, or it is a directory. Nix may see more of it as root, so what it says cannot be checked.',
    fix: 'Let your user read {file}, if it holds no secret; if it is a directory, put a file in its place.',
  },
  'laptop.file-unfit': {
    title: '{file} is not a plain file',
    explain:
      'It is something else ({what}). Nix, or the ssh that Nix runs, fails on it or waits for its end for ever, and so does every build.',
    fix: 'Put a plain file in the place of {file}, or take it away.',
  },
  'laptop.config-invalid': {
    title: 'line {line} of {file} cannot be read',
    explain: 'Your settings for this app have a mistake ({what}). The defaults are used in its place.',
    fix: 'Correct line {line} of {file}.',
  },
  'laptop.nix-conf-invalid': {
    title: 'Nix stops at line {line} of {file}',
    explain: 'This line cannot be read ({what}), so neither builds nor other Nix commands run.',
    fix: 'Correct line {line} of {file}; on NixOS, correct nix.settings or nix.extraOptions and switch.',
  },
  'laptop.ssh-config-invalid': {
    title: 'ssh stops at line {line} of {file}',
    explain: 'This line cannot be read ({what}), so the ssh that Nix runs reaches no builder at all.',
    fix: 'Correct line {line} of {file}; on NixOS, correct programs.ssh and switch.',
  },
  'laptop.builder-unwatched': {
    title: 'the builder {uri} cannot be watched',
    explain: 'Nix may use it, but it is not reached over SSH, so this app leaves it out.',
    fix: 'Nothing needs mending. To have it watched, write it as ssh-ng://user@host.',
  },
  'laptop.builder-port-unsupported': {
    title: 'your Nix cannot use the port in {uri}',
    explain:
      'Before version 2.31, Nix takes :{port} for a part of the name, so it never reaches this builder.',
    fix: 'Leave the port out of the URI and set Port {port} for this host in /etc/ssh/ssh_config, or update Nix.',
  },
  'laptop.host-key-pin-missed': {
    title: 'ssh looks for the host key of {host} under {name}',
    explain:
      'Line {line} of {file} holds the right key, but for {host}. As ssh_config has it, ssh asks for the key of {name}, finds none, and Nix is turned away.',
    fix: 'Set HostKeyAlias {host} for this host in /etc/ssh/ssh_config; on NixOS, in programs.ssh.extraConfig.',
  },
  'laptop.builder-no-slots': {
    title: 'the builder {uri} may run no jobs',
    explain:
      'Its row allows 0 jobs, so Nix never uses it; where this laptop may not build either, builds wait for ever.',
    fix: 'Write in the fourth column of line {line} of {file} how many jobs it may run at once; on NixOS, set maxJobs.',
  },
  'laptop.no-substituter': {
    title: 'the cache {url} is not used by this laptop',
    explain:
      'Your desktop serves a cache, but it is not among the substituters, so Nix builds again what the desktop already has.',
    fix: 'Add {url} to substituters in nix.conf; on NixOS, to nix.settings.substituters.',
  },
  'laptop.cache-key-untrusted': {
    title: 'this laptop trusts no key for the cache {url}',
    explain:
      'No public key in trusted-public-keys belongs to this cache, so Nix ignores everything it offers.',
    fix: "Add the desktop's public key to trusted-public-keys; on NixOS, to nix.settings.trusted-public-keys.",
  },
  'laptop.no-fallback': {
    title: 'a dead cache could stop your builds',
    explain:
      'The fallback setting is off: when the cache fails in the middle, Nix gives up and does not build by itself.',
    fix: 'Set fallback = true in nix.conf; on NixOS, nix.settings.fallback = true.',
  },
  'laptop.daemon-down': {
    title: 'the Nix daemon on this laptop does not answer',
    explain: 'Every build goes through the daemon, so none can start now, here or on your desktop.',
    fix: 'Restart nix-daemon.',
  },
  'laptop.daemon-refuses': {
    title: 'the Nix daemon on this laptop turns {user} away',
    explain: 'The daemon runs, but your user may not use it, so none of your builds can start.',
    fix: "Add {user} to allowed-users in nix.conf, or to the group of the daemon's socket (nix-users on Debian).",
  },
  'laptop.pkexec-missing': {
    title: 'this app cannot become an administrator here',
    explain: 'This needs root, and pkexec, which would ask for the password, was not found.',
    fix: 'Run the commands that are shown yourself, or install polkit.',
  },
  'laptop.pkexec-refused': {
    title: 'the administrator’s password was not given',
    explain: 'Nothing was changed: your system did not let this app become root.',
    fix: 'Try again and give the password, or run the commands that are shown yourself.',
  },
  'laptop.change-failed': {
    title: 'this laptop’s files could not be changed',
    explain: 'A command ended with: {what}. What was changed before it was put back.',
    fix: 'Look at the details, then try again.',
  },
  'laptop.disk-full': {
    title: 'the disk of this laptop is full',
    explain: 'There is no room left under /nix/store or /tmp, so nothing can be built or fetched.',
    fix: 'Free some space on this laptop; nix-collect-garbage removes what nothing uses.',
  },
  'laptop.ssh-missing': {
    title: 'the Nix daemon on this laptop finds no ssh',
    explain: 'Nix starts ssh to reach your desktop, but the PATH of its service has none.',
    fix: "Install OpenSSH for the whole system, or add it to the PATH of nix-daemon's service.",
  },
  'laptop.agent-empty': {
    title: 'no key agent offers a key',
    explain: 'Signing in with the agent needs one that runs in your session and holds your key.',
    fix: 'Add your key with ssh-add, or sign in another way (offload-repair: --identity or --password-stdin).',
  },
  'laptop.passphrase-wrong': {
    title: 'the passphrase does not open {key}',
    explain: 'The key is encrypted, and what was typed is not its passphrase.',
    fix: 'Type the passphrase of {key} again, or sign in another way.',
  },
  'laptop.key-invalid': {
    title: '{key} is not a private key that can be used here',
    explain: 'It holds no key in a known format. Keys on a token work through the agent only.',
    fix: 'Put the right key there, or use another file; to sign in yourself, the agent does as well.',
  },
  'laptop.nfs-stale': {
    title: 'the store of {host} mounted at {path} does not answer',
    explain:
      'Programs that touch {path} wait until {host} is back, for ever where it is mounted hard. Builds and the cache do not need it.',
    fix: 'Wake {host}, or take the mount away; an automount with the options soft and timeo keeps others from waiting.',
  },
  'laptop.nix-failed': {
    title: 'Nix on this laptop failed: {what}',
    explain: 'It stopped before any desktop was asked.',
    fix: 'Read what Nix said, then run the test build again.',
  },
  'laptop.daemon-ended': {
    title: 'the Nix daemon on this laptop ended in the middle of the build',
    explain: 'It was restarted, as by an update, or crashed. Nothing says that your desktop is at fault.',
    fix: 'Run the test build again; where that does not help, the log of nix-daemon tells why.',
  },
}
