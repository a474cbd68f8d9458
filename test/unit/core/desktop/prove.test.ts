// The proof of a builder against a real SSH server on loopback: host key first, then the key, and nothing signed.
import type { ServerChannel } from 'ssh2'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, parseKeyLine } from '../../../../src/core/desktop/key-blob.ts'
import { keyPair } from './keys.ts'
import { sshServer } from './ssh-server.ts'
import { keyFile, prove, targetAt } from './targets.ts'

const pair = keyPair()
const publicOnly = keyFile({ publicKeyLine: pair.public })
const readable = keyFile({ privateKey: Buffer.from(pair.private), publicKeyLine: pair.public })

function say(channel: ServerChannel, words: string): void {
  channel.exit(0)
  channel.end(words)
}

describe('the proof of a builder', () => {
  it('needs only the public key, and nothing is signed', async () => {
    const server = await sshServer()
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: publicOnly }))
    expect(proof).toMatchObject({
      hostKey: { state: 'trusted' },
      key: 'accepted',
      problem: null,
      session: null,
    })
    expect(server.asked).toEqual(['publickey?'])
  })

  it('says that the key is refused, after one question', async () => {
    const server = await sshServer({ auth: () => 'reject' })
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: publicOnly }))
    expect(proof).toMatchObject({
      key: 'refused',
      problem: {
        cause: 'ssh.key-refused',
        params: { host: 'desktop', user: 'nix-builder', key: '/etc/nix/builder_key' },
      },
    })
    expect(server.asked).toEqual(['publickey?'])
  })

  it('logs in and keeps the session where the private key is readable', async () => {
    const server = await sshServer({ onExec: (_, channel) => say(channel, 'hello') })
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: readable }))
    expect(server.asked).toEqual(['publickey?', 'publickey+signature'])
    const ran = await proof.session?.exec('echo hello', { deadlineMs: 10_000, maxBytes: 100 })
    expect(ran).toMatchObject({ value: { code: 0, ended: 'exit', stdout: 'hello' } })
    await proof.session?.close()
  })

  it.each([
    ['unknown', null, 'ssh.host-key-unknown'],
    ['changed', keyPair().public, 'ssh.host-key-changed'],
  ])('sends no credential, not even a public key, to a host whose key is %s', async (state, line, cause) => {
    const server = await sshServer()
    for (const file of [publicOnly, readable]) {
      const proof = await prove(targetAt(server.port, { hostKeyLine: line, keyFile: file }))
      expect(proof).toMatchObject({ hostKey: { state }, key: 'untested', problem: { cause }, session: null })
    }
    expect(server.asked).toEqual([])
  })

  it('shows both fingerprints of a changed host key, and where the old one is pinned', async () => {
    const server = await sshServer()
    const old = keyPair().public
    const proof = await prove(targetAt(server.port, { hostKeyLine: old, hostKeySource: '/etc/nix/machines' }))
    const print = (line: string) => fingerprintOf(parseKeyLine(line)?.blob ?? Buffer.alloc(0))
    expect(proof.problem?.params).toMatchObject({
      offered: print(server.hostKeyLine),
      expected: print(old),
      source: '/etc/nix/machines',
    })
  })

  it('judges the host key also where there is no key to test', async () => {
    const server = await sshServer()
    const target = targetAt(server.port, {
      hostKeyLine: server.hostKeyLine,
      keyFile: { state: 'none-configured' },
    })
    expect(await prove(target)).toMatchObject({
      hostKey: { state: 'trusted' },
      key: 'untested',
      problem: null,
    })
    expect(server.asked).toEqual([])
  })

  it('says that a security key cannot be tested, instead of refused', async () => {
    const server = await sshServer()
    const line = 'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA== me'
    const target = targetAt(server.port, {
      hostKeyLine: server.hostKeyLine,
      keyFile: keyFile({ publicKeyLine: line }),
    })
    expect(await prove(target)).toMatchObject({
      key: 'untested',
      problem: { cause: 'laptop.builder-key-untestable', params: { what: 'sk-ssh-ed25519@openssh.com' } },
    })
  })

  it('uses the public half where the private one cannot be read as a key', async () => {
    const server = await sshServer()
    const file = keyFile({ privateKey: Buffer.from('not a key'), publicKeyLine: pair.public })
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: file }))
    expect(proof).toMatchObject({ key: 'accepted', session: null })
  })

  it('says that the account is locked when the server hangs up after a good signature', async () => {
    const server = await sshServer({
      auth: (signed) => (signed ? 'hang-up' : 'accept'),
    })
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: readable }))
    expect(proof).toMatchObject({
      key: 'accepted',
      problem: { cause: 'desktop.builder-locked' },
      session: null,
    })
  })

  it('names a server without a common algorithm', async () => {
    const server = await sshServer({ config: { algorithms: { kex: ['diffie-hellman-group1-sha1'] } } })
    expect((await prove(targetAt(server.port))).problem).toMatchObject({
      cause: 'ssh.no-common-algorithm',
      raw: expect.stringContaining('key exchange'),
    })
  })

  it('ends at the deadline when the server never answers the question', async () => {
    const server = await sshServer({ auth: () => 'hold' })
    const started = performance.now()
    const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine }), 2500)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(proof).toMatchObject({ hostKey: { state: 'trusted' }, problem: { cause: 'ssh.protocol-error' } })
  })
})
