// The builders setting followed through its files.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMachines } from '../../../../src/core/laptop/machines-file.ts'
import { tree } from './tree.ts'

const read = (builders: string) =>
  readMachines(builders, { file: '/etc/nix/nix.conf', line: 7 }, 'x86_64-linux', 'new')

describe('the builders setting', () => {
  it('names its rows in nix.conf itself', async () => {
    const { rows } = await read('ssh://a - - 2 ; ssh://b')
    expect(rows.map((row) => [row.store.uri, row.source])).toEqual([
      ['ssh://a', { file: '/etc/nix/nix.conf', line: 7 }],
      ['ssh://b', { file: '/etc/nix/nix.conf', line: 7 }],
    ])
  })

  it('follows files inside files, in order', async () => {
    const root = await tree({
      machines: 'ssh://a\n@ROOT/more\nssh://d',
      more: '\nssh://b\n@ROOT/last',
      last: 'ssh://c',
    })
    const { rows, files } = await read(`@${root}/machines`)
    expect(rows.map((row) => [row.store.uri, row.source.file, row.source.line])).toEqual([
      ['ssh://a', join(root, 'machines'), 1],
      ['ssh://b', join(root, 'more'), 2],
      ['ssh://c', join(root, 'last'), 1],
      ['ssh://d', join(root, 'machines'), 3],
    ])
    expect(files).toEqual(['machines', 'more', 'last'].map((name) => join(root, name)))
  })

  it('looks for a file without a folder in /, where the daemon stands', async () => {
    expect((await read('@nowhere/machines')).files).toEqual(['/nowhere/machines'])
  })

  it('ignores a missing file, as Nix does', async () => {
    expect(await read('@/nowhere/machines ; ssh://a')).toMatchObject({ rows: [{}], problems: [] })
  })

  it('says where files include each other in a circle, and keeps the rows', async () => {
    const root = await tree({ one: 'ssh://a\n@ROOT/two', two: '@ROOT/one\nssh://b' })
    const { rows, problems } = await read(`@${root}/one`)
    expect(rows.map((row) => row.store.uri)).toEqual(['ssh://a', 'ssh://b'])
    expect(problems).toMatchObject([
      { cause: 'laptop.machines-invalid', params: { file: `${root}/two`, line: 1 } },
    ])
  })

  it('says which file it may not read', async () => {
    const root = await tree({ 'machines/inside': '' })
    expect((await read(`@${root}/machines`)).problems).toMatchObject([
      { cause: 'laptop.file-unreadable', params: { file: `${root}/machines` } },
    ])
  })

  it('ends although every file includes the next one many times', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => [`f${level}`, `@ROOT/f${level + 1}\n`.repeat(10)] as const,
    )
    const root = await tree({ ...Object.fromEntries(levels), f12: 'ssh://a' })
    const { rows } = await read(`@${root}/f0`)
    expect(rows.length).toBeLessThanOrEqual(10_000)
  })
})
