// The laptop put together: what a person with this or that configuration gets to see.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { laptopSource } from '../../../../src/core/laptop/source.ts'
import { canRun } from '../../../needs.ts'
import { type StandIn, standInNix } from './stand-in-nix.ts'
import { tree } from './tree.ts'

const values = {
  'max-jobs': 4,
  fallback: true,
  system: 'x86_64-linux',
  substituters: ['https://cache.nixos.org/'],
}

/** A laptop in a directory: etc/ is /etc/nix, Nix answers with `values` and its default `builders`. */
async function laptop(
  files: Record<string, string>,
  nix: Partial<StandIn> = {},
  more: Record<string, unknown> = {},
) {
  const root = await tree({ 'bin/.keep': '', 'var/.keep': '', ssh_config: '', ...files })
  const showConfig = { builders: `@${root}/etc/machines`, ...values, ...more }
  await standInNix(root, { version: 'nix (Nix) 2.31.2', showConfig, ...nix })
  const source = laptopSource({
    env: { PATH: `${root}/bin:/usr/bin:/bin`, HOME: root },
    config: { cache: 'auto' },
    files: {
      nixConfDir: join(root, 'etc'),
      nixStateDir: join(root, 'var'),
      sshConfig: join(root, 'ssh_config'),
      nixPlaces: [],
    },
  })
  return { root, source }
}

async function survey(files: Record<string, string>, nix?: Partial<StandIn>, more?: Record<string, unknown>) {
  const { root, source } = await laptop(files, nix, more)
  const facts = await source.survey()
  if (!facts.ok) throw new Error(facts.problem.cause)
  return { root, facts: facts.value, causes: facts.value.problems.map((one) => one.cause) }
}

describe('a laptop', () => {
  it.runIf(canRun('ssh-keygen'))('with one desktop gives builder, key and cache', async () => {
    const { root, source } = await laptop(
      { 'etc/machines': 'ssh-ng://nix-builder@desktop - ROOT/key 8 - kvm\n' },
      {},
      { substituters: ['http://desktop:5000', 'https://cache.nixos.org/'] },
    )
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')])
    const facts = await source.survey()
    const id = 'ssh-ng://nix-builder@desktop'
    expect(facts).toMatchObject({
      ok: true,
      value: {
        nixVersion: '2.31.2',
        builders: [
          {
            id,
            uri: id,
            scheme: 'ssh-ng',
            host: 'desktop',
            address: { host: 'desktop', port: 22, user: 'nix-builder' },
            keyPath: join(root, 'key'),
            systems: ['x86_64-linux'],
            maxJobs: 8,
            source: { file: join(root, 'etc/machines'), line: 1 },
          },
        ],
        caches: [{ url: 'http://desktop:5000', isSubstituter: true, trusted: false }],
        otherSubstituters: ['https://cache.nixos.org/'],
        problems: [],
      },
    })
    expect(facts.ok && facts.value.keys.get(id)).toMatchObject({
      state: 'present',
      mode: 0o600,
      problems: [],
    })
  })

  it.each([
    ['missing', {}],
    ['empty', { 'etc/machines': '' }],
    ['all comments', { 'etc/machines': '# ssh://desktop\n' }],
  ])('whose machines file is %s has no builder', async (_, files) => {
    const { root, facts } = await survey(files)
    expect(facts.builders).toEqual([])
    expect(facts.problems).toEqual([{ cause: 'laptop.no-builder', params: { file: `${root}/etc/machines` } }])
  })

  it('with distributed builds off still shows the builders that are set up', async () => {
    const { facts, causes } = await survey({ 'etc/machines': 'ssh://desktop' }, {}, { builders: '' })
    expect(facts.builders).toHaveLength(1)
    expect(causes).toEqual(['laptop.distributed-builds-off'])
  })

  it('with distributed builds off and nothing set up has no builder', async () => {
    expect((await survey({}, {}, { builders: '' })).causes).toEqual(['laptop.no-builder'])
  })

  it('whose build hook is off offloads nothing either', async () => {
    const { causes } = await survey({ 'etc/machines': 'ssh://desktop' }, {}, { 'build-hook': '' })
    expect(causes).toEqual(['laptop.distributed-builds-off'])
  })

  it('with a broken line keeps its other builders', async () => {
    const { root, facts } = await survey({ 'etc/machines': 'ssh://a\nssh://b - - four\nssh://c\n' })
    expect(facts.builders.map((one) => one.host)).toEqual(['a', 'c'])
    expect(facts.problems).toMatchObject([
      { cause: 'laptop.machines-invalid', params: { file: `${root}/etc/machines`, line: 2 } },
    ])
  })

  it('with only a broken line is not called unconfigured', async () => {
    expect((await survey({ 'etc/machines': 'ssh://b - - four' })).causes).toEqual(['laptop.machines-invalid'])
  })

  it('whose machines stand in nix.conf names that line', async () => {
    const { root, facts } = await survey(
      { 'etc/nix.conf': '# mine\nbuilders = ssh://a ; ssh://b\n' },
      {},
      { builders: 'ssh://a ; ssh://b' },
    )
    expect(facts.builders.map((one) => one.source)).toEqual([
      { file: `${root}/etc/nix.conf`, line: 2 },
      { file: `${root}/etc/nix.conf`, line: 2 },
    ])
  })

  it('may name one URI twice, told apart by id', async () => {
    const { facts } = await survey({ 'etc/machines': 'ssh://a - /nowhere/1 2\nssh://a - /nowhere/2 4\n' })
    expect(facts.builders.map((one) => [one.id, one.uri])).toEqual([
      ['ssh://a', 'ssh://a'],
      ['ssh://a#2', 'ssh://a'],
    ])
    expect(facts.keys.get('ssh://a#2')).toEqual({ state: 'missing', path: '/nowhere/2' })
  })

  it('follows an alias of ssh_config, key and all, and finds the cache behind it', async () => {
    const { facts } = await survey(
      {
        'etc/machines': 'ssh-ng://desktop',
        ssh_config: 'Host desktop\n HostName 192.168.15.7\n Port 2222\n User b\n IdentityFile /nowhere/key\n',
      },
      {},
      { substituters: ['http://192.168.15.7:5000'] },
    )
    expect(facts.builders[0]).toMatchObject({
      host: 'desktop',
      address: { host: '192.168.15.7', port: 2222, user: 'b' },
      keyPath: '/nowhere/key',
    })
    expect(facts.caches[0]?.url).toBe('http://192.168.15.7:5000')
  })

  it('names a store that no SSH reaches, and does not watch it', async () => {
    const { facts, root } = await survey({ 'etc/machines': 'ssh://a\nunix:///run/other.sock\n' })
    expect(facts.builders).toHaveLength(1)
    expect(facts.problems).toEqual([
      {
        cause: 'laptop.builder-unwatched',
        params: { uri: 'unix:///run/other.sock', file: `${root}/etc/machines`, line: 2 },
      },
    ])
  })

  it('is warned of a port that its Nix cannot use', async () => {
    const files = { 'etc/machines': 'ssh://a:2222' }
    expect((await survey(files)).causes).toEqual([])
    expect((await survey(files, { version: 'nix (Nix) 2.30.4' })).causes).toEqual([
      'laptop.builder-port-unsupported',
    ])
  })

  it('names a row that allows no jobs, where it stands', async () => {
    const { facts, root } = await survey({ 'etc/machines': 'ssh://a - - 1\nssh://b - - 0\n' })
    const params = { uri: 'ssh://b', file: `${root}/etc/machines`, line: 2 }
    expect(facts.problems).toEqual([{ cause: 'laptop.builder-no-slots', params }])
  })

  it("reads the rows by its own Nix's grammar", async () => {
    const files = { 'etc/machines': 'ssh://a\n  # indented\n' }
    expect((await survey(files, { version: 'nix (Nix) 2.8.0' })).causes).toEqual(['laptop.machines-invalid'])
    expect((await survey(files, { version: 'nix (Nix) 2.34.8' })).causes).toEqual([])
  })

  it('without Nix has nothing to tell', async () => {
    const root = await tree()
    const source = laptopSource({
      env: { PATH: root, HOME: root },
      config: { cache: 'auto' },
      files: { nixPlaces: [], nixStateDir: root, nixConfDir: root },
    })
    expect(await source.survey()).toMatchObject({ ok: false, problem: { cause: 'laptop.nix-missing' } })
  })

  it('with 100 builders is surveyed again in a moment', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => `ssh-ng://b@host${n} - /nowhere/key 4`).join('\n')
    const { source } = await laptop({ 'etc/machines': rows })
    await source.survey()
    const started = performance.now()
    const facts = await source.survey()
    expect(performance.now() - started).toBeLessThan(2500)
    expect(facts.ok && facts.value.builders).toHaveLength(100)
  })
})

