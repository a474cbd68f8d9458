// What a laptop lacks -> the needs and the files as they should be, a row a case.
import { describe, expect, it } from 'vitest'
import type { Ground } from '../../../../src/core/laptop-side/ground.ts'
import type { Known } from '../../../../src/core/laptop-side/needs.ts'
import { planLaptop } from '../../../../src/core/laptop-side/plan.ts'
import { builder, cache, laptop, withSettings } from '../monitor/fixtures.ts'
import {
  address,
  cacheKey,
  ground,
  hostKeyLine,
  known,
  machines,
  nixConf,
  otherKey,
  sshConfig,
} from './ground.ts'

const row = 'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 - - QUJD'
const seen = (facts = laptop(), more: Partial<Ground['seen']> = {}): Ground['seen'] => ({
  facts,
  connectTimeout: '5',
  sshGivesUp: true,
  ...more,
})

/** The needs' ids, and the files that change, as they will be. */
function plan(change: Partial<Known>, files: Record<string, string | null>, more: Partial<Ground> = {}) {
  const planned = planLaptop(known(change), ground(files, more))
  const needs = planned.plan.needs.map((need) => need.id)
  const after = Object.fromEntries(planned.placements.map(({ path, after: text }) => [path, text]))
  return { ...planned, needs, after }
}

const healthy = { [nixConf]: 'fallback = true\n', [machines]: `${row}\n` }

describe('a laptop that has all it needs', () => {
  it('needs nothing, changes nothing, and shows no snippet', () => {
    const { needs, after, restart, makeKey, plan: shown } = plan({}, healthy)
    expect({ needs, after, restart, makeKey }).toEqual({
      needs: [],
      after: {},
      restart: false,
      makeKey: null,
    })
    expect(shown).toMatchObject({ changes: [], commands: [], byHand: [], snippet: '', canApply: false })
  })

  it('needs nothing where the desktop names the key that it trusts already', () => {
    const facts = withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA', cacheKey] })
    expect(plan({ cacheKey }, healthy, { seen: seen(facts) }).needs).toEqual([])
  })
})

