// The demo's servers on their own: an SSH server that knows one key, a cache whose signatures hold, a port that goes silent.
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../../../src/core/demo/demo.ts'
import { startListener } from '../../../../src/core/demo/listener.ts'
import { demoPath, nix32 } from '../../../../src/core/demo/signed-path.ts'
import { makeSshKey } from '../../../../src/core/demo/ssh-key.ts'
import { startSshServer } from '../../../../src/core/demo/ssh-server.ts'
import { proveBuilder } from '../../../../src/core/desktop/prove.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function demo(): Promise<Demo> {
  const started = await startDemo()
  cleanups.push(started.stop)
  return started
}

/** How a TCP connect ends; silence is what lasts so many ms. */
function knock(port: number, ms: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const end = (how: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(how)
    }
    const timer = setTimeout(() => end('silence'), ms)
    socket.once('connect', () => end('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'))
  })
}

describe('a port of the demo', () => {
  it('opens, closes, goes silent and opens again under the same number', async () => {
    const listener = await startListener((socket) => socket.end())
    const seen: string[] = []
    for (const state of ['open', 'closed', 'silent', 'open', 'silent', 'closed'] as const) {
      await listener.set(state)
      seen.push(await knock(listener.port, state === 'silent' ? 300 : 10_000))
    }
    expect(seen).toEqual(['connected', 'ECONNREFUSED', 'silence', 'connected', 'silence', 'ECONNREFUSED'])
    await listener.stop()
  })

  it('is given to no other program while nobody listens', async () => {
    const listener = await startListener((socket) => socket.end())
    await listener.set('closed')
    const mine = `0100007F:${listener.port.toString(16).toUpperCase()}`
    // Local address, remote address, state: 01 is an open connection, which the kernel counts as use of the port.
    const held = () => new RegExp(`: ${mine} \\S+ 01 `).test(readFileSync('/proc/net/tcp', 'latin1'))
    expect(held()).toBe(true)
    await listener.stop()
    await expect.poll(held).toBe(false)
  })
})

describe('the demo SSH server', () => {
  const host = makeSshKey('host')
  const builder = makeSshKey('builder')
  const stranger = makeSshKey('stranger')

  async function signIn(username: string, privateKey: string): Promise<string> {
    const keys = { hostKey: host.private, otherHostKey: stranger.private, builderPublicKey: builder.public }
    const server = await startSshServer('nix-builder', keys)
    cleanups.push(server.stop)
    return new Promise((resolve) => {
      const client = new ssh2.Client()
      client.once('ready', () => {
        client.exec('id', (error) => {
          resolve(error ? 'signed in, no command' : 'ran a command')
          client.end()
        })
      })
      client.on('error', (error) => resolve(error.message))
      client.connect({ host: '127.0.0.1', port: server.port, username, privateKey, hostVerifier: () => true })
    })
  }

  it('lets the builder in with its key, and runs nothing for it', async () => {
    expect(await signIn('nix-builder', builder.private)).toBe('signed in, no command')
  })

  it('refuses any other key', async () => {
    expect(await signIn('nix-builder', stranger.private)).toMatch(/authentication methods failed/)
  })

  it.each([
    ['accepted', builder],
    ['refused', stranger],
  ] as const)('says %s when only asked whether a public key would do', async (verdict, pair) => {
    const keys = { hostKey: host.private, otherHostKey: stranger.private, builderPublicKey: builder.public }
    const server = await startSshServer('nix-builder', keys)
    cleanups.push(server.stop)
    const keyFile = {
      state: 'present',
      path: '/k',
      mode: 0o600,
      ownerUid: 0,
      privateKey: null,
      problems: [],
    } as const
    const address = { host: '127.0.0.1', port: server.port, user: 'nix-builder' }
    const target = { address, displayHost: 'demo', hostKeyLine: host.public, knownHosts: [] }
    const proof = await proveBuilder(
      { ...target, keyFile: { ...keyFile, publicKeyLine: pair.public } },
      10_000,
    )
    expect(proof.key).toBe(verdict)
  })

  it('refuses any other user', async () => {
    expect(await signIn('root', builder.private)).toMatch(/authentication methods failed/)
  })
})

