// Where ssh really connects, asked of the real ssh with a configuration of the test's own.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { laptopFiles } from '../../../../src/core/laptop/files.ts'
import { createSshResolver, expandIdentity } from '../../../../src/core/laptop/ssh-config.ts'
import { scanSshConfig } from '../../../../src/core/laptop/ssh-config-scan.ts'
import { canRun } from '../../../needs.ts'
import { tree } from './tree.ts'

const haveSsh = canRun('ssh')

async function resolver(files: Record<string, string>, path = process.env['PATH']) {
  const root = await tree(files)
  const resolve = createSshResolver(
    { PATH: path, HOME: root },
    { ...laptopFiles, sshConfig: `${root}/ssh_config` },
  )
  return { root, resolve }
}

const place = (host: string, user: string | null = null, port: number | null = null) => ({ host, user, port })

describe('an alias of ssh_config', () => {
  it('gives name, port, user and key', async () => {
    const { resolve } = await resolver({
      ssh_config:
        'Host desktop\n  HostName 192.168.15.7\n  Port 2222\n  User nix-builder\n  IdentityFile /etc/nix/%h_key\n',
    })
    expect((await resolve([place('desktop')])).places).toEqual([
      { host: '192.168.15.7', port: 2222, user: 'nix-builder', identityFile: '/etc/nix/192.168.15.7_key' },
    ])
  })

  it('names the host key by HostKeyAlias, as ssh takes it: in lower case, with nothing filled in', async () => {
    const text = 'Host desktop\n  HostKeyAlias Work-%h\nHost *\n  HostKeyAlias late\n'
    const { resolve } = await resolver({ ssh_config: text }, '/nowhere')
    const { places } = await resolve([place('desktop', 'b'), place('other', 'b')])
    expect(places.map(({ hostKeyAlias }) => hostKeyAlias)).toEqual(['work-%h', 'late'])
  })

  it('says that ssh goes through another machine, and not where that is turned off first', async () => {
    const text =
      'Host far\n  ProxyJump jump\nHost odd\n  ProxyCommand nc %h %p\nHost near\n  ProxyCommand none\nHost *\n  ProxyJump jump\n'
    const { resolve } = await resolver({ ssh_config: text }, '/nowhere')
    const { places } = await resolve(['far', 'odd', 'near'].map((host) => place(host, 'b')))
    expect(places.map(({ proxied }) => proxied)).toEqual([true, true, undefined])
  })

  it('starts no ssh for names that none takes, as a garbled machines file has them by the thousand', async () => {
    const { resolve } = await resolver({ ssh_config: 'Match all\n  Port 2222\n' })
    const started = performance.now()
    const hosts = Array.from({ length: 1000 }, (_, n) => place(`h\u{fffd}${n}$(x)`, 'b'))
    expect((await resolve(hosts)).places[999]?.host).toBe('h\u{fffd}999$(x)')
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('yields to user and port of the URI', async () => {
    const { resolve } = await resolver({ ssh_config: 'Host *\n  Port 2222\n  User other\n' })
    expect((await resolve([place('desktop', 'b', 22)])).places[0]).toMatchObject({ port: 22, user: 'b' })
  })

  it("counts from root's own configuration first, where that may be read", async () => {
    const root = await tree({
      'root/.ssh/config': 'Host desktop\n  HostKeyAlias work\nInclude more\n',
      'root/.ssh/more': 'Host desktop\n  Port 2200\n',
      ssh_config: 'Host *\n  HostKeyAlias late\n  Port 22\n  User b\nInclude more\n',
      more: 'Host desktop\n  HostName 10.0.0.7\n',
    })
    const files = { ...laptopFiles, sshConfig: `${root}/ssh_config`, rootHome: `${root}/root` }
    const { places, problems } = await createSshResolver({ PATH: '/nowhere' }, files)([place('desktop')])
    expect(places).toEqual([
      { host: '10.0.0.7', port: 2200, user: 'b', identityFile: null, hostKeyAlias: 'work' },
    ])
    expect(problems).toEqual([])
  })

  it('counts from an included file', async () => {
    const { resolve } = await resolver({
      ssh_config: 'Include ROOT/conf.d/*.conf\n',
      'conf.d/one.conf': 'Host desktop\nHostName=10.0.0.7\n',
    })
    expect((await resolve([place('desktop')])).places[0]?.host).toBe('10.0.0.7')
  })

  it('counts from included files in the order of their names, hidden ones left out', async () => {
    const { resolve } = await resolver({
      ssh_config: 'Include ROOT/conf.d/*\n',
      'conf.d/20-late.conf': 'Host desktop\nHostName 10.0.0.20\nPort 2020\n',
      'conf.d/10-early.conf': 'Host desktop\nHostName 10.0.0.10\n',
      'conf.d/.hidden': 'Host desktop\nUser hidden\n',
    })
    expect((await resolve([place('desktop')])).places[0]).toMatchObject({
      host: '10.0.0.10',
      port: 2020,
      user: 'root',
    })
  })

  it('is told to be unreadable where this user may not read it', async () => {
    const { root, resolve } = await resolver({ 'ssh_config/inside': '' })
    expect((await resolve([place('desktop')])).problems).toMatchObject([
      { cause: 'laptop.file-unreadable', params: { file: `${root}/ssh_config` } },
    ])
  })

  it.each(['ssh_config', 'conf.d/a.conf', 'ssh_known_hosts'])(
    'in a FIFO (%s) starts no ssh, and is named',
    async (name) => {
      const root = await tree({ 'conf.d/.keep': '', 'bin/ssh': '#!/bin/sh\n: >"$HOME/started"\n' })
      chmodSync(`${root}/bin/ssh`, 0o755)
      const text = `Match all\n  Port 2222\nInclude ${root}/conf.d/*.conf\n`
      if (name !== 'ssh_config') await writeFile(`${root}/ssh_config`, text)
      execFileSync('mkfifo', [`${root}/${name}`])
      const resolve = createSshResolver(
        { PATH: `${root}/bin:${process.env['PATH']}`, HOME: root },
        { ...laptopFiles, sshConfig: `${root}/ssh_config` },
      )
      expect((await resolve([place('desktop')])).problems).toMatchObject([
        { cause: 'laptop.file-unfit', params: { file: `${root}/${name}`, what: 'fifo' } },
      ])
      expect(existsSync(`${root}/started`)).toBe(false)
    },
  )

  it('changes when the file does', async () => {
    const { root, resolve } = await resolver({ ssh_config: 'Host desktop\nHostName 10.0.0.7\n' })
    await resolve([place('desktop')])
    await writeFile(`${root}/ssh_config`, 'Host desktop\nHostName 10.0.0.8\n')
    expect((await resolve([place('desktop')])).places[0]?.host).toBe('10.0.0.8')
  })

  it("does not make this user the daemon's: without a User the daemon is root", async () => {
    const { resolve } = await resolver({ ssh_config: 'Host desktop\nHostName 10.0.0.7\n' })
    expect((await resolve([place('desktop')])).places[0]?.user).toBe('root')
    const named = await resolver({ ssh_config: `Host desktop\nUser ${userInfo().username}\n` })
    expect((await named.resolve([place('desktop')])).places[0]?.user).toBe(userInfo().username)
  })

  it('is left aside where ssh refuses the file, or is not there', async () => {
    const text = 'Match all\nPort many\n'
    const broken = await resolver({ ssh_config: text })
    expect((await broken.resolve([place('desktop', 'b')])).places[0]).toMatchObject({
      host: 'desktop',
      port: 22,
    })
    const without = await resolver({ ssh_config: 'Match all\nPort 2222\n' }, '/nowhere')
    expect((await without.resolve([place('desktop', 'b')])).places[0]).toMatchObject({
      host: 'desktop',
      port: 22,
    })
  })

  it.runIf(haveSsh).each([
    ['Host *\n  Prot 2222\n', 2, 'Bad configuration option: prot'],
    ['Port many\n', 1, "'many'"],
    ['Include ROOT/ssh_config\n', 1, 'Too many recursive'],
    ['Match nobody\n', 1, 'match'],
  ])('that ssh ends at is told with its line: %j', async (text, line, what) => {
    const { root, resolve } = await resolver({ ssh_config: text })
    const { problems } = await resolve([place('desktop', 'b')])
    expect(problems).toMatchObject([
      { cause: 'laptop.ssh-config-invalid', params: { file: `${root}/ssh_config`, line } },
    ])
    expect(problems[0]?.raw?.toLowerCase()).toContain(what.toLowerCase())
    await writeFile(`${root}/ssh_config`, 'Host *\n  Port 2222\n')
    expect((await resolve([place('desktop', 'b')])).problems).toEqual([])
  })

  it.runIf(haveSsh)('is not blamed for a name that ssh does not take', async () => {
    const { resolve } = await resolver({ ssh_config: 'Match all\n  Port 2222\n' })
    expect((await resolve([place('-oX', 'b'), place('a..b%', 'b')])).problems).toEqual([])
  })

  it.runIf(haveSsh)('is asked of ssh where a Match decides', async () => {
    const { resolve } = await resolver({
      ssh_config: 'Match host desk*\n  Port 2222\n  IdentityFile ~/.ssh/builder\n',
    })
    expect((await resolve([place('desktop', 'b'), place('other', 'b')])).places).toEqual([
      { host: 'desktop', port: 2222, user: 'b', identityFile: '/root/.ssh/builder' },
      { host: 'other', port: 22, user: 'b', identityFile: null },
    ])
  })

  it.runIf(haveSsh)('takes a key that is configured under a name of ssh’s own', async () => {
    const { resolve } = await resolver({ ssh_config: 'Match host desk*\n  IdentityFile ~/.ssh/id_ed25519\n' })
    expect((await resolve([place('desktop', 'b')])).places[0]?.identityFile).toBe('/root/.ssh/id_ed25519')
  })

  it.runIf(haveSsh)('is asked anew each time where a command decides', async () => {
    const { root, resolve } = await resolver({
      ssh_config: 'Match exec "test -e ROOT/away"\n  HostName 10.0.0.9\n',
    })
    expect((await resolve([place('desktop', 'b')])).places[0]?.host).toBe('desktop')
    await writeFile(`${root}/away`, '')
    expect((await resolve([place('desktop', 'b')])).places[0]?.host).toBe('10.0.0.9')
  })

  it('needs no process where nothing could change the answer', async () => {
    const { root, resolve } = await resolver({ ssh_config: 'Host *\n  SendEnv LANG\n  ConnectTimeout 5\n' })
    const started = performance.now()
    const { places } = await resolve(Array.from({ length: 1_000 }, (_, n) => place(`host${n}`, 'b')))
    expect(places[999]).toEqual({ host: 'host999', port: 22, user: 'b', identityFile: null })
    expect(performance.now() - started).toBeLessThan(5000)
    expect(await scanSshConfig(`${root}/ssh_config`)).toMatchObject({ needsSsh: false, directives: [] })
  })

  it.each([
    'Match exec true\nPort 22',
    'CanonicalizeHostname yes',
    'Include ~/x',
    'port=ssh',
    'USER %u',
    'IdentityFile /k$x',
    'HostName "a b"',
    'Include ROOT/*/x',
    'Include ROOT/[ab].conf',
  ])('is asked of ssh where the file says %j', async (text) => {
    const root = await tree({ ssh_config: text })
    expect((await scanSshConfig(`${root}/ssh_config`)).needsSsh).toBe(true)
  })

  it.each(['no', 'false', 'No'])('is not asked of ssh where names stay as they are (%s)', async (value) => {
    const root = await tree({ ssh_config: `CanonicalizeHostname ${value}\n` })
    expect((await scanSshConfig(`${root}/ssh_config`)).needsSsh).toBe(false)
  })

  it('ends where files include each other', async () => {
    const root = await tree({ ssh_config: 'Include ROOT/ssh_config\nInclude ROOT/ssh_config\n' })
    expect((await scanSshConfig(`${root}/ssh_config`)).files.length).toBeLessThanOrEqual(200)
  })
})

describe('a configuration of plain Host blocks', () => {
  const pattern = fc.constantFrom('*', 'desktop', 'desk*', '!desktop', 'd?sktop', 'second', '!*', 'SECOND')
  const line = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.array(pattern, { minLength: 1, maxLength: 3 }).map((all) => `Host ${all.join(' ')}`),
    },
    fc.constantFrom('HostName 10.0.0.1', 'hostname=%h.lan', '  HostName 10.0.0.2 # two', 'HostName %%h'),
    fc.constantFrom('Port 2222', 'PORT = 22', 'Port 65535'),
    fc.constantFrom('HostKeyAlias desktop', 'hostkeyalias=Work.%h', 'HostKeyAlias none'),
    fc.constantFrom('ProxyJump jump', 'ProxyCommand nc %h %p', 'ProxyCommand none', 'ProxyJump none'),
    fc.constantFrom('User b', 'User nix-builder', '# User c'),
    fc.constantFrom('IdentityFile /k', 'IdentityFile ~/.ssh/%h', 'IdentityFile none', 'ConnectTimeout 5', ''),
    fc.constant('Include ROOT/more'),
  )

  it.runIf(haveSsh)('is judged as ssh itself judges it', async () => {
    const root = await tree()
    const files = { ...laptopFiles, sshConfig: `${root}/ssh_config` }
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 10 }),
        fc.array(line, { maxLength: 5 }),
        async (lines, more) => {
          const text = (all: readonly string[]) => `${all.join('\n').replaceAll('ROOT', root)}\n`
          await writeFile(`${root}/ssh_config`, text(lines))
          await writeFile(`${root}/more`, text(more.filter((one) => !one.startsWith('Include'))))
          const plain = createSshResolver({ PATH: '/nowhere' }, files)
          // A Match that changes nothing makes the resolver ask ssh.
          await writeFile(`${root}/asked`, `Include ${root}/ssh_config\nMatch all\n`)
          const asked = createSshResolver(
            { PATH: process.env['PATH'] },
            { ...files, sshConfig: `${root}/asked` },
          )
          const places = [place('desktop'), place('second', 'u', 222)]
          expect((await plain(places)).places).toEqual((await asked(places)).places)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe("an identity's path", () => {
  it.each([
    ['~/.ssh/id', '/root/.ssh/id'],
    ['%d/.ssh/%r@%h', '/root/.ssh/b@desktop'],
    ['/etc/100%%', '/etc/100%'],
  ])("%s is the daemon's, so root's", (written, path) => {
    expect(expandIdentity(written, { host: 'desktop', user: 'b' }, laptopFiles)).toBe(path)
  })
})