describe('nix.conf', () => {
  it('says fallback in the line that counts', () => {
    const text = 'fallback = true\n# later\n  fallback  =  false   # no\nmax-jobs = 2'
    const done = plan({}, { ...healthy, [nixConf]: text }, { seen: seen(withSettings({ fallback: false })) })
    expect(done.needs).toEqual(['fallback'])
    expect(done.after).toEqual({
      [nixConf]: 'fallback = true\n# later\n  fallback  =  true   # no\nmax-jobs = 2',
    })
    expect(done.restart).toBe(true)
    expect(done.plan.commands).toEqual(['systemctl restart nix-daemon'])
  })

  it('says it as advice alone where a dead cache stops no build', () => {
    const facts = { ...withSettings({ fallback: false }), nixVersion: '2.32.0' }
    expect(plan({}, healthy, { seen: seen(facts) }).plan.needs).toMatchObject([
      { id: 'fallback', advice: true },
    ])
  })

  it('says it in a line more where none does, after a last line without a newline too', () => {
    const done = plan({}, { [nixConf]: 'max-jobs = 2' }, { seen: seen(withSettings({ fallback: false })) })
    expect(done.after).toEqual({ [nixConf]: 'max-jobs = 2\nfallback = true\n' })
  })

  it('is made where there is none', () => {
    const done = plan({}, { [nixConf]: null }, { seen: seen(withSettings({ fallback: false })) })
    expect(done.after).toEqual({ [nixConf]: 'fallback = true\n' })
    expect(done.plan.changes[0]?.diff).toMatch(/^--- \/dev\/null\n/)
  })

  it('leaves a file that an installer writes anew alone, and uses the one it includes', () => {
    const files = { [nixConf]: '# managed\n!include nix.custom.conf\n', '/etc/nix/nix.custom.conf': null }
    const done = plan({}, files, { seen: seen(withSettings({ fallback: false })) })
    expect(done.after).toEqual({ '/etc/nix/nix.custom.conf': 'fallback = true\n' })
    expect(done.restart).toBe(true)
  })

  it('turns distributed builds on in the empty line', () => {
    const facts = withSettings({ builders: '' })
    const done = plan({}, { ...healthy, [nixConf]: 'builders =\nfallback = true\n' }, { seen: seen(facts) })
    expect(done.needs).toEqual(['distributed-builds'])
    expect(done.after).toEqual({ [nixConf]: 'builders = @/etc/nix/machines\nfallback = true\n' })
  })

  it('gets the substituter and the key as lines of their own, once the cache answers', () => {
    const facts = laptop({
      caches: [{ ...cache, isSubstituter: false }],
      settings: withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA'] }).settings,
    })
    const files = { [nixConf]: 'substituters = https://cache.nixos.org\r\n' }
    const done = plan({ cacheKey }, files, { seen: seen(facts) })
    expect(done.needs).toEqual(['substituter', 'cache-key'])
    expect(done.after[nixConf]).toBe(
      `substituters = https://cache.nixos.org\r\nextra-substituters = http://desktop:5000\nextra-trusted-public-keys = ${cacheKey}\n`,
    )
    expect(plan({ cacheKey, cacheAnswers: false }, files, { seen: seen(facts) }).needs).toEqual([])
  })

  it('adds to the list after the plain line, or Nix would forget it again', () => {
    const facts = laptop({ caches: [{ ...cache, isSubstituter: false }] })
    const files = {
      [nixConf]: '!include nix.custom.conf\nsubstituters = https://cache.nixos.org\n',
      '/etc/nix/nix.custom.conf': '',
    }
    const done = plan({}, files, { seen: seen(facts) })
    expect(Object.keys(done.after)).toEqual([nixConf])
  })

  it('exchanges a key that was made anew under the old name, in its place: Nix keeps the first', () => {
    const facts = withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA', otherKey] })
    const text = `trusted-public-keys = cache.nixos.org-1:AAAA  ${otherKey} # ours\nextra-trusted-public-keys = a:b\n`
    const done = plan({ cacheKey }, { [nixConf]: text }, { seen: seen(facts) })
    expect(done.needs).toEqual(['cache-key-renewed'])
    expect(done.after[nixConf]).toBe(text.replace(otherKey, cacheKey))
  })

  it('names a key that nobody has read yet, and changes nothing for it', () => {
    const facts = withSettings({ trustedPublicKeys: ['cache.nixos.org-1:AAAA'] })
    const done = plan({}, { [nixConf]: '' }, { seen: seen(facts) })
    expect(done.plan.needs).toEqual([{ id: 'cache-key', params: {}, advice: false, unknown: true }])
    expect(done.after).toEqual({})
    const refused = plan({ signatureRefused: true }, { [nixConf]: '' })
    expect(refused.plan.needs).toMatchObject([{ id: 'cache-key', unknown: true }])
  })

  it('needs no key where Nix asks for none', () => {
    const facts = withSettings({ trustedPublicKeys: [], requireSigs: false })
    expect(plan({ cacheKey }, healthy, { seen: seen(facts) }).needs).toEqual([])
  })

  it('gets a limit for downloads where Nix is older than 2.29 and none is set', () => {
    const done = plan({}, healthy, { seen: seen(laptop({ nixVersion: '2.28.5' }), { connectTimeout: null }) })
    expect(done.plan.needs).toMatchObject([{ id: 'connect-timeout', advice: true }])
    const later = seen(laptop({ nixVersion: '2.29.0' }), { connectTimeout: null })
    expect(plan({}, healthy, { seen: later }).needs).toEqual([])
  })
})

