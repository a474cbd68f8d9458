// The user's settings file: what counts, and what is said of a mistake.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defaultConfig, loadConfig, readConfig } from '../../../../src/core/config/config.ts'
import { nearest } from '../../../../src/core/config/nearest.ts'
import { appPaths } from '../../../../src/core/config/paths.ts'

const whats = (text: string) =>
  readConfig(text, '/c').problems.map(({ params }) => [params?.['line'], params?.['what']])

describe('the settings', () => {
  it('are the defaults where nothing is written', () => {
    expect(readConfig('', '/c')).toEqual({ config: defaultConfig, problems: [] })
    expect(defaultConfig).toEqual({
      heartbeatSeconds: 30,
      sshProofSeconds: 300,
      cache: 'auto',
      locale: 'auto',
      notifications: true,
      adminUser: null,
      trayTheme: 'auto',
    })
  })

  it('are what the file says', () => {
    const text = `# mine
heartbeatSeconds = 60
sshProofSeconds = 600.5
cache = ["http://desktop:5000"]
locale = "pt-BR"
notifications = false
adminUser = "kernelcore"
trayTheme = "dark"
`
    expect(readConfig(text, '/c')).toEqual({
      config: {
        heartbeatSeconds: 60,
        sshProofSeconds: 600.5,
        cache: ['http://desktop:5000'],
        locale: 'pt-BR',
        notifications: false,
        adminUser: 'kernelcore',
        trayTheme: 'dark',
      },
      problems: [],
    })
  })
})

describe('a mistake', () => {
  it('in one value leaves the others', () => {
    const { config, problems } = readConfig(
      'notifications = false\n\nheartbeatSeconds = "60"\nlocale = "pt-BR"',
      '/c',
    )
    expect(config).toEqual({ ...defaultConfig, notifications: false, locale: 'pt-BR' })
    expect(problems).toEqual([
      {
        cause: 'laptop.config-invalid',
        params: { file: '/c', line: 3, what: 'heartbeatSeconds = "60" (≥ 5)' },
      },
    ])
  })

  it.each([
    ['heartbeatSeconds = 4', 'heartbeatSeconds = 4 (≥ 5)'],
    ['heartbeatSeconds = nan', 'heartbeatSeconds = null (≥ 5)'],
    ['sshProofSeconds = 29', 'sshProofSeconds = 29 (≥ 30)'],
    ['cache = "desktop"', 'cache = "desktop" ("auto", "none", ["http://desktop:5000"])'],
    ['cache = ["desktop:5000"]', 'cache = ["desktop:5000"] ("auto", "none", ["http://desktop:5000"])'],
    ['cache = []', 'cache = [] ("auto", "none", ["http://desktop:5000"])'],
    ['locale = "fr"', 'locale = "fr" ("auto", "en", "pt-BR")'],
    ['notifications = 1', 'notifications = 1 (true, false)'],
    ['adminUser = "a b"', 'adminUser = "a b" ("name")'],
    ['heartbeat = 30', 'heartbeat → heartbeatSeconds?'],
    ['"hartbeatSeconds" = 30', 'hartbeatSeconds → heartbeatSeconds?'],
    ['completely = "else"', 'completely'],
    ['[tray]\ntheme = "dark"', 'tray → trayTheme?'],
  ])('%j is named with its line and what it should be', (text, what) => {
    expect(whats(`# one\n${text}\n`)).toEqual([[2, what]])
  })

  it('of syntax keeps what stands above it', () => {
    const { config, problems } = readConfig(
      'notifications = false\nlocale = = "en"\ntrayTheme = "dark"\n',
      '/c',
    )
    expect(config).toEqual({ ...defaultConfig, notifications: false })
    expect(problems).toMatchObject([{ params: { line: 2, what: 'locale = = "en"' } }])
  })

  it('of any kind is survived', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 30 }),
            fc.constantFrom(
              'heartbeatSeconds = 30',
              'cache = [',
              '[cache]',
              '__proto__ = 1',
              'constructor = 2',
              '"""',
            ),
          ),
        ),
        (lines) => {
          const { config, problems } = readConfig(lines.join('\n'), '/c')
          expect(Object.keys(config)).toEqual(Object.keys(defaultConfig))
          for (const { params } of problems) expect(Number(params?.['line'])).toBeGreaterThan(0)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('the settings file', () => {
  it('is read and left as it is', async () => {
    const root = await mkdtemp(join(tmpdir(), 'offload-config-'))
    onTestFinished(() => rm(root, { recursive: true }))
    const config = join(root, 'config.toml')
    await writeFile(config, '# kept\nlocale = "en"\nnonsense = 1\n')
    expect((await loadConfig({ config })).config.locale).toBe('en')
    expect(await readFile(config, 'utf8')).toBe('# kept\nlocale = "en"\nnonsense = 1\n')
  })

  it('may be missing; what cannot be read is said', async () => {
    expect(await loadConfig({ config: '/nowhere/config.toml' })).toEqual({
      config: defaultConfig,
      problems: [],
    })
    for (const [config, what] of [
      ['/tmp', 'directory'],
      ['/dev/zero', 'character special file'],
    ] as const)
      expect((await loadConfig({ config })).problems).toEqual([
        { cause: 'laptop.config-invalid', params: { file: config, line: 1, what } },
      ])
    expect(await loadConfig({ config: '/dev/null' })).toEqual({ config: defaultConfig, problems: [] })
  })
})

describe('a mistyped word', () => {
  it.each([
    ['notification', 'notifications'],
    ['LOCALE', 'locale'],
    ['adminuser', 'adminUser'],
    ['theme', null],
    ['x', null],
  ])('%s was meant to be %s', (word, meant) => {
    expect(nearest(word, Object.keys(defaultConfig))).toBe(meant)
  })
})

describe('the paths', () => {
  it('follow XDG', () => {
    expect(appPaths({ HOME: '/home/ana', XDG_STATE_HOME: '/state' })).toEqual({
      config: '/home/ana/.config/offload-tray/config.toml',
      state: '/state/offload-tray',
      cache: '/home/ana/.cache/offload-tray',
      knownHosts: '/state/offload-tray/known_hosts',
      history: '/state/offload-tray/test-builds.jsonl',
      log: '/state/offload-tray/offload-tray.log',
    })
  })

  it('do not count where they are relative', () => {
    expect(appPaths({ HOME: '/home/ana', XDG_CONFIG_HOME: 'here' }).config).toBe(
      '/home/ana/.config/offload-tray/config.toml',
    )
  })
})
