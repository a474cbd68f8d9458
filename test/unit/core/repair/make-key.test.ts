// The builder key is made by the real ssh-keygen; pkexec is a stand-in that runs what it is given.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canMakeKey, makeBuilderKey } from '../../../../src/core/repair/make-key.ts'
import { canRun } from '../../../needs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offload-tray-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a missing builder key', () => {
  it.runIf(canRun('ssh-keygen'))('is made as ed25519 without a passphrase', async () => {
    const path = join(folder, 'builder_key')
    expect(await makeBuilderKey(path, process.env)).toEqual({ ok: true, value: undefined })
    expect(await readFile(`${path}.pub`, 'utf8')).toMatch(/^ssh-ed25519 \S+ builder\n$/)
    expect(await readFile(path, 'utf8')).toContain('OPENSSH PRIVATE KEY')
  })

  it('never takes the place of a file that is there', async () => {
    const path = join(folder, 'builder_key')
    await writeFile(path, 'mine')
    expect(await makeBuilderKey(path, process.env)).toMatchObject({ ok: false })
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  it('is made at no place that could be taken for an option', async () => {
    expect(await makeBuilderKey('-oops', process.env)).toMatchObject({ ok: false })
    expect(await makeBuilderKey('', process.env)).toMatchObject({ ok: false })
  })

  it('tells the words of what kept it from being made', async () => {
    const outcome = await makeBuilderKey(join(folder, 'none', 'key'), { ...process.env, PATH: folder })
    expect(outcome).toMatchObject({ ok: false, problem: { raw: expect.stringContaining('pkexec') } })
  })

  it('is made by pkexec where this user may not write', async () => {
    const log = join(folder, 'asked')
    await writeFile(join(folder, 'pkexec'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${log}\nexit 126\n`, {
      mode: 0o755,
    })
    const path = join(folder, 'none', 'key')
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
    expect(await makeBuilderKey(path, env)).toMatchObject({ ok: false })
    const asked = (await readFile(log, 'utf8')).split('\n')
    expect(asked.slice(0, 6)).toEqual(['ssh-keygen', '-q', '-t', 'ed25519', '-N', ''])
    expect(asked).toContain(path)
  })
})

describe('the offer to make it', () => {
  it('is made where pkexec is, and not on NixOS', async () => {
    const env = { PATH: folder }
    const mark = join(folder, 'NIXOS')
    expect(await canMakeKey(env, mark)).toBe(false)
    await writeFile(join(folder, 'pkexec'), '#!/bin/sh\n', { mode: 0o755 })
    expect(await canMakeKey(env, mark)).toBe(true)
    await writeFile(mark, '')
    expect(await canMakeKey(env, mark)).toBe(false)
  })
})
