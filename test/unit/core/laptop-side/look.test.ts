// The whole look at a laptop: its files as they stand in a tree of their own, and a real SSH server for its desktop.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, parseKeyLine } from '../../../../src/core/desktop/key-blob.ts'
import type { LaptopFacts } from '../../../../src/core/laptop/facts.ts'
import { type LookOptions, lookAtLaptop } from '../../../../src/core/laptop-side/look.ts'
import { good } from '../../../../src/shared/outcome.ts'
import { keyPair } from '../desktop/keys.ts'
import { httpServer } from '../desktop/servers.ts'
import { sshServer } from '../desktop/ssh-server.ts'
import { tree } from '../laptop/tree.ts'
import { builder, laptop, withSettings } from '../monitor/fixtures.ts'

const nobody = { cacheKey: null }

/** A row for the server at a port, pinned to a key. */
function row(root: string, port: number, hostKeyLine: string | null) {
  const address = { host: '127.0.0.1', port, user: 'nix-builder' }
  return builder('127.0.0.1', { address, hostKeyLine, source: { file: join(root, 'nix/machines'), line: 2 } })
}

/** A laptop that has that row, and no cache. */
function facing(root: string, port: number, hostKeyLine: string | null): LaptopFacts {
  return laptop({ nixVersion: '2.31.0', builders: [row(root, port, hostKeyLine)], caches: [] })
}

function options(root: string, facts: LaptopFacts, more: Partial<LookOptions['files']> = {}): LookOptions {
  return {
    source: { survey: async () => good(facts), sharedPaths: async () => [] },
    knownHosts: [join(root, 'app/known_hosts')],
    env: { PATH: '' },
    home: join(root, 'home'),
    files: {
      nixConfDir: join(root, 'nix'),
      sshConfig: join(root, 'ssh/ssh_config'),
      sshKnownHosts: join(root, 'ssh/ssh_known_hosts'),
      sshKnownHosts2: join(root, 'ssh/ssh_known_hosts2'),
      hosts: join(root, 'hosts'),
      nixosMark: join(root, 'NIXOS'),
      nixosConfig: join(root, 'nixos'),
      ...more,
    },
  }
}

const machines = '# rows\nssh-ng://nix-builder@127.0.0.1 - /k\n'

describe('a new address', () => {
  it('is taken where the machine there shows the pinned key, in every file that names the old one', async () => {
    const server = await sshServer()
    const root = await tree({
      'nix/machines': machines,
      'nix/nix.conf': 'include more.conf\n',
      'nix/more.conf': 'substituters = http://127.0.0.1:5000\n',
      'ssh/ssh_config': 'Include ROOT/ssh/ssh_config.d/*.conf\n',
      'ssh/ssh_config.d/desk.conf': 'Host desktop\n  HostName 127.0.0.1\n',
      hosts: '127.0.0.1 localhost desktop\n',
      'home/.ssh/config': 'HostName 127.0.0.1\n',
    })
    const facts = facing(root, server.port, server.hostKeyLine)
    const looked = await lookAtLaptop({ newAddress: 'localhost' }, nobody, options(root, facts))
    if (!looked.ok) throw new Error(JSON.stringify(looked.problem))
    const { plan, placements } = looked.value
    expect(plan.needs).toMatchObject([{ id: 'new-address', params: { from: '127.0.0.1', to: 'localhost' } }])
    expect(placements.map(({ path }) => path.slice(root.length)).sort()).toEqual([
      '/hosts',
      '/nix/machines',
      '/nix/more.conf',
      '/ssh/ssh_config.d/desk.conf',
    ])
    expect(plan.move?.places.filter((place) => !place.ours).map(({ file }) => file)).toEqual([
      join(root, 'home/.ssh/config'),
    ])
    expect(server.asked).toEqual([])
  })

  it('is refused where another machine answers, or where nothing is known of the right one', async () => {
    const server = await sshServer()
    const root = await tree({ 'nix/machines': machines })
    for (const [line, cause] of [
      [keyPair().public, 'ssh.host-key-changed'],
      [null, 'ssh.host-key-unknown'],
    ] as const) {
      const facts = facing(root, server.port, line)
      const looked = await lookAtLaptop({ newAddress: 'localhost' }, nobody, options(root, facts))
      expect(looked).toMatchObject({ ok: false, problem: { cause } })
    }
    expect(server.asked).toEqual([])
  })

  it('is refused where nobody answers, and where it is no address', async () => {
    const root = await tree({ 'nix/machines': machines })
    const facts = facing(root, 1, keyPair().public)
    const silent = await lookAtLaptop({ newAddress: 'localhost' }, nobody, options(root, facts))
    expect(silent).toMatchObject({ ok: false, problem: { cause: 'ssh.port-closed' } })
    for (const newAddress of ['-oProxyCommand=x', 'a b', 'a;b', 'http://x', ''])
      expect(await lookAtLaptop({ newAddress }, nobody, options(root, facts))).toMatchObject({ ok: false })
  })
})

