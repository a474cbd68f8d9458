// Nix's settings: which question each version is asked, whose files count, and what is said of a Nix that cannot answer.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { laptopFiles } from '../../../../src/core/laptop/files.ts'
import { parseVersion, versionAtLeast } from '../../../../src/core/laptop/nix-binary.ts'
import { createNixReader } from '../../../../src/core/laptop/nix-settings.ts'
import { canTest } from '../../../needs.ts'
import { type StandIn, standInNix } from './stand-in-nix.ts'
import { executable, tree } from './tree.ts'

async function laptop(nix: StandIn, conf: Record<string, string> = {}) {
  const root = await tree({ 'bin/.keep': '', ...conf })
  await standInNix(root, nix)
  const env = { PATH: `${root}/bin:/usr/bin:/bin`, HOME: root }
  const starts = async () => (await readFile(join(root, 'starts'), 'utf8')).trim().split('\n').sort()
  return { root, starts, read: createNixReader(env, { ...laptopFiles, nixConfDir: root, nixPlaces: [] }) }
}

const values = {
  builders: '@/m',
  'max-jobs': 8,
  fallback: true,
  system: 'aarch64-linux',
  substituters: ['http://a'],
}

describe('the version', () => {
  it.each([
    ['nix (Nix) 2.8.0', '2.8.0'],
    ['nix (Nix) 2.26.3\n', '2.26.3'],
    ['nix (Nix) 2.32.0pre20250806_abcdef', '2.32.0'],
    ['nix (Lix, like Nix) 2.93.1', '2.93.1'],
    ['nix (Determinate Nix 3.6.2) 2.29.0', '2.29.0'],
    ['no version', null],
  ])('of %j is %s', (text, version) => {
    expect(parseVersion(text)).toBe(version)
  })

  it('is compared by number', () => {
    expect(versionAtLeast('2.8.0', '2.20.0')).toBe(false)
    expect(versionAtLeast('2.20', '2.20.0')).toBe(true)
    expect(versionAtLeast('3.0.0', '2.31.0')).toBe(true)
  })
})

describe('the settings', () => {
  it('come from show-config where that is the command', async () => {
    const { read } = await laptop({ version: 'nix (Nix) 2.8.0', showConfig: values })
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        nix: { version: '2.8.0' },
        settings: { builders: '@/m', maxJobs: 8, fallback: true },
        problems: [],
      },
    })
  })

  it('come from config show where show-config is gone', async () => {
    const { read } = await laptop({ version: 'nix (Nix) 9.0.0', configShow: values })
    expect(await read()).toMatchObject({ ok: true, value: { settings: { system: 'aarch64-linux' } } })
  })

  it('come from config show, with one start, where the version is read off its store path', async () => {
    const { read, starts, root } = await laptop({ version: 'not asked', configShow: values })
    const inStore = join(root, 'nix/store', `${'0'.repeat(32)}-nix-2.28.4/bin`)
    await mkdir(inStore, { recursive: true })
    await rename(join(root, 'bin/nix'), join(inStore, 'nix'))
    await symlink(join(inStore, 'nix'), join(root, 'bin/nix'))
    expect(await read()).toMatchObject({
      ok: true,
      value: { nix: { version: '2.28.4' }, settings: { storeDir: join(root, 'nix/store'), maxJobs: 8 } },
    })
    expect(await starts()).toEqual(['--extra-experimental-features nix-command config show --json'])
  })

  it('are asked for once while nothing changes, and again when nix.conf does', async () => {
    const { read, starts, root } = await laptop(
      { version: 'nix (Nix) 2.8.0', showConfig: values },
      { 'nix.conf': 'fallback = true\n' },
    )
    await read()
    await read()
    expect(await starts()).toHaveLength(2)
    await utimes(join(root, 'nix.conf'), 1, 1)
    await read()
    expect(await starts()).toHaveLength(4)
    await writeFile(join(root, 'nix.conf'), 'include more.conf\n')
    await read()
    await writeFile(join(root, 'more.conf'), '')
    await read()
    expect(await starts()).toHaveLength(8)
  })

  it('tell whoever has other work to do that Nix runs, but not where its answer is remembered', async () => {
    const { read, starts } = await laptop({ version: 'nix (Nix) 2.8.0', showConfig: values })
    const told: string[] = []
    const answer = read(() => told.push('runs')).then(() => told.push('answered'))
    await answer
    await read(() => told.push('runs again'))
    expect(told).toEqual(['runs', 'answered'])
    expect(await starts()).toHaveLength(2)
  })

  it('say where Nix offloads to nobody because its build hook is off', async () => {
    const { read } = await laptop({ version: 'nix (Nix) 2.8.0', showConfig: { ...values, 'build-hook': '' } })
    expect(await read()).toMatchObject({ ok: true, value: { hasBuildHook: false } })
  })
})