describe('the machines file', () => {
  const unpinned = builder('desktop', { address, hostKeyLine: null, source: { file: machines, line: 2 } })
  const column = Buffer.from(hostKeyLine).toString('base64')

  it.each([
    [
      'ssh-ng://nix-builder@desktop x86_64-linux /k 4 1 - - - # mine',
      `ssh-ng://nix-builder@desktop x86_64-linux /k 4 1 - - ${column} # mine`,
    ],
    [
      '  ssh-ng://nix-builder@desktop\tx86_64-linux  ',
      `  ssh-ng://nix-builder@desktop\tx86_64-linux - - - - - ${column}  `,
    ],
    [
      'ssh://o@other - - 1;ssh-ng://nix-builder@desktop - /k',
      `ssh://o@other - - 1;ssh-ng://nix-builder@desktop - /k - - - - ${column}`,
    ],
  ])('pins the host key in %s', (line, pinned) => {
    const text = `# first\n${line}\nssh://third\n`
    const change = { builder: unpinned, onlyAppTrusts: true }
    const done = plan(change, { [machines]: text, [nixConf]: '' })
    expect(done.plan.needs).toMatchObject([{ id: 'pin-host-key', advice: false }])
    expect(done.after).toEqual({ [machines]: `# first\n${pinned}\nssh://third\n` })
    // Nix reads the machines file at each build.
    expect(done.restart).toBe(false)
  })

  it('pins as advice where others than this app may know the key, and never an unknown one', () => {
    const files = { [machines]: `#\n${row}\n` }
    expect(plan({ builder: unpinned }, files).plan.needs).toMatchObject([
      { id: 'pin-host-key', advice: true },
    ])
    expect(plan({ builder: unpinned, hostKeyLine: null }, files).needs).toEqual([])
  })

  const first = { builder: null, host: 'desktop', hostKeyLine: null }
  const newRow =
    'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 benchmark,big-parallel - -'
  const empty = laptop({ builders: [], caches: [] })

  it('gets a first row, comments kept', () => {
    const done = plan(first, { [machines]: '# nobody yet', [nixConf]: '' }, { seen: seen(empty) })
    expect(done.needs).toEqual(['builder-row'])
    expect(done.after).toEqual({ [machines]: `# nobody yet\n${newRow}\n` })
  })

  it('gets it in the file that builders names, or in nix.conf itself where the rows stand there', () => {
    const elsewhere = laptop({ ...empty, settings: withSettings({ builders: '@/etc/nix/mine' }).settings })
    const there = plan(first, { '/etc/nix/mine': null }, { seen: seen(elsewhere) })
    expect(there.after).toEqual({ '/etc/nix/mine': `${newRow}\n` })
    const literal = laptop({ ...empty, settings: withSettings({ builders: 'ssh://a' }).settings })
    const text = 'builders = ssh://a # one\n'
    const inside = plan(first, { [nixConf]: text }, { seen: seen(literal) })
    expect(inside.after).toEqual({ [nixConf]: `builders = ssh://a ; ${newRow} # one\n` })
  })

  it('turns builds on and writes the first row in one go', () => {
    const off = laptop({ ...empty, settings: withSettings({ builders: '' }).settings })
    const done = plan(first, { [machines]: null, [nixConf]: 'builders =\n' }, { seen: seen(off) })
    expect(done.needs).toEqual(['builder-row', 'distributed-builds'])
    expect(done.after).toEqual({
      [machines]: `${newRow}\n`,
      [nixConf]: 'builders = @/etc/nix/machines\n',
    })
  })
})

describe('the builder key', () => {
  it('is made where the row misses it', () => {
    const keys = new Map([[builder().id, { state: 'missing', path: '/etc/nix/builder_key' } as const]])
    const done = plan({}, healthy, { seen: seen(laptop({ keys })) })
    expect(done.needs).toEqual(['builder-key'])
    expect(done.makeKey).toBe('/etc/nix/builder_key')
    expect(done.plan.byHand).toEqual([
      "sudo ssh-keygen -q -t ed25519 -N '' -C builder -f /etc/nix/builder_key",
    ])
  })
})

describe('ssh', () => {
  it('gets a host entry of its own where it would wait for minutes', () => {
    const done = plan({}, healthy, { seen: seen(laptop(), { sshGivesUp: false }) })
    expect(done.plan.needs).toMatchObject([{ id: 'ssh-timeout', advice: true }])
    expect(done.after).toEqual({
      '/etc/ssh/ssh_config.d/offload-tray.conf':
        'Host desktop\n  ConnectTimeout 5\n  ServerAliveInterval 15\n  ServerAliveCountMax 3\n',
    })
  })

  it('gets it at the end of ssh_config where no folder is included', () => {
    const files = { ...healthy, [sshConfig]: 'Host *\n  HashKnownHosts yes\n' }
    const more = { seen: seen(laptop(), { sshGivesUp: false }), sshFiles: [sshConfig] }
    expect(plan({}, files, more).after[sshConfig]).toMatch(/^Host \*\n {2}HashKnownHosts yes\nHost desktop\n/)
  })
})