describe('a host key', () => {
  it('that only this app trusts is pinned; one of /etc/ssh or of nobody is not needed or not known', async () => {
    const server = await sshServer()
    const known = `[127.0.0.1]:${server.port} ${server.hostKeyLine.trim()}\n`
    const root = await tree({ 'nix/machines': machines, 'app/known_hosts': known })
    const facts = facing(root, server.port, null)
    const looked = await lookAtLaptop({}, nobody, options(root, facts))
    expect(looked).toMatchObject({ value: { plan: { needs: [{ id: 'pin-host-key', advice: false }] } } })
    const unknown = { ...options(root, facts), knownHosts: [join(root, 'none')] }
    expect(await lookAtLaptop({}, nobody, unknown)).toMatchObject({ value: { plan: { needs: [] } } })
  })
})

describe('a cache that wants a login', () => {
  it('is asked with the one that Nix has for it, which is neither shown nor written', async () => {
    const ssh = await sshServer()
    const asked: (string | undefined)[] = []
    const url = await httpServer((request, response) => {
      asked.push(request.headers.authorization)
      if (request.headers.authorization === undefined) response.writeHead(401).end()
      else response.end('StoreDir: /nix/store\n')
    })
    const root = await tree({ 'nix/machines': machines })
    const cache = { url, isSubstituter: false, trusted: false, login: 'me:s%2Fecret' }
    const facts = { ...facing(root, ssh.port, ssh.hostKeyLine.trim()), caches: [cache] }
    const looked = await lookAtLaptop({}, nobody, options(root, facts))
    expect(asked).toEqual([`Basic ${Buffer.from('me:s/ecret').toString('base64')}`])
    // One that does not answer would not be wanted.
    expect(looked).toMatchObject({ value: { plan: { needs: [{ id: 'substituter', params: { url } }] } } })
    expect(JSON.stringify(looked)).not.toMatch(/ecret/)
  })
})

