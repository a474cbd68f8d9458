// Every failure text that is known, old and new wording, and the cause it must become.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Where } from '../../../../src/core/test-build/failure-texts.ts'
import { createParser } from '../../../../src/core/test-build/internal-json.ts'
import { evidenceOf } from '../../../../src/core/test-build/lines.ts'
import { type Evidence, judge, judgeWords } from '../../../../src/core/test-build/verdict.ts'
import { causes } from '../../../../src/shared/causes.ts'

const builder: Evidence['builder'] = {
  uri: 'ssh://nix-builder@desktop',
  host: 'desktop',
  address: { host: '10.0.0.2', port: 22, user: 'nix-builder' },
  keyPath: '/etc/nix/builder_key',
  source: { file: '/etc/nix/machines', line: 1 },
  hostKeyLine:
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f root@desktop',
}
const evidence = (where: Where, ...lines: string[]): Evidence => ({
  builder,
  where,
  downloading: false,
  lines,
})
const causeOf = (where: Where, ...lines: string[]) => judge(evidence(where, ...lines)).problem.cause

const noMachineOld = `Failed to find a machine for remote build!
derivation: abc-offload-probe.drv
required (system, features): (x86_64-linux, )
1 available machines:
(systems, maxjobs, supportedFeatures, mandatoryFeatures)
(x86_64-linux, 4, kvm, )`
const endings = [
  'error: unable to start any build; remote machines may not have all required system features.\nhttps://nixos.org/manual/nix/stable/advanced-topics/distributed-builds.html',
  "\u001b[31;1merror:\u001b[0m\n                           Unable to start any build;\n                           remote machines may not have all required system features.\n\n    For more information run 'man nix.conf' and search for '/machines'.",
  "error: Cannot build '/nix/store/abc-offload-probe.drv'.\nReason: \u001b[31;1mlocal builds are disabled\u001b[0m (max-jobs = 0)\nHint: set 'max-jobs' to a non-zero value to enable local builds, or configure remote builders via 'builders'",
]

/** ssh's words -> cause. */
const sshRows: readonly (readonly [string, string])[] = [
  ['ssh: connect to host desktop port 22: Connection refused', 'ssh.port-closed'],
  ['ssh: connect to host desktop port 22: No route to host', 'net.unreachable'],
  ['ssh: connect to host desktop port 22: Connection timed out', 'net.timeout'],
  ['ssh: Could not resolve hostname desktop: Name or service not known', 'net.name-not-found'],
  [
    'Connection timed out during banner exchange\r\nConnection to 127.0.0.1 port 2299 timed out',
    'ssh.banner-timeout',
  ],
  [
    'No ED25519 host key is known for desktop and you have requested strict checking.\r\nHost key verification failed.',
    'ssh.host-key-unknown',
  ],
  ['Host key verification failed.', 'ssh.host-key-unknown'],
  [
    '@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nSHA256:qoEO5sCMYHXYOGzmsBMJ8+DfHz2a8VKsim1Bje3d8h0.\r\nOffending ED25519 key in /root/.ssh/known_hosts:3\r\nHost key for [127.0.0.1]:2222 has changed and you have requested strict checking.\r\nHost key verification failed.',
    'ssh.host-key-changed',
  ],
  ['nix-builder@desktop: Permission denied (publickey).', 'ssh.key-refused'],
  [
    'Warning: Identity file /etc/nix/nokey not accessible: No such file or directory.\nnix-builder@desktop: Permission denied (publickey).',
    'laptop.builder-key-missing',
  ],
  [
    '@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nPermissions 0644 for \'/etc/nix/builder_key\' are too open.\nLoad key "/etc/nix/builder_key": bad permissions\nPermission denied (publickey).',
    'laptop.builder-key-exposed',
  ],
  [
    'ssh: Could not resolve hostname desktop:22: Name or service not known',
    'laptop.builder-port-unsupported',
  ],
  [
    'Your account has expired; please contact your system administrator.\nConnection closed by 10.0.0.2 port 22',
    'desktop.builder-locked',
  ],
  [
    'System is booting up. Unprivileged users are not permitted to log in yet. Please come back later.\n\nConnection closed by 10.0.0.2 port 22',
    'desktop.logins-closed',
  ],
  [
    '/bin/sh: 1: exec: nc: not found\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535',
    'ssh.protocol-error',
  ],
  ['kex_exchange_identification: read: Connection reset by peer', 'ssh.throttled'],
  ['Connection reset by 10.0.0.2 port 22', 'ssh.throttled'],
  ['kex_exchange_identification: banner line 0: HTTP/1.1 400 Bad Request', 'ssh.not-ssh'],
  [
    'Unable to negotiate with 10.0.0.2 port 22: no matching key exchange method found.',
    'ssh.no-common-algorithm',
  ],
  ['/bin/bash: line 1: nix-store: command not found', 'nix.not-found'],
  ['bash: line 1: nix-daemon: command not found', 'nix.not-found'],
  ['zsh:1: command not found: nix-store', 'nix.not-found'],
  ['sh: 1: nix-store: not found', 'nix.not-found'],
]

