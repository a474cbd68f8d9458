// The proof's judgement: whose boot id it is, and whose tag.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectProof, judgeProof } from '../../../../src/core/test-build/proof.ts'

const here = '6eeb1d44-34d4-423f-ae06-a4bc287471a8'
const there = '9faee38c-0d82-42a3-84b5-fd1ce69ab062'

describe('the proof', () => {
  it.each([
    [`T\n${there}\n6.1\nxxx`, { state: 'remote', remote: { bootId: there, kernel: '6.1' } }],
    [`T\n${here}\n6.1\nxxx`, { state: 'here' }],
    [`U\n${there}\n6.1\n`, { state: 'wrong' }],
    ['T\n\n\n', { state: 'wrong' }],
    [`T\n${there.slice(1)}\n6.1\n`, { state: 'wrong' }],
    ['', { state: 'wrong' }],
  ])('of %j', (head, verdict) => {
    expect(judgeProof(head, 'T', here)).toMatchObject(verdict)
  })
})

describe('an output', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proof-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const written = (bootId: string) => {
    const file = join(folder, 'out')
    writeFileSync(file, `T\n${bootId}\n6.1\n${'x'.repeat(10_000)}`)
    return file
  }

  it('of another machine is told from one of this machine', async () => {
    const own = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    expect(await expectProof('T')(written(there))).toMatchObject({ state: 'remote' })
    expect(await expectProof('T')(written(own))).toMatchObject({ state: 'here' })
  })

  it('that is not there proves nothing, and says so', async () => {
    const proof = await expectProof('T')(join(folder, 'none'))
    expect(proof).toMatchObject({ state: 'wrong', what: expect.stringContaining('ENOENT') })
  })
})
