// The probe against a real sshd of this machine: keys of each type, host keys, and commands that are given up.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SshProof } from '../../../../src/core/desktop/results.ts'
import { builder, haveSshd, type Sshd, startSshd } from './sshd.ts'
import { keyFile, prove, targetAt } from './targets.ts'

describe.runIf(haveSshd)('against a real sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd.stop())

  const known = (host: string, key: string) => {
    const file = join(sshd.folder, `known_hosts-${key}`)
    writeFileSync(file, `${host} ${sshd.read(`${key}.pub`)}`)
    return file
  }
  const settledLog = async (): Promise<string> => {
    await expect.poll(sshd.idle).toBe(true)
    const seen = sshd.log()
    // What it said last is still to be read here.
    await new Promise((resolve) => setTimeout(resolve, 200))
    return sshd.log() === seen ? seen : settledLog()
  }
  const ask = (key: string, withPrivate: boolean, hostKey = 'hostkey', user = 'root'): Promise<SshProof> => {
    const file = keyFile({
      publicKeyLine: sshd.read(`${key}.pub`),
      privateKey: withPrivate ? Buffer.from(sshd.read(key)) : null,
    })
    const address = { host: '127.0.0.1', port: sshd.port, user }
    const knownHosts = [known(`[127.0.0.1]:${sshd.port}`, hostKey)]
    return prove(targetAt(sshd.port, { address, keyFile: file, knownHosts }))
  }

  it.each(['user', 'rsa'])('the public half of an authorised %s key is accepted', async (key) => {
    expect(await ask(key, false)).toMatchObject({
      hostKey: { state: 'trusted' },
      key: 'accepted',
      problem: null,
    })
  })

  it('a key that is not authorised is refused, with and without its private half', async () => {
    for (const withPrivate of [false, true]) {
      expect(await ask('other', withPrivate)).toMatchObject({
        key: 'refused',
        problem: { cause: 'ssh.key-refused' },
      })
    }
  })

  it.each(['user', 'rsa'])('the %s key logs in, although restricted, and runs commands', async (key) => {
    const { session } = await ask(key, true)
    const ran = await session?.exec('id -un; cat; echo oops >&2; exit 4', {
      deadlineMs: 10_000,
      maxBytes: 1000,
      input: 'in',
    })
    expect(ran).toMatchObject({
      value: { code: 4, stdout: 'root\nin', stderr: expect.stringContaining('oops') },
    })
    await session?.close()
  })

  it('an entry for the ecdsa key alone does not look changed', async () => {
    expect(await ask('user', false, 'ecdsa')).toMatchObject({
      hostKey: { state: 'trusted', offered: { type: 'ecdsa-sha2-nistp256' } },
    })
  })

  it('a wrong entry is changed, and sshd never hears of a user', async () => {
    // After what earlier connections still have to say.
    const before = (await settledLog()).length
    expect(await ask('user', true, 'other')).toMatchObject({
      hostKey: { state: 'changed' },
      key: 'untested',
      session: null,
    })
    expect((await settledLog()).slice(before)).not.toMatch(/root|publickey/)
  })

  it('a command that is given up is ended over there too', async () => {
    const { session } = await ask('user', true, 'hostkey', builder)
    expect(session).not.toBeNull()
    const seconds = 9000 + Math.floor(Math.random() * 900)
    const runs = () => spawnSync('pgrep', ['-fx', `sleep ${seconds}`]).status === 0
    const giveUp = new AbortController()
    const limits = { deadlineMs: 15_000, maxBytes: 100, signal: giveUp.signal }
    const given = session?.exec(`exec sleep ${seconds}`, limits)
    await expect.poll(runs).toBe(true)
    giveUp.abort()
    expect(await given).toMatchObject({ value: { code: null, ended: 'cancelled' } })
    await expect.poll(runs).toBe(false)
    await session?.close()
  })

  it('output is cut at the limit and the command is ended', async () => {
    const { session } = await ask('user', true)
    const ran = await session?.exec('yes', { deadlineMs: 10_000, maxBytes: 10_000 })
    expect(ran).toMatchObject({ value: { ended: 'too-long', code: null } })
    expect(await session?.exec('echo alive', { deadlineMs: 10_000, maxBytes: 100 })).toMatchObject({
      value: { stdout: 'alive\n' },
    })
    await session?.close()
  })
})

describe.runIf(haveSshd)('against a real sshd that takes no more connections', () => {
  it('it is throttled, not unreachable', async () => {
    const sshd = await startSshd(['MaxStartups 1:100:1', 'LoginGraceTime 30'])
    const first = connect(sshd.port, '127.0.0.1')
    await new Promise((resolve) => first.once('data', resolve))
    const proof = await prove(targetAt(sshd.port))
    expect(proof).toMatchObject({ connectMs: expect.any(Number), problem: { cause: 'ssh.throttled' } })
    first.destroy()
    await sshd.stop()
  })
})