describe('a host key that changed', () => {
  const fingerprint = (line: string) => fingerprintOf(parseKeyLine(line)?.blob ?? Buffer.alloc(0))

  it('is written where the person took exactly the one that is shown, and nowhere without; nobody signs in', async () => {
    const server = await sshServer()
    const now = fingerprint(server.hostKeyLine)
    const old = keyPair().public
    const column = Buffer.from(old.trim()).toString('base64')
    const text = `# rows\nssh-ng://nix-builder@127.0.0.1 - /k 1 1 - - ${column}\n`
    const root = await tree({ 'nix/machines': text })
    const facts = laptop({ nixVersion: '2.31.0', builders: [row(root, server.port, old.trim())], caches: [] })
    const at = options(root, facts)
    const need = { id: 'renew-host-key', params: { from: fingerprint(old), to: now } }
    for (const wish of [{}, { hostKey: fingerprint(old) }, { hostKey: fingerprint(keyPair().public) }]) {
      const looked = await lookAtLaptop(wish, nobody, at)
      expect(looked).toMatchObject({
        value: {
          placements: [],
          plan: { needs: [{ ...need, unknown: true }], hostKey: { accepted: false } },
        },
      })
    }
    const taken = await lookAtLaptop({ hostKey: now }, nobody, at)
    expect(taken).toMatchObject({
      value: {
        plan: { needs: [{ ...need, unknown: false }] },
        placements: [{ before: text }],
      },
    })
    expect(server.asked).toEqual([])
  })

  it('is asked for anew where nobody answers, and is never one that was revoked', async () => {
    const server = await sshServer()
    const now = fingerprint(server.hostKeyLine)
    const revoked = `@revoked [127.0.0.1]:${server.port} ${server.hostKeyLine.trim()}\n`
    const root = await tree({ 'nix/machines': machines, 'app/known_hosts': revoked })
    const old = keyPair().public.trim()
    const facts = laptop({ nixVersion: '2.31.0', builders: [row(root, server.port, old)], caches: [] })
    const looked = await lookAtLaptop({ hostKey: now }, nobody, options(root, facts))
    expect(looked).toMatchObject({ ok: false, problem: { cause: 'ssh.host-key-revoked' } })
    const away = { ...facts, builders: [row(root, 1, old)] }
    expect(await lookAtLaptop({ hostKey: now }, nobody, options(root, away))).toMatchObject({
      ok: false,
      problem: { cause: 'ssh.port-closed' },
    })
  })

  it('is taken as a first one, too, where nothing is known; and nothing that is no fingerprint is', async () => {
    const server = await sshServer()
    const root = await tree({ 'nix/machines': machines })
    const facts = laptop({ nixVersion: '2.31.0', builders: [row(root, server.port, null)], caches: [] })
    const at = options(root, facts)
    const taken = await lookAtLaptop({ hostKey: fingerprint(server.hostKeyLine) }, nobody, at)
    expect(taken).toMatchObject({
      value: { plan: { needs: [{ id: 'pin-host-key', advice: false }] } },
    })
    const other = await lookAtLaptop({ hostKey: fingerprint(keyPair().public) }, nobody, at)
    expect(other).toMatchObject({ ok: false, problem: { cause: 'ssh.host-key-unknown' } })
    for (const hostKey of ['', 'yes', 'SHA256:x', 'MD5:00:11'])
      expect(await lookAtLaptop({ hostKey }, nobody, at)).toMatchObject({ ok: false })
  })
})

describe('the ground', () => {
  const off = { ...withSettings({ fallback: false }), nixVersion: '2.31.0' }
  const away = (root: string): LaptopFacts => ({
    ...off,
    builders: [row(root, 1, keyPair().public)],
    caches: [],
  })

  it('is NixOS’s where its mark is there; then its configuration is read for the old address, and no file is changed', async () => {
    const server = await sshServer()
    const root = await tree({
      'nix/machines': machines,
      NIXOS: '',
      'nixos/hosts/laptop.nix': '# 127.0.0.1\nhost = "127.0.0.1";\n',
      'nixos/README.md': '127.0.0.1\n',
    })
    const facts = facing(root, server.port, server.hostKeyLine)
    const looked = await lookAtLaptop({ newAddress: 'localhost' }, nobody, options(root, facts))
    if (!looked.ok) throw new Error(JSON.stringify(looked.problem))
    expect(looked.value).toMatchObject({ placements: [], plan: { nixos: true, canApply: false } })
    expect(
      looked.value.plan.move?.places.map(({ file, line }) => `${file.slice(root.length)}:${line}`),
    ).toEqual(['/nix/machines:2', '/nixos/hosts/laptop.nix:2'])
    expect(looked.value.plan.snippet).toContain('host = "localhost";')
  })

  it('leaves a file alone that it could not read whole', async () => {
    const root = await tree({ 'nix/machines': machines, 'nix/nix.conf': `#${'x'.repeat(1024 * 1024)}\n` })
    const looked = await lookAtLaptop({}, nobody, options(root, away(root)))
    // What is not known is planned as if it were absent, and the program then finds a file there and refuses.
    expect(looked).toMatchObject({ value: { placements: [{ before: null }] } })
  })

  it('finds the file that an installer leaves to people, there or not', async () => {
    const root = await tree({ 'nix/machines': machines, 'nix/nix.conf': '!include nix.custom.conf\n' })
    const looked = await lookAtLaptop({}, nobody, options(root, away(root)))
    expect(looked).toMatchObject({
      value: {
        restart: true,
        placements: [{ path: join(root, 'nix/nix.custom.conf'), after: 'fallback = true\n' }],
      },
    })
  })
})