describe('a Nix that cannot answer', () => {
  it('is missing', async () => {
    const root = await tree()
    const read = createNixReader({ PATH: root, HOME: root }, { ...laptopFiles, nixPlaces: [] })
    expect(await read()).toEqual({ ok: false, problem: { cause: 'laptop.nix-missing' } })
  })

  it('is called missing where it is there but does not run', async () => {
    const { read } = await laptop({ version: 'cannot open shared object file', error: 'cannot open' })
    expect(await read()).toMatchObject({ ok: false, problem: { cause: 'laptop.nix-missing' } })
  })

  it.each([
    ['at all', 'exec sleep 60'],
    [
      'but to tell its version',
      'if [ "$1" = --version ]; then echo "nix (Nix) 2.8.0"; exit; fi; exec sleep 60',
    ],
  ])('is called silent where it does not answer %s', async (_what, script) => {
    const root = await tree({ 'bin/.keep': '', 'bin/nix': `#!/bin/sh\n${script}\n` })
    await executable(join(root, 'bin/nix'))
    const files = { ...laptopFiles, nixConfDir: root, nixPlaces: [] }
    const read = createNixReader({ PATH: `${root}/bin:/usr/bin:/bin`, HOME: root }, files, 500)
    const problem = {
      cause: 'laptop.nix-silent',
      params: { seconds: 0.5 },
      raw: `our own check: ${root}/bin/nix gave no answer`,
    }
    expect(await read()).toEqual({ ok: false, problem })
  })

  it('that a nix.conf which includes itself ended is there: the line is what is wrong', async () => {
    const { read, root } = await laptop(
      { version: 'nix (Nix) 2.8.0' },
      { 'nix.conf': 'max-jobs = 3\ninclude nix.conf\n' },
    )
    const version = 'if [ "$1" = --version ]; then echo "nix (Nix) 2.8.0"; exit; fi'
    await writeFile(join(root, 'bin/nix'), `#!/bin/sh\n${version}\nkill -SEGV $$\n`, { mode: 0o755 })
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        settings: { maxJobs: 3 },
        problems: [{ cause: 'laptop.nix-conf-invalid', params: { line: 2 } }],
      },
    })
  })

  it('in JSON, for a byte that is no UTF-8, is no fault of the file: that is read instead', async () => {
    const { read } = await laptop(
      {
        version: 'nix (Nix) 2.8.0',
        error: 'error: [json.exception.type_error.316] invalid UTF-8 byte at index 3: 0xE9',
      },
      { 'nix.conf': 'max-jobs = 3\n' },
    )
    expect(await read()).toMatchObject({ ok: true, value: { settings: { maxJobs: 3 }, problems: [] } })
  })

  it('leaves what nix.conf says, with the broken line named once', async () => {
    const { read, root } = await laptop(
      { version: 'nix (Nix) 2.8.0', error: "error: illegal configuration line 'foo' in 'nix.conf'" },
      { 'nix.conf': 'builders = @/mine\nmax-jobs = 3\nfoo\nextra-substituters = http://b' },
    )
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        settings: { builders: '@/mine', maxJobs: 3, substituters: ['https://cache.nixos.org/', 'http://b'] },
        problems: [{ cause: 'laptop.nix-conf-invalid', params: { file: `${root}/nix.conf`, line: 3 } }],
      },
    })
  })

  it('has its complaint about a value led back to the line', async () => {
    const { read, root } = await laptop(
      {
        version: 'nix (Nix) 2.34.8',
        error: "\u001b[31;1merror:\u001b[0m configuration setting 'max-jobs' should be 'auto' or an integer",
      },
      { 'nix.conf': '\nfallback = true\nmax-jobs = many' },
    )
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        problems: [
          {
            cause: 'laptop.nix-conf-invalid',
            params: {
              file: `${root}/nix.conf`,
              line: 3,
              what: "error: configuration setting 'max-jobs' should be 'auto' or an integer",
            },
          },
        ],
      },
    })
  })
})

const realNix = ['/usr/bin/nix', '/run/current-system/sw/bin/nix'].find((path) => existsSync(path))

describe.runIf(canTest('Nix', realNix !== undefined))('the Nix of this machine', () => {
  const env = { ...process.env, PATH: '/usr/bin:/run/current-system/sw/bin' }

  it("tells the system's settings, not what this user's own files and variables ask for", async () => {
    const root = await tree({
      'nix.conf': 'builders = ssh://real\nmax-jobs = 3\nfallback = true\n',
      'home/.config/nix/nix.conf': 'builders = ssh://mine\n',
    })
    const own = {
      ...env,
      HOME: `${root}/home`,
      XDG_CONFIG_HOME: `${root}/home/.config`,
      NIX_CONFIG: 'max-jobs = 99',
    }
    const read = createNixReader(own, { ...laptopFiles, nixConfDir: root })
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        settings: { builders: 'ssh://real', maxJobs: 3, fallback: true, storeDir: '/nix/store' },
        problems: [],
      },
    })
  })

  it('is quoted with the line that it stops at', async () => {
    const root = await tree({ 'nix.conf': 'fallback = true\nmax-jobs = many\n' })
    const read = createNixReader(env, { ...laptopFiles, nixConfDir: root })
    expect(await read()).toMatchObject({
      ok: true,
      value: {
        settings: { fallback: true },
        problems: [{ cause: 'laptop.nix-conf-invalid', params: { file: `${root}/nix.conf`, line: 2 } }],
      },
    })
  })
})