describe('a file of Nix that is none', () => {
  it.each(['etc/nix.conf', 'etc/more', 'etc/machines'])(
    'as a FIFO (%s) is told first, and Nix is not left to wait for it',
    async (name) => {
      const conf = {
        'etc/nix.conf': 'include more\n',
        'etc/machines': 'ssh://b@desktop - /k\n',
        'etc/more': '',
      }
      const files = Object.fromEntries(Object.entries(conf).filter(([one]) => one !== name))
      const { root, source } = await laptop({ 'etc/.keep': '', ...files })
      execFileSync('mkfifo', [join(root, name)])
      const facts = await source.survey()
      if (!facts.ok) throw new Error(facts.problem.cause)
      const params = { file: join(root, name), what: 'fifo' }
      expect(facts.value.problems[0]).toMatchObject({ cause: 'laptop.file-unfit', params })
      // Nix's own word on its settings is not asked for where it would never come.
      expect(facts.value.settings.fallback).toBe(name === 'etc/machines')
    },
  )

  it('as a folder is told, but holds up nobody: Nix takes it for an empty file', async () => {
    const { root, causes, facts } = await survey({
      'etc/nix.conf/inside': '',
      'etc/machines': 'ssh://b@desktop - /k\n',
    })
    expect(causes).toEqual(['laptop.file-unreadable'])
    expect(facts.problems[0]?.params).toEqual({ file: join(root, 'etc/nix.conf') })
    expect(facts.settings.fallback).toBe(true)
  })
})

describe('a cache with a login', () => {
  it('has it from netrc where its address holds none', async () => {
    const { facts } = await survey(
      { 'etc/machines': 'ssh://b@desktop - /k\n', 'etc/netrc': 'machine desktop login me password p\n' },
      {},
      { substituters: ['http://desktop:5000'] },
    )
    expect(facts.caches).toEqual([
      { url: 'http://desktop:5000', isSubstituter: true, trusted: false, login: 'me:p' },
    ])
  })
})
