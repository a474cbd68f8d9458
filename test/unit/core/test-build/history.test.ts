// The history survives whatever happens to its file.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { amendRun, appendRun, keptRuns, loadHistory } from '../../../../src/core/test-build/history.ts'
import type { TestBuildRun } from '../../../../src/shared/test-build.ts'

const run = (second: number): TestBuildRun => ({
  at: new Date(1_700_000_000_000 + second * 1000).toISOString(),
  payloadBytes: 1_048_576,
  result:
    second % 2 === 0
      ? {
          ok: true,
          builder: 'ssh://b',
          uri: 'ssh://b',
          ms: 500,
          stages: [{ id: 'upload', ms: 5 }],
          remote: { bootId: 'x', kernel: 'y' },
          outPath: '/nix/store/p',
        }
      : {
          ok: false,
          builder: null,
          uri: null,
          problem: { cause: 'nix.stalled', params: { host: 'desktop', seconds: 20 } },
          stage: 'upload',
          ms: 20_000,
          stages: [],
          cancelled: false,
        },
})

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'))
  file = join(folder, 'state', 'test-builds.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the history', () => {
  it('is empty where there is no file, and nothing is wrong with that', async () => {
    expect(await loadHistory(file)).toEqual({ runs: [], setAside: null })
  })

  it('keeps runs as they were, oldest first', async () => {
    await appendRun(file, run(1))
    await appendRun(file, run(2))
    expect(await loadHistory(file)).toEqual({ runs: [run(1), run(2)], setAside: null })
  })

  it(`keeps the last ${keptRuns}`, async () => {
    for (let second = 0; second < keptRuns + 3; second += 1) await appendRun(file, run(second))
    const { runs } = await loadHistory(file)
    expect(runs).toHaveLength(keptRuns)
    expect(runs[0]).toEqual(run(3))
  })

  it('leaves no temporary file', async () => {
    await appendRun(file, run(1))
    expect(readdirSync(join(folder, 'state'))).toEqual(['test-builds.jsonl'])
  })

  it.each([
    ['a torn last line', '{"at":"2023-'],
    ['another kind of object', '{"hello":1}'],
    [
      'a cause that no catalogue has',
      JSON.stringify({ ...run(1), result: { ...run(1).result, problem: { cause: 'x.y' } } }),
    ],
    ['bytes of nothing', '\0\0\0'],
  ])('keeps what is whole, and sets %s aside', async (_what, broken) => {
    await appendRun(file, run(1))
    const content = `${readFileSync(file, 'utf8')}${broken}`
    writeFileSync(file, content)
    const { runs, setAside } = await loadHistory(file)
    expect(runs).toEqual([run(1)])
    expect(setAside?.file).toBe(`${file}.broken`)
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(content)
    await appendRun(file, run(2))
    expect(await loadHistory(file)).toEqual({ runs: [run(1), run(2)], setAside: null })
  })

  it('reads no file that is too long to be its own, and keeps it beside', async () => {
    await appendRun(file, run(1))
    appendFileSync(file, '\n'.repeat(4_000_001))
    expect((await loadHistory(file)).runs).toEqual([])
    expect(statSync(`${file}.broken`).size).toBeGreaterThan(4_000_000)
    await appendRun(file, run(2))
    expect((await loadHistory(file)).runs).toEqual([run(2)])
  })

  it.each([
    ['a torn line', '{"at":"2023-'],
    ['somebody else’s line', '{"hello":1}'],
  ])('sets a file with %s aside before it adds to it', async (_what, broken) => {
    await appendRun(file, run(1))
    const content = `${readFileSync(file, 'utf8')}${broken}\n`
    writeFileSync(file, content)
    expect((await appendRun(file, run(2)))?.file).toBe(`${file}.broken`)
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(content)
    expect((await loadHistory(file)).runs).toEqual([run(1), run(2)])
  })

  it('adds to the runs of a newer version without a loss', async () => {
    await appendRun(file, run(1))
    const newer = JSON.stringify({ ...run(1), result: { ...run(1).result, problem: { cause: 'x.y' } } })
    appendFileSync(file, `${newer}\n`)
    expect(await appendRun(file, run(2))).toBeNull()
    expect(readFileSync(file, 'utf8')).toContain(`\n${newer}\n`)
  })

  it('does not wait for the writer of a FIFO', async () => {
    mkdirSync(join(folder, 'state'))
    execFileSync('mkfifo', [file])
    expect((await loadHistory(file)).setAside?.why).toBe('not a file')
  })

  it('says why a file cannot be read at all', async () => {
    mkdirSync(file, { recursive: true })
    const { runs, setAside } = await loadHistory(file)
    expect(runs).toEqual([])
    expect(setAside?.why).toContain('EISDIR')
  })

  it('sets aside what cannot be read, and goes on beside it', async () => {
    mkdirSync(join(file, 'kept'), { recursive: true })
    expect(await appendRun(file, run(1))).toMatchObject({ file: `${file}.broken` })
    expect(readdirSync(`${file}.broken`)).toEqual(['kept'])
    expect((await loadHistory(file)).runs).toEqual([run(1)])
  })

  it('keeps what is learnt of a run later in its place, and adds none that is gone', async () => {
    for (const second of [1, 2, 3]) await appendRun(file, run(second))
    const { result, ...known } = run(1)
    if (result.ok) throw new Error('a failed one is meant')
    const amended = { ...known, result: { ...result, problem: { cause: 'nix.not-found' as const } } }
    await amendRun(file, amended)
    await amendRun(file, run(9))
    expect((await loadHistory(file)).runs).toEqual([amended, run(2), run(3)])
  })
})