describe('ssh’s words', () => {
  it('name the key that the machines row expects, where ssh does not', () => {
    const words = 'Host key for desktop has changed and you have requested strict checking.'
    expect(judgeWords(words, evidence('connecting'))?.params).toMatchObject({
      expected: expect.stringMatching(/^SHA256:/),
      source: 'machines',
    })
  })

  it.each(sshRows)('%j is %s, in the old and in the new wording of Nix', (words, cause) => {
    for (const lead of [
      "cannot connect to 'nix-builder@desktop': ",
      "failed to start SSH connection to '\u001b[35;1mnix-builder@desktop\u001b[0m': ",
      "failed to start SSH connection to 'desktop': ",
    ]) {
      const line = `cannot build on 'ssh://nix-builder@desktop': \u001b[31;1merror:\u001b[0m ${lead}${words}`
      for (const ending of endings) expect(causeOf('connecting', line, noMachineOld, ending)).toBe(cause)
    }
  })

  it.each(sshRows)('%j is %s in the journal too', (words, cause) => {
    expect(
      judgeWords(`accepted connection from pid 7, user alice\n${words}\n`, evidence('connecting'))?.cause,
    ).toBe(cause)
  })

  it('carry the names that the text needs', () => {
    const changed = sshRows.find(([, cause]) => cause === 'ssh.host-key-changed')?.[0] ?? ''
    expect(judgeWords(changed, evidence('connecting'))?.params).toMatchObject({
      host: 'desktop',
      offered: 'SHA256:qoEO5sCMYHXYOGzmsBMJ8+DfHz2a8VKsim1Bje3d8h0',
      source: '/root/.ssh/known_hosts:3',
    })
  })
})

/** Connect failures that name their reason themselves. */
const connectRows: readonly (readonly [string, string])[] = [
  [
    "error: 'nix-store --serve' protocol mismatch from 'nix-builder@desktop', got 'Welcome to desktop\n'",
    'desktop.shell-noise',
  ],
  [
    "error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: protocol mismatch, got 'Welcome to desktop'",
    'desktop.shell-noise',
  ],
  [
    "error: 'nix-store --serve' protocol mismatch from 'desktop', got 'This account is currently not available.\n'",
    'desktop.builder-shell',
  ],
  [
    "error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: protocol mismatch, got 'This account is currently not available.'",
    'desktop.builder-shell',
  ],
  ["error: unable to execute 'ssh': No such file or directory", 'laptop.ssh-missing'],
]

describe('a machine that cannot be used', () => {
  it.each(connectRows)('%j is %s', (words, cause) => {
    for (const ending of endings)
      expect(
        causeOf('connecting', `cannot build on 'ssh://nix-builder@desktop': ${words}`, noMachineOld, ending),
      ).toBe(cause)
  })

  it.each([
    "error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: unexpected end-of-file",
    "error: failed to start SSH connection to 'nix-builder@desktop'",
    "error: failed to start SSH connection to 'desktop'",
    "error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: Nix daemon disconnected unexpectedly (maybe it crashed?)",
  ])('%j hides its reason, and says so', (words) => {
    for (const ending of endings) {
      const verdict = judge(
        evidence(
          'connecting',
          `cannot build on 'ssh-ng://nix-builder@desktop': ${words}`,
          noMachineOld,
          ending,
        ),
      )
      expect(verdict).toMatchObject({ hidden: true, problem: { cause: 'nix.no-answer' } })
      expect(verdict.problem.raw).toContain('cannot build on')
    }
  })

  it.each([
    '',
    ': channel 0: open failed: connect failed: open failed',
    ": error: syntax error in configuration line 'not a line' in '/etc/nix/nix.conf'",
    ': WARNING: Your password has expired.\nPassword change required but no TTY available.',
  ])('that nobody knows (%j) are never taken for a feature that is missing', (words) => {
    for (const ending of endings) {
      const refused = `cannot build on 'ssh://nix-builder@desktop': error: cannot connect to 'nix-builder@desktop'${words}`
      const verdict = judge(evidence('connecting', refused, noMachineOld, ending))
      expect(verdict).toMatchObject({ hidden: true, problem: { cause: 'nix.no-answer' } })
      expect(verdict.problem.raw).toContain(words)
    }
  })
})

