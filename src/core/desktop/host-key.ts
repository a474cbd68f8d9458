// The verdict on a host key: the machines file's pinned line first, then known_hosts files, as Nix's ssh would judge.
import type { ServerHostKeyAlgorithm } from 'ssh2'
import { readText } from '../laptop/read-text.ts'
import { fingerprintOf, parseKeyLine } from './key-blob.ts'
import {
  hostsMatch,
  type KeyPlace,
  type KnownHostLine,
  knownHostName,
  parseKnownHosts,
} from './known-hosts.ts'
import type { HostKeyVerdict, OfferedKey } from './results.ts'

/** A host key pinned outside known_hosts: "TYPE BASE64 [comment]", and where that is written. */
export interface PinnedKey {
  readonly line: string
  readonly source: string
  /** The name that Nix gives it in the file it makes for ssh (libstore, ssh.cc); absent: whatever ssh looks for. */
  readonly host?: string
}

/** A key this laptop holds for a host, and where: the pin's own source, else "FILE:LINE". */
export interface KnownKey {
  readonly type: string
  readonly blob: Buffer
  readonly source: string
  /** A pin that ssh passes by, for it looks under this other name: HostName's, or HostKeyAlias. */
  readonly missedAs?: string
}

export interface KnownKeys {
  /** One of these makes the host trusted; with some and none equal, it changed. */
  readonly known: readonly KnownKey[]
  /** Accepted when equal, but never a reason to say "changed": ssh also looks without the port, then stays quiet. */
  readonly quiet: readonly KnownKey[]
  readonly revoked: readonly KnownKey[]
  /** "FILE:LINE" of @cert-authority lines for the host: certificates are not read here, so they prove nothing. */
  readonly authorities: readonly string[]
  /** "FILE: fifo": known_hosts files that are none, so that what they should say is not known. */
  readonly unfit?: readonly string[]
}

/** A known_hosts file beyond this is cut: nobody's grows so far, and a hostile one must not fill the memory. */
export const maxFileBytes = 4 * 1024 * 1024

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
  place: KeyPlace,
  pinned: PinnedKey | null,
  files: readonly string[],
): Promise<KnownKeys> {
  const perFile = await Promise.all(files.map((file) => keysInFile(file, place)))
  const counts = (index: number) => pinned === null || (files[index] ?? '').startsWith('/etc/ssh/')
  const counting = perFile.filter((_, index) => counts(index))
  const written = counting.flatMap((one) => one.known)
  return {
    known: [...keysOfPin(pinned, place, written), ...written],
    quiet: counting.flatMap((one) => one.quiet),
    revoked: perFile.flatMap((one) => one.revoked),
    authorities: counting.flatMap((one) => one.authorities),
    unfit: perFile.flatMap((one) => one.unfit ?? []),
  }
}

/** Judges an offered key. Pure. A revoked verdict's source is the file alone. Like OpenSSH, a known key of another type makes a new key "changed", not "unknown". */
export function judgeHostKey(offered: OfferedKey, keys: KnownKeys): HostKeyVerdict {
  const same = (key: KnownKey) => key.blob.equals(offered.blob)
  const revoked = keys.revoked.find(same)
  if (revoked) return { state: 'revoked', offered, source: revoked.source.replace(/:\d+$/, '') }
  const matching = [...keys.known, ...keys.quiet].filter(same)
  const match = matching.find((key) => key.missedAs === undefined) ?? matching[0]
  if (match) {
    const { source, missedAs } = match
    return { state: 'trusted', offered, source, ...(missedAs === undefined ? {} : { missedAs }) }
  }
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

/** A pin under a name that ssh does not look for counts for nothing where the files know the right one. */
function keysOfPin(
  pinned: PinnedKey | null,
  { host, hostKeyAlias = host }: KeyPlace,
  written: readonly KnownKey[],
): readonly KnownKey[] {
  const key = pinned === null ? null : parseKeyLine(pinned.line)
  if (key === null || pinned === null) return []
  const { type, blob } = key
  // Without an alias, ssh also looks without the port.
  const isSeen = pinned.host === undefined || pinned.host.toLowerCase() === hostKeyAlias.toLowerCase()
  if (isSeen) return [{ type, blob, source: pinned.source }]
  return written.length > 0 ? [] : [{ type, blob, source: pinned.source, missedAs: hostKeyAlias }]
}

async function keysInFile(file: string, place: KeyPlace): Promise<KnownKeys> {
  const head = await readText(file, maxFileBytes)
  // Not there or not readable: then it vouches for nobody.
  const { lines } = parseKnownHosts(head.state === 'read' ? head.text : '')
  const named = (name: string) => lines.filter((line) => hostsMatch(line.hosts, name))
  const asKeys = (some: readonly KnownHostLine[], marker: KnownHostLine['marker']) =>
    some
      .filter((line) => line.marker === marker)
      .map(({ type, blob, line }) => ({ type, blob, source: `${file}:${line}` }))
  const here = named(knownHostName(place))
  const alone = place.port === 22 || place.hostKeyAlias !== undefined
  const portless = alone ? [] : named(knownHostName({ ...place, port: 22 }))
  return {
    known: asKeys(here, 'none'),
    quiet: asKeys(portless, 'none'),
    revoked: asKeys([...here, ...portless], 'revoked'),
    authorities: asKeys(here, 'cert-authority').map((key) => key.source),
    unfit: head.state === 'unreadable' && head.unfit !== undefined ? [`${file}: ${head.unfit}`] : [],
  }
}
