// Files of other programs: bounded, and never a wait.
import { execFileSync } from 'node:child_process'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBytes, readText } from '../../../../src/core/laptop/read-text.ts'
import { tree } from './tree.ts'

describe('reading a small file', () => {
  it('gives its text', async () => {
    const root = await tree({ file: 'olá\n' })
    expect(await readText(join(root, 'file'))).toEqual({ state: 'read', text: 'olá\n', truncated: false })
  })

  it('stops at its bound, and says so', async () => {
    const root = await tree({})
    await writeFile(join(root, 'file'), '12345')
    expect(await readBytes(join(root, 'file'), 4)).toMatchObject({
      truncated: true,
      bytes: Buffer.from('1234'),
    })
    expect(await readBytes(join(root, 'file'), 5)).toMatchObject({ truncated: false })
  })

  it('ends where the file never does', async () => {
    const file = join(await tree({ file: '' }), 'file')
    await truncate(file, 2 ** 40)
    const read = await readBytes(file, 1000)
    expect(read).toMatchObject({ state: 'read', truncated: true })
    expect(read.state === 'read' && read.bytes.length).toBe(1000)
  })

  it('does not wait for the writer of a FIFO', async () => {
    const fifo = join(await tree({}), 'fifo')
    execFileSync('mkfifo', [fifo])
    expect(await readText(fifo)).toEqual({ state: 'unreadable', reason: 'not a file', unfit: 'fifo' })
  })

  it('reads no device, but /dev/null, which stands for an empty file', async () => {
    expect(await readText('/dev/zero')).toMatchObject({ unfit: 'character special file' })
    expect(await readText('/dev/null')).toMatchObject({ state: 'read', text: '' })
  })

  it('tells a missing file from one that is none', async () => {
    const root = await tree({})
    await mkdir(join(root, 'folder'))
    expect(await readText(join(root, 'nothing'))).toEqual({ state: 'missing' })
    expect(await readText(join(root, 'folder'))).toEqual({
      state: 'unreadable',
      reason: 'EISDIR',
      unfit: 'directory',
    })
  })
})
