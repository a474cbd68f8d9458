// A state file is replaced whole, for its owner alone, or not at all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStateFile, replaceStateFile } from '../../../../src/core/config/state-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a state file', () => {
  it('is made with its folder, for its owner alone', () => {
    const file = join(folder, 'a', 'b', 'state.json')
    replaceStateFile(file, 'text')
    expect(readFileSync(file, 'utf8')).toBe('text')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700)
  })

  it('is another file afterwards, so that a reader keeps the old text whole', () => {
    const file = join(folder, 'state.json')
    writeFileSync(file, 'old')
    const before = statSync(file).ino
    replaceStateFile(file, 'new')
    expect(statSync(file).ino).not.toBe(before)
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  it('that cannot be replaced leaves nothing behind and throws', () => {
    const file = join(folder, 'state.json')
    mkdirSync(file)
    expect(() => replaceStateFile(file, 'text')).toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['state.json'])
  })

  it("whose folder's parent is there, and yet cannot take a folder, throws instead of trying for ever", () => {
    // In a process of its own: what never comes back could not be timed out here.
    const source = join(import.meta.dirname, '../../../../src/core/config/state-file.ts')
    const script = `import { readStateFile, replaceStateFile } from ${JSON.stringify(source)}
      try { replaceStateFile('/proc/a/b/state.json', 'text') } catch (error) { console.log(error.code) }`
    const args = ['--import', 'tsx', '--input-type=module', '-e', script]
    const ran = spawnSync(process.execPath, args, { timeout: 50_000, encoding: 'utf8' })
    expect([ran.signal, ran.stdout]).toEqual([null, 'ENOENT\n'])
  })
})

describe('reading a state file', () => {
  it('gives its text, and tells where there is more than that', () => {
    const file = join(folder, 'state.json')
    writeFileSync(file, 'Vaterländer')
    expect(readStateFile(file, 100)).toEqual({ state: 'read', text: 'Vaterländer', truncated: false })
    expect(readStateFile(file, 12)).toEqual({ state: 'read', text: 'Vaterländer', truncated: false })
    expect(readStateFile(file, 5)).toEqual({ state: 'read', text: 'Vater', truncated: true })
  })

  it('never waits and never throws, whatever stands there', () => {
    const fifo = join(folder, 'fifo')
    spawnSync('mkfifo', [fifo])
    expect(readStateFile(fifo, 100)).toEqual({ state: 'unreadable', reason: 'not a file' })
    expect(readStateFile(folder, 100)).toEqual({ state: 'unreadable', reason: 'EISDIR' })
    expect(readStateFile(join(folder, 'none', 'of', 'these'), 100)).toEqual({ state: 'missing' })
  })
})
