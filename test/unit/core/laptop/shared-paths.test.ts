// Paths that the desktop may share, from a store of the test's own.
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { laptopFiles } from '../../../../src/core/laptop/files.ts'
import { findSharedPaths } from '../../../../src/core/laptop/shared-paths.ts'
import { tree } from './tree.ts'

const hash = (seed: number) => String(seed).padStart(32, '0')

async function laptop(names: readonly string[]) {
  const root = await tree({ 'run/.keep': '', 'var/profiles/.keep': '', 'store/.links/x': '' })
  const store = join(root, 'store')
  for (const name of names) await writeFile(join(store, name), '')
  const files = {
    ...laptopFiles,
    nixStateDir: join(root, 'var'),
    currentSystem: join(root, 'run/current-system'),
  }
  return { root, store, files }
}

describe('shared paths', () => {
  it('begin with what the system runs, and leave out what no cache serves', async () => {
    const system = `${hash(1)}-nixos-system-laptop-25.11`
    const { root, store, files } = await laptop([
      `${hash(2)}-hello.drv`,
      `${hash(3)}-glibc-2.40`,
      `${hash(4)}-some-tool`,
      `${hash(5)}-x.lock`,
      'tmp-123',
    ])
    await mkdir(join(store, system))
    await symlink(join(store, system), join(root, 'run/current-system'))
    await symlink('system-7-link', join(root, 'var/profiles/system'))
    await symlink(join(store, system), join(root, 'var/profiles/system-7-link'))
    expect(await findSharedPaths(files, store, join(store, `${hash(9)}-nowhere/bin/nix`))).toEqual([
      join(store, system),
      join(store, `${hash(3)}-glibc-2.40`),
      join(store, `${hash(4)}-some-tool`),
    ])
  })

  it('end with the newest of the others, four at most', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `${hash(index)}-tool-${index}`)
    const { store, files } = await laptop([])
    for (const name of names) {
      await writeFile(join(store, name), '')
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    expect(await findSharedPaths(files, store, null)).toEqual(
      names
        .slice(2)
        .reverse()
        .map((name) => join(store, name)),
    )
  })

  it('are sixteen at most, however many profiles there are', async () => {
    const common = ['glibc', 'bash', 'coreutils', 'gcc', 'xz', 'zlib', 'openssl'].map(
      (name, index) => `${hash(100 + index)}-${name}-1`,
    )
    const others = Array.from({ length: 20 }, (_, index) => `${hash(index)}-profile-${index}`)
    const { root, store, files } = await laptop([...common, ...others])
    for (const [index, name] of others.slice(0, 10).entries()) {
      const folder = join(root, `var/profiles/per-user/user${index}`)
      await mkdir(folder, { recursive: true })
      await symlink(join(store, name), join(folder, 'profile'))
    }
    const found = await findSharedPaths(files, store, null)
    expect(found).toHaveLength(16)
    expect(new Set(found).size).toBe(16)
  })

  it('are few and found quickly in a store of 20,000 entries', async () => {
    const { store, files } = await laptop([])
    const names = Array.from({ length: 20_000 }, (_, index) => join(store, `${hash(index)}-tool-${index}`))
    for (let at = 0; at < names.length; at += 500)
      await Promise.all(names.slice(at, at + 500).map((name) => writeFile(name, '')))
    const started = performance.now()
    const found = await findSharedPaths(files, store, null)
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(found.length).toBeLessThanOrEqual(16)
    expect(found.length).toBeGreaterThan(0)
  })

  it('are none where there is no store', async () => {
    expect(
      await findSharedPaths({ ...laptopFiles, currentSystem: '/x', nixStateDir: '/x' }, '/nowhere', null),
    ).toEqual([])
  })
})
