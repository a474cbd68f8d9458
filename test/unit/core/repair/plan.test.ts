// Facts -> plan: each case has exactly the steps it needs, and the words and commands that are shown are those that run.
import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import type { KeysFile, TrailEntry } from '../../../../src/core/repair/survey-facts.ts'
import { type FactsWish, factsOf, fileOf, goodLine, nixosMachine } from './facts.ts'
import { builderKey, repairTarget } from './target.ts'

const key = builderKey.public.trim()
const planOf = (wish: FactsWish, choices = {}) => makePlan(factsOf(wish), repairTarget(22), choices)
const stepsOf = (wish: FactsWish) => planOf(wish).plan.steps.map(({ id, cause }) => `${id} ${cause}`)
const unmendedOf = (wish: FactsWish) => planOf(wish).plan.unmended.map((one) => one.cause)

const push = 'push-key desktop.authorized-keys-missing'
const restricted = 'push-key desktop.key-restricted'
const modes = 'mend-permissions desktop.authorized-keys-permissions'
const home = 'mend-home desktop.authorized-keys-permissions'
// A configuration that may not be looked at: what it says is plan-nixos.test.ts.
const nixos = { os: { id: 'nixos', nixos: true }, machine: { ...nixosMachine(), nixos: null } } as const

type Case = readonly [about: string, wish: FactsWish, ...steps: string[]]
const cases: readonly Case[] = [
  ['a healthy desktop', {}],
  ['an empty file', { keys: '' }, push],
  ['no file', { keys: null }, push],
  ['the key alone, without options', { keys: `${key}\n` }],
  ['the key with options that take nothing Nix needs', { keys: `no-pty,no-X11-forwarding ${key}\n` }],
  ['the key behind a #', { keys: `# ${key}\n` }, push],
  ['the key from elsewhere', { keys: `from="10.0.0.1" ${key}\n` }, restricted],
  ['the key with a command', { keys: `restrict,command="echo \\"a b\\"" ${key}\n` }, restricted],
  [
    'from elsewhere first, then free: sshd goes on to the next',
    { keys: `from="10.0.0.1" ${key}\n${goodLine}\n` },
  ],
  [
    'a command first, then free: sshd takes the first',
    { keys: `command="x" ${key}\n${goodLine}\n` },
    restricted,
  ],
  ["the key in another line's comment", { keys: `ssh-rsa AAAA ${key}\n` }, push],
  ['CRLF', { keys: `# a\r\n${goodLine}\r\n` }],
  ['.ssh open to all', { modes: ['700', '777', '600'] }, modes],
  ['the file open to all', { modes: ['700', '700', '666'] }, modes],
  ['the file of root, closed', { owners: [998, 998, 0] }, modes],
  ['the file of root, readable', { owners: [998, 998, 0], modes: ['700', '700', '644'] }],
  ['the file of somebody else', { owners: [998, 998, 1000] }, modes],
  ['home writable by its private group, on Debian', { modes: ['770', '700', '600'] }],
  ['the same with others in the group', { modes: ['770', '700', '600'], user: { groupShared: true } }, home],
  ['the same elsewhere', { modes: ['770', '700', '600'], os: { id: 'fedora' } }, home],
  ['anything open without StrictModes', { modes: ['777', '777', '666'], sshd: { strictModes: false } }],
  ['home and file open', { modes: ['777', '700', '666'] }, home, modes],
  [
    'a nologin shell',
    { user: { shellRuns: false, shell: '/usr/sbin/nologin' } },
    'set-builder-shell desktop.builder-shell',
  ],
  ['locked, with PAM', { user: { locked: true } }],
  [
    'locked, without PAM',
    { user: { locked: true }, sshd: { usePam: false } },
    'unlock-builder desktop.builder-locked',
  ],
  ['expired', { user: { expired: true } }, 'unlock-builder desktop.builder-locked'],
  [
    'no user',
    { user: { exists: false }, files: [] },
    'create-builder-user desktop.builder-user-missing',
    'create-ssh-folder desktop.authorized-keys-missing',
    push,
  ],
  [
    'the key in a file that sshd does not read',
    { files: [fileOf('/etc/ssh/keys/nix-builder', null)], others: [fileOf('/x', `${goodLine}\n`)] },
    'push-key desktop.authorized-keys-ignored',
  ],
]

