// OpenSSH's known_hosts format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): a pure parser and matcher.
import { createHmac } from 'node:crypto'
import { parseKeyLine } from './key-blob.ts'

export interface KnownHostLine {
  /** From 1, as editors count. */
  readonly line: number
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  /** The first field: patterns, or one hashed name. */
  readonly hosts: string
  readonly type: string
  readonly blob: Buffer
}

export interface SkippedLine {
  readonly line: number
  readonly why: 'no-key' | 'bad-key' | 'unknown-marker' | 'too-long'
}

export interface KnownHosts {
  readonly lines: readonly KnownHostLine[]
  readonly skipped: readonly SkippedLine[]
}

/** A line holds at most a 16384-bit key and its hosts; anything longer is no known_hosts line. */
const maxLine = 16 * 1024

/** Reads a known_hosts text. Lines that cannot be read are skipped, each with its number. */
export function parseKnownHosts(text: string): KnownHosts {
  const lines: KnownHostLine[] = []
  const skipped: SkippedLine[] = []
  text.split('\n').forEach((raw, index) => {
    const parsed = parseLine(raw, index + 1)
    if (parsed === null) return
    if ('why' in parsed) skipped.push(parsed)
    else lines.push(parsed)
  })
  return { lines, skipped }
}

/** What a host key is looked up by. */
export interface KeyPlace {
  readonly host: string
  readonly port: number
  readonly hostKeyAlias?: string
}

/** The name OpenSSH looks up: HostKeyAlias as it stands, else the host, as "[host]:port" where that is not 22; lower case. */
export function knownHostName({ host, port, hostKeyAlias }: KeyPlace): string {
  const name = (hostKeyAlias ?? host).toLowerCase()
  return port === 22 || hostKeyAlias !== undefined ? name : `[${name}]:${port}`
}

/** Whether a line's first field covers a name (as knownHostName gives it). */
export function hostsMatch(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return hashMatches(hosts, name)
  let matched = false
  for (const pattern of hosts.split(',')) {
    const negated = pattern.startsWith('!')
    if (!wildcardMatches((negated ? pattern.slice(1) : pattern).toLowerCase(), name)) continue
    // A negated pattern that matches rules the whole line out.
    if (negated) return false
    matched = true
  }
  return matched
}

/** `*` any run of characters, `?` any one; linear in time for each star, so that hostile patterns cost nothing. */
export function wildcardMatches(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let resume = 0
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = n
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p += 1
      n += 1
    } else if (star >= 0) {
      p = star + 1
      n = ++resume
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}

/** "|1|base64 salt|base64 HMAC-SHA1(salt, name)". */
function hashMatches(hosts: string, name: string): boolean {
  const [, version, salt, hash] = hosts.split('|')
  if (version !== '1' || !salt || !hash) return false
  const expected = Buffer.from(hash, 'base64')
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(expected)
}

function parseLine(raw: string, line: number): KnownHostLine | SkippedLine | null {
  if (raw.length > maxLine) return { line, why: 'too-long' }
  const text = raw.trim()
  if (text === '' || text.startsWith('#')) return null
  const marked = /^(@\S+)[ \t]+(.*)$/.exec(text)
  const marker = markerOf(marked?.[1])
  if (marker === null) return { line, why: 'unknown-marker' }
  const fields = /^(\S+)[ \t]+(.+)$/.exec(marked?.[2] ?? text)
  const [, hosts, rest] = fields ?? []
  if (hosts === undefined || rest === undefined) return { line, why: 'no-key' }
  const key = parseKeyLine(rest)
  return key === null ? { line, why: 'bad-key' } : { line, marker, hosts, type: key.type, blob: key.blob }
}

function markerOf(word: string | undefined): KnownHostLine['marker'] | null {
  switch (word) {
    case undefined:
      return 'none'
    case '@revoked':
      return 'revoked'
    case '@cert-authority':
      return 'cert-authority'
    default:
      return null
  }
}