describe('a key made for the demo', () => {
  it('is read back as it was made, whatever its bytes', () => {
    for (let count = 0; count < 300; count += 1) {
      const pair = makeSshKey('a comment'.slice(0, count % 9))
      const own = ssh2.utils.parseKey(pair.private)
      const shown = ssh2.utils.parseKey(pair.public)
      if (own instanceof Error) throw own
      if (shown instanceof Error) throw shown
      expect(own.isPrivateKey()).toBe(true)
      expect(own.getPublicSSH().equals(shown.getPublicSSH())).toBe(true)
      expect(shown.verify(Buffer.from('x'), own.sign(Buffer.from('x')))).toBe(true)
    }
  })
})

describe('the demo cache', () => {
  async function narinfoOf(fault: string | null): Promise<Map<string, string>> {
    const started = await demo()
    if (fault !== null) await started.setFault(fault, true)
    const survey = await started.source.survey()
    const [path = ''] = await started.source.sharedPaths()
    if (!survey.ok) throw new Error('the demo laptop has a Nix')
    const url = survey.value.caches[0]?.url ?? ''
    const answer = await fetch(`${url}/${path.slice('/nix/store/'.length).split('-')[0]}.narinfo`)
    const lines = (await answer.text()).trim().split('\n')
    const fields = new Map(
      lines.map((line) => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
    )
    const trusted = survey.value.settings.trustedPublicKeys[1] ?? ''
    return fields.set('trusted', trusted).set('status', String(answer.status)).set('base', url)
  }

  /** As Nix does: the fingerprint of the fields, against the 32 bytes after the key's name. */
  function holds(fields: ReadonlyMap<string, string>): boolean {
    const [, key = ''] = (fields.get('trusted') ?? '').split(':')
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64')])
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
    const fingerprint = `1;${fields.get('StorePath')};${fields.get('NarHash')};${fields.get('NarSize')};`
    const signature = Buffer.from((fields.get('Sig') ?? ':').split(':')[1] ?? '', 'base64')
    return verify(null, Buffer.from(fingerprint), publicKey, signature)
  }

  it('signs with the key that the laptop trusts', async () => {
    const fields = await narinfoOf(null)
    expect(fields.get('Sig')?.split(':')[0]).toBe(fields.get('trusted')?.split(':')[0])
    expect(holds(fields)).toBe(true)
  })

  it('serves a NAR with the size and the hash that the narinfo says', async () => {
    const fields = await narinfoOf(null)
    const nar = Buffer.from(await (await fetch(`${fields.get('base')}/${fields.get('URL')}`)).arrayBuffer())
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', nar))
    expect(nar.length).toBe(Number(fields.get('NarSize')))
    expect(`sha256:${nix32(Buffer.from(hash))}`).toBe(fields.get('NarHash'))
  })

  it('signs under the trusted name with another key once it was regenerated', async () => {
    const fields = await narinfoOf('cache-key-regenerated')
    expect(fields.get('Sig')?.split(':')[0]).toBe(fields.get('trusted')?.split(':')[0])
    expect(holds(fields)).toBe(false)
  })

  it('signs under another name with an unknown key', async () => {
    expect((await narinfoOf('cache-key-unknown')).get('Sig')).toMatch(/^someone-else-1:/)
  })

  it('leaves the signature out where it does not sign', async () => {
    const fields = await narinfoOf('cache-unsigned')
    expect(fields.has('StorePath')).toBe(true)
    expect(fields.has('Sig')).toBe(false)
  })

  it('fails every lookup, but not its description, when told to', async () => {
    const fields = await narinfoOf('narinfo-500')
    expect(fields.get('status')).toBe('500')
    expect((await fetch(`${fields.get('base')}/nix-cache-info`)).status).toBe(200)
  })
})

describe('base 32 as Nix writes it', () => {
  it('gives the hash of nothing that Nix prints', () => {
    const empty = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex')
    expect(nix32(empty)).toBe('0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73')
  })

  it('gives store paths of 32 characters', () => {
    expect(demoPath('hello-2.12.1', 'x').storePath).toMatch(
      /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-hello-2\.12\.1$/,
    )
  })
})

describe('stopping the demo', () => {
  it('leaves no open port', async () => {
    const started = await startDemo()
    const survey = await started.source.survey()
    const port = survey.ok ? (survey.value.builders[0]?.address.port ?? 0) : 0
    await started.setFault('desktop-silent', true)
    await started.stop()
    expect(await knock(port, 10_000)).toBe('ECONNREFUSED')
  })
})