describe('words of Nix', () => {
  it.each<readonly [Where, string, string]>([
    [
      'laptop',
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
      'laptop.daemon-down',
    ],
    [
      'laptop',
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Permission denied",
      'laptop.daemon-refuses',
    ],
    ['laptop', 'error: writing to file: No space left on device', 'laptop.disk-full'],
    ['laptop', 'error: something else', 'laptop.nix-failed'],
    [
      'laptop',
      "error: bad machine specification: failed to convert column #3 in a row: 'x' to 'unsigned int'",
      'laptop.machines-invalid',
    ],
    [
      'laptop',
      "error: unable to download 'http://desktop:5000/abc.narinfo': Couldn't connect to server (7)",
      'cache.port-closed',
    ],
    [
      'laptop',
      "error: unable to download 'http://desktop:5000/abc.narinfo': HTTP error 500",
      'cache.http-error',
    ],
    [
      'taken',
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused\nerror: unexpected end-of-file",
      'nix.daemon-down',
    ],
    [
      'taken',
      "error: getting status of '/nix/var/nix/daemon-socket/socket': Permission denied",
      'nix.not-allowed',
    ],
    [
      'taken',
      "error: cannot open connection to remote store 'daemon': error: reading from file: Connection reset by peer\nerror: unexpected end-of-file",
      'nix.not-allowed',
    ],
    [
      'taken',
      'error: you are not privileged to build input-addressed derivations\nerror: unexpected end-of-file',
      'nix.not-trusted',
    ],
    [
      'taken',
      "error: cannot add path '/nix/store/a-b' because it lacks a valid signature",
      'nix.not-trusted',
    ],
    [
      'taken',
      "error: cannot add path '/nix/store/a-b' because it lacks a signature by a trusted key",
      'nix.not-trusted',
    ],
    ['taken', 'error: writing to file: No space left on device', 'nix.disk-full'],
    ['taken', 'note: build failure may have been caused by lack of free disk space', 'nix.disk-full'],
    [
      'taken',
      "error: a 'aarch64-linux' with features {} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with features {kvm}",
      'nix.system-mismatch',
    ],
    [
      'taken',
      "error: a 'x86_64-linux' with features {kvm} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with features {benchmark}",
      'nix.feature-missing',
    ],
    [
      'taken',
      "Cannot build '/nix/store/a.drv'.\nReason: required system or feature not available\nRequired system: 'aarch64-linux' with features {}\nCurrent system: 'x86_64-linux' with features {kvm}",
      'nix.system-mismatch',
    ],
    [
      'taken',
      "Cannot build '/nix/store/a.drv'.\nReason: platform mismatch\nRequired system: 'aarch64-linux'\nCurrent system: 'x86_64-linux'",
      'nix.system-mismatch',
    ],
    [
      'taken',
      "Cannot build '/nix/store/a.drv'.\nReason: missing system features\nRequired features: {kvm}\nAvailable features: {benchmark, big-parallel}",
      'nix.feature-missing',
    ],
    [
      'taken',
      "error: build of '/nix/store/a-offload-probe.drv' on 'ssh-ng://desktop' failed: builder for '/nix/store/a-offload-probe.drv' failed with exit code 3;",
      'nix.build-failed',
    ],
    // Of a desktop that is gone this laptop's daemon tells, and that the build failed.
    [
      'taken',
      "error: unexpected end-of-file\nerror: builder for '/nix/store/a-offload-probe.drv' failed with exit code 1",
      'net.connection-lost',
    ],
    [
      'taken',
      "error: Nix daemon disconnected unexpectedly (maybe it crashed?)\nerror: Cannot build '/nix/store/a-offload-probe.drv'.\nReason: builder failed with exit code 1.",
      'net.connection-lost',
    ],
    ['taken', 'error: unexpected end-of-file', 'laptop.daemon-ended'],
    ['connecting', 'error: unexpected end-of-file', 'laptop.daemon-ended'],
    ['laptop', 'error: Nix daemon disconnected unexpectedly (maybe it crashed?)', 'laptop.daemon-ended'],
    [
      'taken',
      'client_loop: send disconnect: Broken pipe\nerror: writing to file: Broken pipe',
      'net.connection-lost',
    ],
    [
      'connecting',
      `${noMachineOld.replace('(x86_64-linux, )', '(aarch64-linux, )')}\n${endings[0]}`,
      'nix.system-mismatch',
    ],
    [
      'connecting',
      `${noMachineOld.replace('(x86_64-linux, )', '(x86_64-linux, [big-parallel])')}\n${endings[1]}`,
      'nix.feature-missing',
    ],
    [
      'connecting',
      "error: unable to start any build; either increase '--max-jobs' or enable remote builds.",
      'laptop.distributed-builds-off',
    ],
    ['connecting', endings[2] ?? '', 'laptop.distributed-builds-off'],
  ])('%s: %j is %s', (where, words, cause) => {
    const { problem } = judge(evidence(where, words))
    expect(problem.cause).toBe(cause)
    expect(problem.raw).not.toBe('')
    for (const name of causes[problem.cause].params) expect(problem.params).toHaveProperty(name)
  })

  it('blames this laptop for a full disk while outputs come back', () => {
    const lines = ['error: writing to file: No space left on device']
    expect(judge({ ...evidence('taken'), downloading: true, lines }).problem.cause).toBe('laptop.disk-full')
  })

  it('forgets what another machine said once one has taken the build', () => {
    const other =
      "cannot build on 'ssh://other': error: cannot connect to 'other': ssh: connect to host other port 22: Connection refused"
    expect(
      causeOf('taken', other, 'error: you are not privileged to build input-addressed derivations'),
    ).toBe('nix.not-trusted')
  })

  it('lays what one machine said at no other’s door', () => {
    const other =
      "cannot build on 'ssh://other': error: cannot connect to 'other': WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"
    const own =
      "cannot build on 'ssh://nix-builder@desktop': error: cannot connect to 'desktop': Permission denied (publickey)."
    for (const lines of [
      [other, own],
      [own, other],
    ])
      expect(judge(evidence('connecting', ...lines))).toMatchObject({
        several: true,
        problem: { cause: 'ssh.key-refused', raw: lines.join('\n') },
      })
    const silent = "cannot build on 'ssh://nix-builder@desktop': error: unexpected end-of-file"
    expect(judge(evidence('connecting', other, silent))).toMatchObject({ hidden: true })
  })

  it('takes a refusal in words that nobody knows for no missing feature', () => {
    const lines = [
      "cannot build on 'ssh://b@desktop': error: Broken pipe",
      'Failed to find a machine for remote build!',
      'required (system, features): (x86_64-linux, [])',
      '1 available machines:',
      '(systems, maxjobs, supportedFeatures, mandatoryFeatures)',
      '([x86_64-linux], 4, [], [])',
      'error: unable to start any build; remote machines may not have all required system features.',
    ]
    expect(judge(evidence('connecting', ...lines))).toMatchObject({
      hidden: true,
      problem: { cause: 'nix.no-answer', raw: expect.stringContaining('Broken pipe') },
    })
  })

  it('do not blame this laptop where it is the desktop that builds nothing itself', () => {
    const words =
      "error: build of '/nix/store/x-offload-probe-x.drv' on 'ssh://desktop' failed: error:\n   Unable to start any build;\n   either increase '--max-jobs' or enable remote builds.\nerror: builder for '/nix/store/x-offload-probe-x.drv' failed with exit code 1"
    expect(causeOf('taken', words)).toBe('nix.build-failed')
  })

  it('names which feature is missing', () => {
    const words =
      "a 'x86_64-linux' with features {kvm, big-parallel} is required to build 'x', but I am a 'x86_64-linux' with features {big-parallel}"
    expect(judge(evidence('taken', words)).problem.params).toMatchObject({ what: 'kvm', host: 'desktop' })
  })
})

