// The verdict on a host key: the machines file's pinned line first, then known_hosts files, as Nix's ssh would judge.
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { readText } from '../laptop/read-text.ts'
import { fingerprintOf, parseKeyLine } from './key-blob.ts'
import { hostsMatch, type KnownHostLine, knownHostName, parseKnownHosts } from './known-hosts.ts'
import type { HostKeyVerdict, OfferedKey } from './results.ts'

/** A host key pinned outside known_hosts: "TYPE BASE64 [comment]", and where that is written. */
export interface PinnedKey {
  readonly line: string
  readonly source: string
}

/** A key this laptop holds for a host, and where: the pin's own source, else "FILE:LINE". */
export interface KnownKey {
  readonly type: string
  readonly blob: Buffer
  readonly source: string
}

export interface KnownKeys {
  /** One of these makes the host trusted; with some and none equal, it changed. */
  readonly known: readonly KnownKey[]
  /** Accepted when equal, but never a reason to say "changed": ssh also looks without the port, then stays quiet. */
  readonly quiet: readonly KnownKey[]
  readonly revoked: readonly KnownKey[]
  /** "FILE:LINE" of @cert-authority lines for the host: certificates are not read here, so they prove nothing. */
  readonly authorities: readonly string[]
}

/** A known_hosts file beyond this is cut: nobody's grows so far, and a hostile one must not fill the memory. */
const maxFileBytes = 4 * 1024 * 1024

/** The algorithms a key of a type can be asked for with (RFC 8332 for RSA), in ssh2's order of preference. */
const algorithms: readonly (readonly [type: string, names: readonly ServerHostKeyAlgorithm[]])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']],
]

/**
 * Collects what this laptop knows about a host.
 * A pinned line (column 7 of the machines file) replaces the user's files, as Nix hands ssh a file of its own then;
 * the system-wide /etc/ssh files still count, as ssh reads them beside it. Files that cannot be read hold nothing.
 */
export async function knownKeysOf(
  { host, port }: { readonly host: string; readonly port: number },
  pinned: PinnedKey | null,
  files: readonly string[],
): Promise<KnownKeys> {
  const perFile = await Promise.all(files.map((file) => keysInFile(file, host, port)))
  const counts = (index: number) => pinned === null || (files[index] ?? '').startsWith('/etc/ssh/')
  const counting = perFile.filter((_, index) => counts(index))
  return {
    known: [...keysOfPin(pinned), ...counting.flatMap((one) => one.known)],
    quiet: counting.flatMap((one) => one.quiet),
    revoked: perFile.flatMap((one) => one.revoked),
    authorities: counting.flatMap((one) => one.authorities),
  }
}

/** Judges an offered key. Pure. A revoked verdict's source is the file alone. Like OpenSSH, a known key of another type makes a new key "changed", not "unknown". */
export function judgeHostKey(offered: OfferedKey, keys: KnownKeys): HostKeyVerdict {
  const same = (key: KnownKey) => key.blob.equals(offered.blob)
  const revoked = keys.revoked.find(same)
  if (revoked) return { state: 'revoked', offered, source: revoked.source.replace(/:\d+$/, '') }
  const match = keys.known.find(same) ?? keys.quiet.find(same)
  if (match) return { state: 'trusted', offered, source: match.source }
  if (keys.known.length === 0) return { state: 'unknown', offered }
  const expected = keys.known.map(({ blob, source }) => ({ fingerprint: fingerprintOf(blob), source }))
  return { state: 'changed', offered, expected }
}

/** What to ask the server for: the types that are known first, so that it shows the key that can be compared. */
export function hostKeyAlgorithms(keys: KnownKeys): readonly ServerHostKeyAlgorithm[] {
  const known = new Set([...keys.known, ...keys.quiet].map((key) => key.type))
  const first = algorithms.filter(([type]) => known.has(type))
  const rest = algorithms.filter(([type]) => !known.has(type))
  return [...first, ...rest].flatMap(([, names]) => names)
}

function keysOfPin(pinned: PinnedKey | null): readonly KnownKey[] {
  const key = pinned === null ? null : parseKeyLine(pinned.line)
  return key === null || pinned === null ? [] : [{ type: key.type, blob: key.blob, source: pinned.source }]
}

async function keysInFile(file: string, host: string, port: number): Promise<KnownKeys> {
  const { lines } = parseKnownHosts(await readHead(file))
  const named = (name: string) => lines.filter((line) => hostsMatch(line.hosts, name))
  const asKeys = (some: readonly KnownHostLine[], marker: KnownHostLine['marker']) =>
    some
      .filter((line) => line.marker === marker)
      .map(({ type, blob, line }) => ({ type, blob, source: `${file}:${line}` }))
  const here = named(knownHostName(host, port))
  const portless = port === 22 ? [] : named(knownHostName(host, 22))
  return {
    known: asKeys(here, 'none'),
    quiet: asKeys(portless, 'none'),
    revoked: asKeys([...here, ...portless], 'revoked'),
    authorities: asKeys(here, 'cert-authority').map((key) => key.source),
  }
}

/** The file's first maxFileBytes; nothing where it is not there or not readable: then it vouches for nobody. */
async function readHead(file: string): Promise<string> {
  const read = await readText(file, maxFileBytes)
  return read.state === 'read' ? read.text : ''
}
