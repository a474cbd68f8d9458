// A TCP connection: where a name led, how long it took, and each way in which it can end.
import { describe, expect, it } from 'vitest'
import { connectTcp, knockTcp, socketProblem } from '../../../../src/core/desktop/tcp.ts'
import { closedPort, tcpServer } from './servers.ts'

describe('a TCP connection', () => {
  it('gives the address and the time it took', async () => {
    const port = await tcpServer(() => {})
    const knock = await knockTcp({ host: 'localhost', port }, 2000)
    if (!knock.ok) throw new Error(knock.problem.cause)
    expect(knock.value.ip).toBe('127.0.0.1')
    expect(knock.value.ms).toBeGreaterThan(0)
  })

  it('says which service is closed', async () => {
    const address = { host: '127.0.0.1', port: await closedPort() }
    expect(await knockTcp(address, 2000)).toMatchObject({
      problem: { cause: 'ssh.port-closed', params: address },
    })
    expect(await knockTcp(address, 2000, 'cache.port-closed')).toMatchObject({
      problem: { cause: 'cache.port-closed' },
    })
  })

  it('says that a name is not known', async () => {
    const knock = await knockTcp({ host: 'no-such-desktop.invalid', port: 22 }, 5000)
    expect(knock).toMatchObject({ problem: { cause: 'net.name-not-found' } })
  })

  it('tells where a name led, whether anybody answered there or not', async () => {
    const port = await closedPort()
    const refused = await knockTcp({ host: 'localhost', port }, 2000)
    const open = await knockTcp({ host: 'localhost', port: await tcpServer(() => {}) }, 2000)
    expect(refused).toMatchObject({
      ok: false,
      problem: { params: { found: expect.stringContaining('127.0.0.1') } },
    })
    expect(open).toMatchObject({ ok: true, value: { addresses: expect.arrayContaining(['127.0.0.1']) } })
    expect(await knockTcp({ host: '127.0.0.1', port }, 2000)).not.toHaveProperty('problem.params.found')
  })

  it('does not take an impossible port for an exception', async () => {
    expect(await knockTcp({ host: '127.0.0.1', port: 70_000 }, 1000)).toMatchObject({
      problem: { cause: 'net.unreachable' },
    })
  })

  it('ends at the deadline', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): packets to it go nowhere, or the kernel knows no way at once.
    const started = performance.now()
    const connection = await connectTcp({ host: '192.0.2.1', port: 22 }, 300, 'ssh.port-closed')
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(connection.ok).toBe(false)
  })

  it.each([
    ['EAI_AGAIN', 'net.name-not-found'],
    ['ENOTFOUND', 'net.name-not-found'],
    ['ENODATA', 'net.name-not-found'],
    ['EHOSTUNREACH', 'net.unreachable'],
    ['ENETUNREACH', 'net.unreachable'],
    ['ETIMEDOUT', 'net.timeout'],
    ['ECONNREFUSED', 'ssh.port-closed'],
    ['ECONNRESET', 'ssh.throttled'],
  ])('reads %s as %s', (code, cause) => {
    const found = socketProblem(Object.assign(new Error('x'), { code }), { host: 'desk' }, 'ssh.port-closed')
    expect(found.cause).toBe(cause)
    expect(found.raw).toContain(code)
  })

  it.each([
    ['ECONNREFUSED', 'cache.port-closed'],
    ['ECONNRESET', 'cache.not-a-cache'],
  ])('reads %s of a cache’s port as %s', (code, cause) => {
    expect(socketProblem(Object.assign(new Error('x'), { code }), {}, 'cache.port-closed').cause).toBe(cause)
  })

  it('believes the address that refused over the one without a way', () => {
    const errors = ['ENETUNREACH', 'ECONNREFUSED'].map((code) => Object.assign(new Error(code), { code }))
    expect(socketProblem(new AggregateError(errors), {}, 'ssh.port-closed').cause).toBe('ssh.port-closed')
  })
})
