// Writing a trusted host key to the app's own known_hosts: whole, private, every other byte kept.
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { trustHostKey, withHostKey } from '../../../../src/core/desktop/trust.ts'
import { keyBlob, offered } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'trust-'))
afterAll(() => rmSync(folder, { recursive: true }))

const base64 = (seed: string) => keyBlob(seed).toString('base64')
const line = (hosts: string, seed: string) => `${hosts} ssh-ed25519 ${base64(seed)}`

describe('trusting a host key', () => {
  it('makes a private file in a private folder', async () => {
    const file = join(folder, 'new', 'known_hosts')
    expect(await trustHostKey(file, { host: 'Desktop', port: 2222 }, offered(keyBlob('a')))).toMatchObject({
      ok: true,
    })
    expect(readFileSync(file, 'utf8')).toBe(`${line('[desktop]:2222', 'a')}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700)
  })

  it('does not wait for a FIFO, and takes no file away that it could not read', async () => {
    const file = join(folder, 'fifo')
    execFileSync('mkfifo', [file])
    expect(await trustHostKey(file, { host: 'desktop', port: 22 }, offered(keyBlob('a')))).toMatchObject({
      problem: { cause: 'laptop.file-unfit', params: { file, what: 'fifo' } },
    })
    expect(statSync(file).isFIFO()).toBe(true)
  })

  it("replaces this host's old keys and keeps every other byte", () => {
    const text = [
      '# mine',
      line('desktop', 'old'),
      `${line('nas,desktop', 'shared')} comment\r`,
      line('*.lan', 'wild'),
      `@revoked desktop ssh-ed25519 ${base64('bad')}`,
      'broken line',
    ].join('\n')
    expect(withHostKey(text, 'desktop', offered(keyBlob('new')))).toBe(
      [
        '# mine',
        `${line('nas', 'shared')} comment\r`,
        line('*.lan', 'wild'),
        `@revoked desktop ssh-ed25519 ${base64('bad')}`,
        'broken line',
        line('desktop', 'new'),
        '',
      ].join('\n'),
    )
  })

  it('takes the place of a hashed entry of this host, and of no other', () => {
    const hashed = (name: string) => {
      const salt = Buffer.alloc(20, 7)
      const hash = createHmac('sha1', salt).update(name).digest('base64')
      return line(`|1|${salt.toString('base64')}|${hash}`, 'old')
    }
    const text = `${hashed('desktop')}\n${hashed('nas')}\n`
    expect(withHostKey(text, 'desktop', offered(keyBlob('new')))).toBe(
      `${hashed('nas')}\n${line('desktop', 'new')}\n`,
    )
  })

  it('loses nothing when several are trusted at once', async () => {
    const file = join(folder, 'together')
    const hosts = Array.from({ length: 20 }, (_, n) => `host${n}`)
    await Promise.all(hosts.map((host) => trustHostKey(file, { host, port: 22 }, offered(keyBlob(host)))))
    const text = readFileSync(file, 'utf8')
    expect(hosts.filter((host) => text.includes(line(host, host)))).toEqual(hosts)
  })

  it('leaves no temporary file, and says where it could not write', async () => {
    const blocked = join(folder, 'a-file')
    writeFileSync(blocked, '')
    const file = join(blocked, 'known_hosts')
    expect(await trustHostKey(file, { host: 'x', port: 22 }, offered(keyBlob('x')))).toMatchObject({
      problem: { cause: 'laptop.file-unreadable', params: { file } },
    })
    expect(readdirSync(folder).filter((name) => /-[0-9a-f]{12}$/.test(name))).toEqual([])
  })
})
