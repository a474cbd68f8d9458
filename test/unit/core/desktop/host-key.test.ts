// An offered host key against the machines line and the known_hosts files: trusted, unknown, changed or revoked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hostKeyAlgorithms, judgeHostKey, knownKeysOf } from '../../../../src/core/desktop/host-key.ts'
import { fingerprintOf } from '../../../../src/core/desktop/key-blob.ts'
import { keyBlob, offered } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'host-key-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ours = keyBlob('ours')
const other = keyBlob('other')
const ecdsa = keyBlob('ecdsa', 'ecdsa-sha2-nistp256')
const lineOf = (blob: Buffer, type = 'ssh-ed25519') => `${type} ${blob.toString('base64')}`

let files = 0
function knownHosts(...lines: string[]): string {
  const file = join(folder, `known_hosts-${files++}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

async function judge(blob: Buffer, port: number, pinned: string | null, ...paths: string[]) {
  const pin = pinned === null ? null : { line: pinned, source: '/etc/nix/machines' }
  return judgeHostKey(offered(blob), await knownKeysOf({ host: 'desktop', port }, pin, paths))
}

describe('a host key', () => {
  it('is trusted when the machines file pins it', async () => {
    expect(await judge(ours, 22, `${lineOf(ours)} root@desktop`)).toMatchObject({
      state: 'trusted',
      source: '/etc/nix/machines',
    })
  })

  it('is trusted when a known_hosts file holds it, and says where', async () => {
    const file = knownHosts('# comment', `desktop ${lineOf(ours)}`)
    expect(await judge(ours, 22, null, '/nonexistent', file)).toMatchObject({
      state: 'trusted',
      source: `${file}:2`,
    })
  })

  it('is unknown when nothing is known of the host', async () => {
    expect(await judge(ours, 22, null, knownHosts(`nas ${lineOf(ours)}`))).toMatchObject({ state: 'unknown' })
  })

  it('has changed when another is known, with both fingerprints', async () => {
    const file = knownHosts(`desktop ${lineOf(other)}`)
    expect(await judge(ours, 22, null, file)).toMatchObject({
      state: 'changed',
      offered: { fingerprint: fingerprintOf(ours) },
      expected: [{ fingerprint: fingerprintOf(other), source: `${file}:1` }],
    })
  })

  it('has changed when only a key of another type is known, as ssh says', async () => {
    const file = knownHosts(`desktop ${lineOf(ecdsa, 'ecdsa-sha2-nistp256')}`)
    expect(await judge(ours, 22, null, file)).toMatchObject({ state: 'changed' })
  })

  it('is not saved by the own known_hosts where the machines file pins another: Nix would refuse it', async () => {
    const file = knownHosts(`desktop ${lineOf(ours)}`)
    expect(await judge(ours, 22, lineOf(other), file)).toMatchObject({
      state: 'changed',
      expected: [{ source: '/etc/nix/machines' }],
    })
  })

  it('is revoked whatever else vouches for it', async () => {
    const file = knownHosts(`@revoked * ${lineOf(ours)}`, `desktop ${lineOf(ours)}`)
    expect(await judge(ours, 22, lineOf(ours), file)).toMatchObject({ state: 'revoked', source: file })
  })

  it('on another port is revoked by an entry without the port', async () => {
    const file = knownHosts(`@revoked desktop ${lineOf(ours)}`)
    expect(await judge(ours, 2222, lineOf(ours), file)).toMatchObject({ state: 'revoked', source: file })
  })

  it('on another port is trusted by an entry without the port, but never called changed by one', async () => {
    expect(await judge(ours, 2222, null, knownHosts(`desktop ${lineOf(ours)}`))).toMatchObject({
      state: 'trusted',
    })
    expect(await judge(ours, 2222, null, knownHosts(`desktop ${lineOf(other)}`))).toMatchObject({
      state: 'unknown',
    })
  })

  it('is looked for under HostKeyAlias alone where ssh_config has one, whatever the port', async () => {
    const judged = async (port: number, line: string) => {
      const place = { host: 'desktop', port, hostKeyAlias: 'work' }
      return judgeHostKey(offered(ours), await knownKeysOf(place, null, [knownHosts(line)]))
    }
    for (const port of [22, 2222]) {
      expect(await judged(port, `work ${lineOf(ours)}`)).toMatchObject({ state: 'trusted' })
      expect(await judged(port, `work ${lineOf(other)}`)).toMatchObject({ state: 'changed' })
      expect(await judged(port, `[work]:2222 ${lineOf(ours)}`)).toMatchObject({ state: 'unknown' })
      expect(await judged(port, `desktop,[desktop]:2222 ${lineOf(ours)}`)).toMatchObject({ state: 'unknown' })
    }
  })

  it.each([
    ['HostName leads to an address', { host: '10.0.0.6', port: 22 }, '10.0.0.6'],
    ['HostName leads to an address and a port', { host: '10.0.0.6', port: 2222 }, '10.0.0.6'],
    ['an alias leads elsewhere', { host: 'desktop', port: 22, hostKeyAlias: 'work' }, 'work'],
    ['an alias leads back', { host: '10.0.0.6', port: 2222, hostKeyAlias: 'desktop' }, undefined],
    ['the row says it in capitals', { host: 'DESKTOP', port: 22 }, undefined],
  ])('that a row pins is not what ssh finds under another name: %s', async (_, place, missedAs) => {
    const pin = { line: lineOf(ours), source: '/etc/nix/machines', host: 'desktop' }
    const verdict = judgeHostKey(offered(ours), await knownKeysOf(place, pin, []))
    expect(verdict).toMatchObject({ state: 'trusted', source: '/etc/nix/machines' })
    expect('missedAs' in verdict ? verdict.missedAs : undefined).toBe(missedAs)
    expect(judgeHostKey(offered(other), await knownKeysOf(place, pin, []))).toMatchObject({
      state: 'changed',
    })
  })

  it('is not vouched for by a certificate authority, which is named', async () => {
    const file = knownHosts(`@cert-authority desktop ${lineOf(ours)}`)
    const keys = await knownKeysOf({ host: 'desktop', port: 22 }, null, [file])
    expect(judgeHostKey(offered(ours), keys)).toMatchObject({ state: 'unknown' })
    expect(keys.authorities).toEqual([`${file}:1`])
  })

  it('is asked for in the types that are known, first', async () => {
    const file = knownHosts(`desktop ${lineOf(ecdsa, 'ecdsa-sha2-nistp256')}`)
    const keys = await knownKeysOf({ host: 'desktop', port: 22 }, null, [file])
    expect(hostKeyAlgorithms(keys)[0]).toBe('ecdsa-sha2-nistp256')
    expect(hostKeyAlgorithms(keys)).toContain('ssh-ed25519')
    const elsewhere = await knownKeysOf({ host: 'desktop', port: 2222 }, null, [file])
    expect(hostKeyAlgorithms(elsewhere)[0]).toBe('ecdsa-sha2-nistp256')
  })

  it('costs bounded memory and time however large known_hosts is', async () => {
    const file = join(folder, 'huge')
    writeFileSync(file, Buffer.alloc(40 * 1024 * 1024, `x ${lineOf(ours)}\n`))
    const started = performance.now()
    expect(await judge(ours, 22, null, file)).toMatchObject({ state: 'unknown' })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('is not looked for in a folder or a file without permission', async () => {
    expect(await judge(ours, 22, null, folder, '/proc/1/mem')).toMatchObject({ state: 'unknown' })
  })
})