describe('recorded failures', () => {
  const folder = fileURLToPath(new URL('../../../fixtures/internal-json/', import.meta.url))
  it.each<readonly [string, Where, string]>([
    ['nix-2.8-ssh-ng-refused', 'connecting', 'nix.no-answer'],
    ['nix-2.8-ssh-refused', 'connecting', 'ssh.key-refused'],
    ['nix-2.8-ssh-ng-not-trusted', 'taken', 'nix.not-trusted'],
    ['nix-2.26-ssh-refused', 'connecting', 'ssh.key-refused'],
    // Root without a daemon: ssh speaks to the terminal itself.
    ['nix-2.26-ssh-ng-refused', 'connecting', 'ssh.key-refused'],
    ['nix-2.34-ssh-refused', 'connecting', 'ssh.key-refused'],
    ['nix-2.34-ssh-ng-refused', 'connecting', 'nix.no-answer'],
    ['nix-2.34-ssh-not-trusted', 'taken', 'nix.not-trusted'],
    ['nix-2.34-ssh-ng-not-trusted', 'taken', 'nix.not-trusted'],
  ])('%s (%s) is %s', (name, where, cause) => {
    const events = createParser().push(readFileSync(`${folder}${name}.txt`))
    const lines = events.map(evidenceOf).filter((line) => line !== null)
    expect(causeOf(where, ...lines)).toBe(cause)
  })
})
