// The kept state: survives restarts, broken files and two processes that write at once.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeeper, rememberTestBuild } from '../../../../src/core/monitor/keep.ts'
import { nothingKept } from '../../../../src/core/monitor/kept-schema.ts'
import { builder } from './fixtures.ts'

let folder: string
let file: string
let said: string[]
const say = (line: string) => said.push(line)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keep-'))
  file = join(folder, 'state', 'monitor.json')
  said = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sharing = (url: string) => (kept: typeof nothingKept) => ({
  ...kept,
  sharedPaths: { ...kept.sharedPaths, [url]: '/nix/store/a' },
})

describe('the kept state', () => {
  it('is nothing at first, and then what was kept, for the owner only', async () => {
    const keeper = createKeeper(file, say)
    expect(await keeper.read()).toEqual(nothingKept)
    await keeper.change(sharing('http://a'))
    expect((await createKeeper(file, say).read()).sharedPaths).toEqual({ 'http://a': '/nix/store/a' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'state'))).toEqual(['monitor.json'])
    expect(said).toEqual([])
  })

  it.each(['', 'not json', '{"schema":2}', '{"schema":1,"testBuilds":7}', `"${'x'.repeat(1_100_000)}"`])(
    'that cannot be understood is put aside and said, and the watching goes on',
    async (text) => {
      await mkdir(join(folder, 'state'))
      await writeFile(file, text)
      expect(await createKeeper(file, say).read()).toEqual(nothingKept)
      expect(await readFile(`${file}.broken`, 'utf8')).toBe(text)
      expect(said).toHaveLength(1)
      expect(said[0]).toContain(`${file}.broken`)
    },
  )

  it('takes changes of two processes one after the other without losing one', async () => {
    const [one, two] = [createKeeper(file, say), createKeeper(file, say)]
    await one.change(sharing('http://a'))
    await two.change(sharing('http://b'))
    await one.change(sharing('http://c'))
    expect(Object.keys((await two.read()).sharedPaths)).toEqual(['http://a', 'http://b', 'http://c'])
  })

  it('takes many changes of one process in turn', async () => {
    const keeper = createKeeper(file, say)
    await Promise.all(Array.from({ length: 20 }, (_, n) => keeper.change(sharing(`http://${n}`))))
    expect(Object.keys((await keeper.read()).sharedPaths)).toHaveLength(20)
  })

  it('that cannot be written is said once, and lives on in memory', async () => {
    await writeFile(join(folder, 'state'), 'a file where the folder should be')
    const keeper = createKeeper(file, say)
    await keeper.change(sharing('http://a'))
    await keeper.change(sharing('http://b'))
    expect(Object.keys((await keeper.read()).sharedPaths)).toEqual(['http://a', 'http://b'])
    await keeper.change(sharing('http://c'))
    expect(said.filter((line) => line.includes('not kept'))).toHaveLength(1)
    await rm(join(folder, 'state'))
    await keeper.change(sharing('http://d'))
    expect(Object.keys((await createKeeper(file, say).read()).sharedPaths)).toHaveLength(4)
  })

  it('is not written when nothing changed', async () => {
    const keeper = createKeeper(file, say)
    await keeper.change((kept) => ({ ...kept }))
    await expect(stat(file)).rejects.toThrow()
  })

  it('remembers a test build for every process that watches', async () => {
    const desktop = builder()
    const result = {
      ok: true,
      builder: desktop.id,
      uri: desktop.uri,
      ms: 1,
      stages: [],
      remote: { bootId: 'b', kernel: 'k' },
      outPath: '/nix/store/p',
    } as const
    await rememberTestBuild(file, [desktop], result, say)
    const kept = await createKeeper(file, say).read()
    expect(kept.testBuilds[desktop.id]?.verdict).toEqual({ ok: true, outPath: '/nix/store/p' })
  })
})