describe('a plan', () => {
  it.each(cases.map(([about, wish, ...steps]) => ({ about, wish, steps })))(
    'for $about',
    ({ wish, steps }) => {
      expect(stepsOf(wish)).toEqual(steps)
      expect(unmendedOf(wish)).toEqual([])
    },
  )

  it.each<readonly [about: string, wish: FactsWish, cause: string]>([
    ['sshd takes no keys', { sshd: { pubkey: false } }, 'desktop.pubkey-off'],
    ['AllowUsers names others', { sshd: { allowUsers: 'alice bob@10.*' } }, 'desktop.user-not-allowed'],
    ['DenyUsers matches', { sshd: { denyUsers: 'nix-*' } }, 'desktop.user-not-allowed'],
    ['a read-only file system', { keys: '', writable: false }, 'desktop.read-only'],
    ['no user on NixOS', { ...nixos, user: { exists: false }, files: [] }, 'desktop.builder-user-missing'],
    [
      'declared keys only, on NixOS',
      { ...nixos, files: [fileOf('/etc/ssh/authorized_keys.d/nix-builder', '')] },
      'desktop.authorized-keys-declared',
    ],
    [
      'a file in the Nix store',
      { files: [fileOf('/x/keys', '', { real: '/nix/store/abc-keys' })] },
      'desktop.authorized-keys-declared',
    ],
    ['sshd reads no file at all', { files: [] }, 'desktop.authorized-keys-ignored'],
    [
      'a path that turns the reading direction',
      { files: [fileOf('/x/a\u202eb', '')] },
      'desktop.authorized-keys-ignored',
    ],
    ['a path with a newline', { files: [fileOf('/x/a\nb', '')] }, 'desktop.authorized-keys-ignored'],
  ])('leaves to a person: %s', (_, wish, cause) => {
    expect(unmendedOf(wish)).toEqual([cause])
    expect(stepsOf(wish).filter((step) => step.startsWith('push-key'))).toEqual([])
  })

  const ofHome = '/var/lib/nix-builder'
  const root = (path: string, kind: TrailEntry['kind'], mode: string): TrailEntry => ({
    ...{ path, kind, mode, uid: 0, gid: 0, owner: 'root', group: 'root' },
  })
  const shadow = fileOf(`${ofHome}/.ssh/authorized_keys`, 'root:*:1::::::\n', {
    real: '/etc/shadow',
    trail: [root('/', 'folder', '755'), root('/etc', 'folder', '755'), root('/etc/shadow', 'file', '640')],
  })
  const second = fileOf(`${ofHome}/.ssh/authorized_keys2`, null)

  it.each<readonly [about: string, file: KeysFile]>([
    ['a link out of the home, to what only root may read', shadow],
    [
      'a link out of the home, to a file that root would make',
      fileOf(shadow.path, null, {
        real: '/etc/ld.so.preload',
        trail: [root('/', 'folder', '755'), root('/etc', 'folder', '755')],
      }),
    ],
    [
      'a link in place of .ssh, to a folder that would be closed to all',
      fileOf(shadow.path, null, {
        trail: [
          { ...root(ofHome, 'folder', '700'), uid: 998 },
          { ...root(`${ofHome}/.ssh`, 'link', '777'), uid: 998 },
          root(shadow.path, 'missing', ''),
        ],
      }),
    ],
  ])('follows no link of the builder’s: %s', (_, file) => {
    expect(stepsOf({ files: [file] })).toEqual([])
    expect(unmendedOf({ files: [file] })).toEqual(['desktop.authorized-keys-elsewhere'])
  })

  it('uses another file that sshd reads, where only one is such a link', () => {
    const { plan } = planOf({ files: [shadow, second] })
    expect(plan.unmended).toEqual([])
    expect(plan.steps.map(({ id, changes }) => [id, changes[0]?.path])).toEqual([['push-key', second.path]])
  })

  it('follows the home itself where that is a link: its place is root’s to choose', () => {
    const trail = [
      root('/', 'folder', '755'),
      root(ofHome, 'link', '777'),
      { ...root(`${ofHome}/.ssh`, 'folder', '700'), uid: 998 },
      root(shadow.path, 'missing', ''),
    ]
    expect(stepsOf({ files: [fileOf(shadow.path, null, { trail })] })).toEqual([push])
  })

  it('reads sshd’s patterns as sshd does, however many stars there are', () => {
    const not = (denyUsers: string) => unmendedOf({ sshd: { denyUsers } })
    const began = performance.now()
    expect(not(`${'*'.repeat(50_000)}x ${'*?'.repeat(6)}x ${'*n'.repeat(30)}`)).toEqual([])
    expect(performance.now() - began).toBeLessThan(5000)
    for (const pattern of ['*', 'nix-*', '*-builder', 'n?x*b*r', 'nix-builder*', '**'])
      expect(not(pattern), pattern).toEqual(['desktop.user-not-allowed'])
    for (const pattern of ['nix', 'nix-builder?', '*x', 'n.x-builder', '']) expect(not(pattern)).toEqual([])
  })

  it('gives NixOS a snippet that cannot break out of its string', () => {
    const [one] = planOf({ ...nixos, user: { exists: false }, files: [] }).plan.unmended
    expect(one?.snippet).toContain(`"restrict ${key} root@laptop"`)
    expect(one?.snippet).toContain('users.users.nix-builder = {')
  })

  it('lets AllowUsers with a pattern in', () => {
    expect(unmendedOf({ sshd: { allowUsers: 'alice nix-builder@10.*' } })).toEqual([])
  })

  it('shows the change of the file as a diff', () => {
    const [step] = planOf({ keys: 'ssh-rsa AAAA a\u202eb' }).plan.steps
    expect(step?.changes[0]?.diff).toBe(
      `--- /var/lib/nix-builder/.ssh/authorized_keys
+++ /var/lib/nix-builder/.ssh/authorized_keys
@@ -1,1 +1,2 @@
-ssh-rsa AAAA a\ufffdb
\\ No newline at end of file
+ssh-rsa AAAA a\ufffdb
+${goodLine}
\\ No newline at end of file
`,
    )
  })

  it('runs exactly the commands that it shows', () => {
    const { plan, codes } = planOf({
      modes: ['777', '777', '666'],
      user: { shellRuns: false, shell: '/bin/false' },
      keys: '',
    })
    for (const step of plan.steps) {
      const code = codes.get(step.id)
      expect(code?.run.map((line) => line.replaceAll("'", ''))).toEqual(
        step.commands.map((line) => line.replaceAll("'", '')),
      )
    }
  })

  it('leaves or replaces a restricted key as chosen', () => {
    const wish = { keys: `from="10.0.0.1" ${key} x\n` }
    const replaced = planOf(wish).plan.steps[0]
    expect(replaced?.choice).toEqual({ options: ['replace', 'leave'], chosen: 'replace' })
    expect(replaced?.changes[0]?.diff).toContain(`-from="10.0.0.1" ${key} x\n+${goodLine}\n`)
    const left = planOf(wish, { 'push-key': 'leave' }).plan.steps[0]
    expect(left?.choice?.chosen).toBe('leave')
    expect(left?.changes).toEqual([])
  })
})
