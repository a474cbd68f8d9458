// The builder key file, with real keys made by ssh-keygen.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFile, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBuilderKey } from '../../../../src/core/laptop/builder-key.ts'
import { readPrivateKey } from '../../../../src/core/laptop/key-format.ts'
import { canRun, canTest } from '../../../needs.ts'
import { tree } from './tree.ts'

const haveKeygen = canRun('ssh-keygen')

/** A key pair at ROOT/key, and its public line without the comment. */
async function keyPair(...args: readonly string[]) {
  const path = join(await tree(), 'key')
  const passphrase = args.includes('-N') ? [] : ['-N', '']
  execFileSync('ssh-keygen', ['-q', '-C', '', '-f', path, ...passphrase, ...args])
  const line = (await readFile(`${path}.pub`, 'utf8')).trim()
  return { path, line }
}

const causesOf = async (path: string) => {
  const key = await readBuilderKey(path)
  return key.state === 'present' ? key.problems.map((one) => one.cause) : key.state
}

describe.runIf(haveKeygen)('a builder key', () => {
  it.each([
    [['-t', 'ed25519']],
    [['-t', 'rsa', '-b', '2048']],
    [['-t', 'ecdsa']],
    [['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    [['-t', 'ecdsa', '-m', 'PEM']],
    [['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
    [['-t', 'ecdsa', '-m', 'PKCS8']],
  ])('made by ssh-keygen %j gives its public half without KEY.pub', async (args) => {
    const { path, line } = await keyPair(...args)
    await rm(`${path}.pub`)
    expect(await readBuilderKey(path)).toMatchObject({
      state: 'present',
      path,
      mode: 0o600,
      publicKeyLine: line,
      privateKey: await readFile(path),
      problems: [],
    })
  })

  it('is none where none is configured, and missing where the file is not there', async () => {
    expect(await readBuilderKey(null)).toEqual({ state: 'none-configured' })
    expect(await readBuilderKey('/nowhere/key')).toEqual({ state: 'missing', path: '/nowhere/key' })
  })

  it.each([0o644, 0o640, 0o604, 0o660])('is exposed with mode %o', async (mode) => {
    const { path } = await keyPair('-t', 'ed25519')
    await chmod(path, mode)
    const key = await readBuilderKey(path)
    expect(key).toMatchObject({
      mode,
      problems: [
        { cause: 'laptop.builder-key-exposed', params: { key: path, mode: `0${mode.toString(8)}` } },
      ],
    })
  })

  it.each([
    [['-t', 'ed25519']],
    [['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    [['-t', 'ecdsa', '-m', 'PKCS8']],
  ])('with a passphrase is told, and its private half is not handed on: %j', async (args) => {
    const { path, line } = await keyPair(...args, '-N', 'a secret')
    expect(await readBuilderKey(path)).toMatchObject({
      privateKey: null,
      publicKeyLine: line,
      problems: [{ cause: 'laptop.builder-key-encrypted', params: { key: path } }],
    })
  })

  it('that breaks off anywhere is no key, and breaks nothing', async () => {
    const { path } = await keyPair('-t', 'ed25519')
    const body = (await readFile(path, 'utf8')).split('\n').slice(1, -2).join('')
    const bytes = Buffer.from(body, 'base64')
    // Magic (15), cipher and kdf of four letters each, no options, the count, and a public half of 51 bytes.
    const publicEnd = 15 + 8 + 8 + 4 + 4 + 55
    for (let length = 0; length < publicEnd; length++) {
      const cut = bytes.subarray(0, length).toString('base64')
      const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${cut}\n-----END OPENSSH PRIVATE KEY-----\n`
      expect(await readPrivateKey(text), `${length} bytes`).toEqual({ state: 'not-a-key' })
    }
  })

  it('believes the private half over a KEY.pub of another key', async () => {
    const { path, line } = await keyPair('-t', 'ed25519')
    const other = await keyPair('-t', 'ed25519')
    await writeFile(`${path}.pub`, other.line)
    expect(await readBuilderKey(path)).toMatchObject({ publicKeyLine: line })
  })

  it('that is an encrypted PEM without KEY.pub has a missing public half', async () => {
    const { path } = await keyPair('-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'a secret')
    await rm(`${path}.pub`)
    expect(await causesOf(path)).toEqual(['laptop.builder-key-encrypted', 'laptop.builder-pubkey-missing'])
  })

  it.each(['sk-ssh-ed25519@openssh.com', 'ssh-ed25519-cert-v01@openssh.com'])(
    'of type %s cannot be tested',
    async (type) => {
      // Only the public half tells here: the private one is none that we could read.
      const root = await tree({ 'key.pub': `${type} AAAA comment\n`, key: 'on a token\n' })
      await chmod(join(root, 'key'), 0o600)
      expect(await readBuilderKey(join(root, 'key'))).toMatchObject({
        problems: [{ cause: 'laptop.builder-key-untestable', params: { what: type } }],
      })
    },
  )

  it('that does not end where a key would is not handed on', async () => {
    const { path, line } = await keyPair('-t', 'ed25519')
    await appendFile(path, '\n'.repeat(65_536))
    expect(await readBuilderKey(path)).toMatchObject({ privateKey: null, publicKeyLine: line })
  })

  it.each([
    ['empty', 'key'],
    ['a directory', 'folder'],
    ['a FIFO, without waiting for it', 'fifo'],
  ])('that is %s is invalid, whatever its public half says', async (_, name) => {
    const { line } = await keyPair('-t', 'ed25519')
    const root = await tree({ key: '', [`${name}.pub`]: `${line}\n` })
    await chmod(join(root, 'key'), 0o600)
    await mkdir(join(root, 'folder'))
    spawnSync('mkfifo', [join(root, 'fifo')])
    expect(await readBuilderKey(join(root, name))).toMatchObject({
      state: 'present',
      privateKey: null,
      publicKeyLine: null,
      problems: [{ cause: 'laptop.key-invalid', params: { key: join(root, name) } }],
    })
  })

  it('that is no key at all cannot be tested', async () => {
    const root = await tree({ key: 'hello\n' })
    await chmod(join(root, 'key'), 0o600)
    expect(await causesOf(join(root, 'key'))).toEqual(['laptop.builder-key-untestable'])
  })
})

describe.runIf(haveKeygen && canTest('root', process.getuid?.() === 0))(
  "root's key, seen by another user",
  () => {
    it('gives its public half from KEY.pub, and nothing of the private one', async () => {
      const { path, line } = await keyPair('-t', 'ed25519')
      await chmod(join(path, '..'), 0o755)
      const key = await asNobody(() => readBuilderKey(path))
      expect(key).toEqual({
        state: 'present',
        path,
        mode: 0o600,
        ownerUid: 0,
        privateKey: null,
        publicKeyLine: line,
        problems: [],
      })
    })

    it('asks for KEY.pub where it is missing', async () => {
      const { path } = await keyPair('-t', 'ed25519')
      await chmod(join(path, '..'), 0o755)
      await rm(`${path}.pub`)
      expect(await asNobody(() => causesOf(path))).toEqual(['laptop.builder-pubkey-missing'])
    })

    it('in a directory closed to us is not called missing', async () => {
      const { path } = await keyPair('-t', 'ed25519')
      await chmod(join(path, '..'), 0o700)
      expect(await asNobody(() => causesOf(path))).toEqual(['laptop.file-unreadable'])
    })
  },
)

/** Does `work` with the rights of the user nobody: the effective ids decide what may be read. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.setegid?.(65534)
  process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}

describe('a hostile key file', () => {
  it.each([
    '-----BEGIN OPENSSH PRIVATE KEY-----\n-----END',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END',
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from('openssh-key-v1\0\xff\xff\xff\xff', 'latin1').toString('base64')}\n-----END`,
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
  ])('is survived: %j', async (text) => {
    const read = await readPrivateKey(text)
    expect(read.state === 'not-a-key' ? null : read.publicKeyLine).toBeNull()
  })
})
