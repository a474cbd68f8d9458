// How a helper program's end is told.
import { describe, expect, it } from 'vitest'
import { run } from '../../../../src/core/laptop/run.ts'

const shell = (script: string, deadlineMs = 60_000) =>
  run('sh', ['-c', script], { env: process.env, deadlineMs })

describe('a helper program', () => {
  it('that ends has its code and its words', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toEqual({
      state: 'done',
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('that is not there is missing', async () => {
    expect(await run('/nowhere/program', [], { env: {}, deadlineMs: 60_000 })).toEqual({ state: 'missing' })
  })

  it('that never ends is ended at its deadline, and that is said', async () => {
    expect(await shell('exec sleep 600', 200)).toEqual({ state: 'timeout' })
  })

  it('that somebody else kills did not run out of time', async () => {
    expect(await shell('kill -KILL $$')).toMatchObject({ state: 'failed' })
  })

  it('that prints without end is stopped', async () => {
    expect(await shell('exec yes')).toEqual({ state: 'failed', reason: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' })
  })
})