describe('a desktop that moved', () => {
  const move = { from: '192.168.15.6', to: '192.168.15.7' }
  const moved = builder('192.168.15.6', {
    address: { host: '192.168.15.6', port: 22, user: 'nix-builder' },
    hostKeyLine,
    source: { file: machines, line: 1 },
  })
  const files = {
    [machines]:
      'ssh-ng://nix-builder@192.168.15.6 x86_64-linux /k 4 # not 192.168.15.6\nssh://b@192.168.15.60\n',
    [nixConf]: 'substituters = http://192.168.15.6:5000 https://cache.nixos.org\nfallback = true\n',
    [sshConfig]: 'Host 192.168.15.6 desktop\n  HostName 192.168.15.6\n  # 192.168.15.6\n',
    '/etc/ssh/ssh_known_hosts': '192.168.15.6,[192.168.15.6]:2222 ssh-ed25519 AAAA\n',
    '/etc/hosts': '192.168.15.6\tdesktop # 192.168.15.6\n1192.168.15.6 x\n',
    '/home/alice/.ssh/config': 'HostName 192.168.15.6\n',
  }
  const facts = laptop({ builders: [moved], caches: [{ ...cache, url: 'http://192.168.15.6:5000' }] })

  it('is one change: every line that names the old address, with the new one, and no other byte', () => {
    const change = { host: '192.168.15.6', builder: moved, move }
    const done = plan(change, files, { seen: seen(facts) })
    expect(done.needs).toEqual(['new-address'])
    expect(done.after).toEqual({
      [machines]:
        'ssh-ng://nix-builder@192.168.15.7 x86_64-linux /k 4 # not 192.168.15.6\nssh://b@192.168.15.60\n',
      [nixConf]: 'substituters = http://192.168.15.7:5000 https://cache.nixos.org\nfallback = true\n',
      [sshConfig]: 'Host 192.168.15.7 desktop\n  HostName 192.168.15.7\n  # 192.168.15.6\n',
      '/etc/ssh/ssh_known_hosts': '192.168.15.7,[192.168.15.7]:2222 ssh-ed25519 AAAA\n',
      '/etc/hosts': '192.168.15.7\tdesktop # 192.168.15.6\n1192.168.15.6 x\n',
    })
    const places = done.plan.move?.places.map((place) => `${place.file}:${place.line} ${place.ours}`)
    expect(places).toEqual([
      `${machines}:1 true`,
      `${nixConf}:1 true`,
      `${sshConfig}:1 true`,
      `${sshConfig}:2 true`,
      '/etc/ssh/ssh_known_hosts:1 true',
      '/etc/hosts:1 true',
      '/home/alice/.ssh/config:1 false',
    ])
    expect(done.plan.snippet).toContain('host = "192.168.15.7";')
  })

  it('pins the host key on the way where root might not know the new address', () => {
    const unpinned = { ...moved, hostKeyLine: null }
    const done = plan({ host: '192.168.15.6', builder: unpinned, move }, files, { seen: seen(facts) })
    expect(done.needs).toEqual(['new-address', 'pin-host-key'])
    const [line] = (done.after[machines] ?? '').split('\n')
    expect(line).toBe(
      `ssh-ng://nix-builder@192.168.15.7 x86_64-linux /k 4 - - - ${Buffer.from(hostKeyLine).toString('base64')} # not 192.168.15.6`,
    )
  })

  it('knows IPv6 with and without its brackets', () => {
    const change = {
      host: 'fd00::6',
      builder: builder('fd00::6', { hostKeyLine }),
      move: { from: 'fd00::6', to: '10.0.0.7' },
    }
    const some = { [machines]: 'ssh-ng://b@[fd00::6] -\nssh://b@[fd00::60]\n', '/etc/hosts': 'fd00::6 d\n' }
    expect(plan(change, some, { seen: seen(facts) }).after).toEqual({
      [machines]: 'ssh-ng://b@10.0.0.7 -\nssh://b@[fd00::60]\n',
      '/etc/hosts': '10.0.0.7 d\n',
    })
  })
})

describe('NixOS', () => {
  it('gets the snippet and no change of a file', () => {
    const facts = withSettings({ fallback: false, trustedPublicKeys: ['cache.nixos.org-1:AAAA'] })
    const done = plan({ cacheKey }, healthy, { nixos: true, seen: seen(facts) })
    expect(done.after).toEqual({})
    expect(done.plan).toMatchObject({ canApply: false, cannot: null, changes: [], byHand: [] })
    expect(done.plan.snippet).toContain('services.offload-client = {')
    expect(done.plan.snippet).toContain(`publicHostKey = "${hostKeyLine}";`)
    expect(done.plan.snippet).toContain(`cachePublicKey = "${cacheKey}";`)
  })

  it('tells the lines of its own configuration that name the old address, and leaves them', () => {
    const move = { from: 'fd00::6', to: '10.0.0.7' }
    const files = { '/etc/nixos/laptop.nix': 'host = "fd00::6";\n', [machines]: 'ssh://b@[fd00::6]\n' }
    const done = plan({ move }, files, { nixos: true })
    expect(done.after).toEqual({})
    expect(done.plan.move?.places).toEqual([
      {
        file: '/etc/nixos/laptop.nix',
        line: 1,
        before: 'host = "fd00::6";',
        after: 'host = "10.0.0.7";',
        ours: false,
      },
      { file: machines, line: 1, before: 'ssh://b@[fd00::6]', after: 'ssh://b@10.0.0.7', ours: false },
    ])
  })
})

