// What others add to the history is noticed, however its folder was found.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { appendRun } from '../../../src/core/test-build/history.ts'
import { followHistory } from '../../../src/main/follow-history.ts'
import type { TestBuildRun } from '../../../src/shared/test-build.ts'

const run: TestBuildRun = {
  at: '2026-11-23T09:00:00.000Z',
  payloadBytes: 0,
  result: {
    ok: false,
    builder: null,
    uri: null,
    problem: { cause: 'laptop.no-builder' },
    stage: 'evaluate',
    ms: 0,
    stages: [],
    cancelled: false,
  },
}

let folder = ''
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('tells of each run that is kept, also where there was no folder yet', async () => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'))
  const file = join(folder, 'state', 'test-builds.jsonl')
  const changed = vi.fn(async () => undefined)
  const end = followHistory(file, changed, () => undefined)
  try {
    await appendRun(file, run)
    await expect.poll(() => changed.mock.calls.length).toBeGreaterThan(0)
    const before = changed.mock.calls.length
    await appendRun(file, { ...run, at: '2026-11-23T09:00:01.000Z' })
    await expect.poll(() => changed.mock.calls.length).toBeGreaterThan(before)
  } finally {
    end()
  }
})
