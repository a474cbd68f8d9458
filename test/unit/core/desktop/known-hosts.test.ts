// known_hosts as OpenSSH reads it: names, ports, wildcards, hashes, and what a hostile file does.
import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  hostsMatch,
  knownHostName,
  parseKnownHosts,
  wildcardMatches,
} from '../../../../src/core/desktop/known-hosts.ts'
import { canTest } from '../../../needs.ts'
import { keyBlob } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'known-hosts-'))
afterAll(() => rmSync(folder, { recursive: true }))
const haveKeygen = canTest('ssh-keygen', spawnSync('ssh-keygen', ['-?']).error === undefined)

const key = `ssh-ed25519 ${keyBlob('one').toString('base64')}`

/** The lines that name a host, as this parser sees them. */
function ours(text: string, name: string): number[] {
  const { lines } = parseKnownHosts(text)
  return lines.filter((line) => hostsMatch(line.hosts, name)).map((line) => line.line)
}

/** The same from OpenSSH itself. */
function theirs(text: string, name: string): number[] {
  const file = join(folder, 'known_hosts')
  writeFileSync(file, text)
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' })
  return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map((match) => Number(match[1]))
}

function hashed(text: string): string {
  const file = join(folder, 'to-hash')
  writeFileSync(file, text)
  spawnSync('ssh-keygen', ['-H', '-f', file])
  return spawnSync('cat', [file], { encoding: 'utf8' }).stdout
}

describe('a known_hosts file', () => {
  it('knows comments, markers, comma lists, CRLF and ports', () => {
    const text = [
      '# a comment',
      '',
      `desktop,192.168.15.7 ${key} me@desktop\r`,
      `@revoked * ${key}`,
      `@cert-authority *.lan ${key}`,
      `[desktop]:2222\t${key}`,
    ].join('\n')
    const { lines, skipped } = parseKnownHosts(text)
    expect(skipped).toEqual([])
    expect(lines.map(({ line, marker, hosts }) => [line, marker, hosts])).toEqual([
      [3, 'none', 'desktop,192.168.15.7'],
      [4, 'revoked', '*'],
      [5, 'cert-authority', '*.lan'],
      [6, 'none', '[desktop]:2222'],
    ])
  })

  it('skips what it cannot read and says where', () => {
    const text = [
      `desktop`,
      `desktop ssh-ed25519 !!!`,
      `@trusted a ${key}`,
      `a ${'x'.repeat(20_000)}`,
      `b ${key}`,
    ].join('\n')
    const { lines, skipped } = parseKnownHosts(text)
    expect(lines.map((line) => line.line)).toEqual([5])
    expect(skipped).toEqual([
      { line: 1, why: 'no-key' },
      { line: 2, why: 'bad-key' },
      { line: 3, why: 'unknown-marker' },
      { line: 4, why: 'too-long' },
    ])
  })

  it('does not take a key whose blob is of another type', () => {
    expect(parseKnownHosts(`a ssh-rsa ${keyBlob('one').toString('base64')}`).skipped).toEqual([
      { line: 1, why: 'bad-key' },
    ])
  })

  it('puts the port into the name only where it is not 22', () => {
    expect(knownHostName({ host: 'Desktop', port: 22 })).toBe('desktop')
    expect(knownHostName({ host: 'fe80::1', port: 2222 })).toBe('[fe80::1]:2222')
  })

  it('takes an alias as it stands in the place of host and port', () => {
    expect(knownHostName({ host: '10.0.0.6', port: 2222, hostKeyAlias: 'Desktop' })).toBe('desktop')
  })

  it('knows hashed names of the first kind only', () => {
    const salt = Buffer.alloc(20, 1)
    const hash = createHmac('sha1', salt).update('desktop').digest('base64')
    const hosts = (kind: number) => `|${kind}|${salt.toString('base64')}|${hash}`
    expect([hostsMatch(hosts(1), 'desktop'), hostsMatch(hosts(2), 'desktop')]).toEqual([true, false])
    expect(hostsMatch('|1|', 'desktop')).toBe(false)
  })

  it('lets a negation rule a line out', () => {
    expect(hostsMatch('*.lan,!nas.lan', 'desk.lan')).toBe(true)
    expect(hostsMatch('*.lan,!nas.lan', 'nas.lan')).toBe(false)
  })

  it('matches hostile wildcards in no time', () => {
    const started = process.cpuUsage()
    expect(wildcardMatches(`${'*a'.repeat(2000)}b`, 'a'.repeat(2000))).toBe(false)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000)
  })

  it.runIf(haveKeygen)('agrees with ssh-keygen -F on plain, wildcard and hashed entries', () => {
    const hosts = [
      'desktop',
      'DESKTOP',
      'desktop,nas',
      '*.lan',
      '*,!desktop',
      '[desktop]:2222',
      'desk?op',
      '10.0.0.*',
      '[*]:2222',
    ]
    const plain = hosts.map((one) => `${one} ${key}`).join('\n')
    const text = `${plain}\n${hashed(`desktop ${key}\n[desktop]:2222 ${key}\nother ${key}\n`)}`
    expect(text).toContain('|1|')
    for (const name of ['desktop', 'nas', 'a.lan', '[desktop]:2222', 'other', '10.0.0.9', 'nobody']) {
      expect([name, ours(text, name)]).toEqual([name, theirs(text, name)])
    }
    expect(ours(text, 'desktop').length).toBeGreaterThan(3)
  })

  it.runIf(haveKeygen)('agrees with ssh-keygen -F on files made by chance', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', '?', 'a*', '!a', '!*b', '[a]:2222', '[*]:2222', 'A', '')
    const line = fc.record({
      marker: fc.constantFrom('', '@revoked ', '@cert-authority ', '#', '@odd '),
      hosts: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
      // No broken keys here: ssh-keygen -F does not look at them, ssh itself does.
      rest: fc.constantFrom(key, `${key} comment here`, '', `\t${key}`),
    })
    const file = fc.array(line, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(file, fc.constantFrom('a', 'b', 'ab', '[a]:2222'), (lines, name) => {
        const text = lines.map((one) => `${one.marker}${one.hosts} ${one.rest}\n`).join('')
        expect(ours(text, name)).toEqual(theirs(text, name))
      }),
      { numRuns: 150 },
    )
  })

  it('survives a thousand mutated files', () => {
    const good = `desktop,10.0.0.1 ${key}\n|1|c2FsdHNhbHRzYWx0c2FsdHNhbHQ=|aGFzaGhhc2hoYXNoaGFzaGhhc2g= ${key}\n@revoked * ${key}\n`
    const mutation = fc.record({
      at: fc.nat(good.length),
      cut: fc.nat(40),
      put: fc.string({ unit: 'binary', maxLength: 60 }),
    })
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        const text = mutations.reduce(
          (now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut),
          good,
        )
        const { lines, skipped } = parseKnownHosts(text)
        for (const line of lines) hostsMatch(line.hosts, 'desktop')
        expect(lines.length + skipped.length).toBeLessThanOrEqual(text.split('\n').length)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads ten thousand lines in moments of the processor', () => {
    const text = `*.lan,host ${key}\n`.repeat(10_000)
    const started = process.cpuUsage()
    expect(ours(text, 'host')).toHaveLength(10_000)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000)
  })
})