describe('a host key that ssh_config leads past', () => {
  const source = { file: machines, line: 1 }
  const led = (more: object, hostKey: string | null = hostKeyLine) =>
    builder('desktop', { address: { ...address, host: '10.0.0.6', ...more }, hostKeyLine: hostKey, source })
  const files = { ...healthy, [sshConfig]: 'Host desktop\n  HostName 10.0.0.6\n' }
  const dropIn = '/etc/ssh/ssh_config.d/offload-tray.conf'

  it('is found again by HostKeyAlias where the row pins it', () => {
    const done = plan({ builder: led({}) }, files)
    const params = { host: 'desktop', name: '10.0.0.6' }
    expect(done.plan.needs).toEqual([{ id: 'host-key-alias', params, advice: false, unknown: false }])
    expect(done.after).toEqual({ [dropIn]: 'Host desktop\n  HostKeyAlias desktop\n' })
  })

  it('is never pinned without it, for Nix would be turned away from then on', () => {
    const done = plan({ builder: led({}, null), onlyAppTrusts: true }, files)
    expect(done.needs).toEqual(['pin-host-key', 'host-key-alias'])
    expect(Object.keys(done.after)).toEqual([machines, dropIn])
    const advised = plan({ builder: led({}, null) }, files)
    expect(advised.plan.needs.map(({ advice }) => advice)).toEqual([true, true])
  })

  it('shares the entry of the time limit', () => {
    const done = plan({ builder: led({}) }, files, { seen: seen(laptop(), { sshGivesUp: false }) })
    expect(done.needs).toEqual(['host-key-alias', 'ssh-timeout'])
    expect(done.after[dropIn]).toMatch(
      /^Host desktop\n {2}ConnectTimeout 5\n(?: {2}Server.*\n){2} {2}HostKeyAlias desktop\n$/,
    )
  })

  it('is left alone where an alias leads somewhere on purpose, or leads back', () => {
    for (const hostKeyAlias of ['work', 'desktop'])
      expect(plan({ builder: led({ hostKeyAlias }) }, files).needs).toEqual([])
    expect(plan({ builder: led({ hostKeyAlias: 'work' }, null), onlyAppTrusts: true }, files).needs).toEqual(
      [],
    )
    expect(
      plan({ builder: led({ hostKeyAlias: 'desktop' }, null), onlyAppTrusts: true }, files).needs,
    ).toEqual(['pin-host-key'])
  })
})

describe('a password in an address', () => {
  const secret = 'substituters = http://me:geheim@desktop:5000\n'
  const facts = withSettings({ fallback: false, trustedPublicKeys: [] })

  it('is shown in no diff, and no command', () => {
    const conf = `${secret}trusted-public-keys = x # me\n`
    const done = plan({ cacheKey }, { ...healthy, [nixConf]: conf }, { seen: seen(facts) })
    expect(done.after[nixConf]).toContain('me:geheim@')
    expect(JSON.stringify(done.plan)).not.toContain('geheim')
  })

  it('is left to the editor where its own line is to change', () => {
    const move = { from: '192.168.15.6', to: '192.168.15.7' }
    const conf = 'fallback = true\nsubstituters = http://me:geheim@192.168.15.6:5000\n'
    const done = plan({ move }, { ...healthy, [nixConf]: conf })
    expect(done.after[nixConf]).toContain('http://me:geheim@192.168.15.7:5000')
    expect(done.plan.byHand).toContain('sudo nano +2 /etc/nix/nix.conf')
    expect(JSON.stringify(done.plan)).not.toContain('geheim')
  })
})

describe('without pkexec', () => {
  it('names why, and gives the commands', () => {
    const text = 'max-jobs = 2\nfallback = false'
    const facts = laptop({
      ...withSettings({ fallback: false }),
      caches: [{ ...cache, isSubstituter: false }],
    })
    const done = plan({}, { [nixConf]: text }, { root: 'none', seen: seen(facts) })
    expect(done.plan).toMatchObject({ canApply: false, cannot: { cause: 'laptop.pkexec-missing' } })
    expect(done.plan.byHand).toEqual([
      'sudo cp -a /etc/nix/nix.conf /etc/nix/nix.conf.old',
      "sudo sed -i '2c\\fallback = true' /etc/nix/nix.conf",
      "printf '\\n%s\\n' 'extra-substituters = http://desktop:5000' | sudo tee -a /etc/nix/nix.conf",
      'sudo systemctl restart nix-daemon',
    ])
  })
})
