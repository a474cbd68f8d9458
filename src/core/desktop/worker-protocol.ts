// The first words of Nix's worker protocol (libstore/worker-protocol*.hh): enough to learn the daemon's version and
// whether it trusts us, in one write and one read.

const clientMagic = 0x6e697863
const serverMagic = 0x6478696f
/** 1.35 (Nix 2.15) is the first in which the daemon says whether it trusts us; later ones greet with more words. */
const ourVersion = (1 << 8) | 35
const stderrLast = 0x616c7473
const stderrError = 0x63787470

/** Everything a client says before its first question: magic, version, no CPU affinity, no reserved space. */
export function handshakeRequest(): Buffer {
  return Buffer.concat([clientMagic, ourVersion, 0, 0].map(word))
}

const serveClientMagic = 0x390c9deb
const serveServerMagic = 0x5452eecb
const serveVersion = (2 << 8) | 6
const queryValidPaths = 1

/**
 * The serve protocol's greeting (libstore/serve-protocol.hh), and a question about no path at all: neither locked nor
 * substituted. It is enough for nix-store --serve to go to its daemon, and to say so where it cannot.
 */
export function serveRequest(): Buffer {
  return Buffer.concat([serveClientMagic, serveVersion, queryValidPaths, 0, 0, 0].map(word))
}

/** Whether that was answered by a nix-store at all. Pure. */
export function speaksServe(bytes: Buffer): boolean {
  return bytes.indexOf(word(serveServerMagic)) >= 0
}

export interface Greeting {
  readonly state: 'greeted'
  /** "2.26.3"; null from a daemon older than protocol 1.33 (Nix 2.8 has 1.34). */
  readonly version: string | null
  /** null where the daemon is older than protocol 1.35, or does not know. */
  readonly trusted: boolean | null
  /** Bytes that came before the daemon's own. */
  readonly noise: Buffer
}

export type Handshake =
  | Greeting
  /** The daemon's magic number is not in the answer. */
  | { readonly state: 'no-daemon' }
  /** It greeted, then broke off or sent an error. */
  | { readonly state: 'broken'; readonly noise: Buffer }

/** Reads the daemon's answer to handshakeRequest. Pure; never throws, whatever the bytes. */
export function readHandshake(bytes: Buffer): Handshake {
  const at = bytes.indexOf(word(serverMagic))
  if (at < 0) return { state: 'no-daemon' }
  const noise = bytes.subarray(0, at)
  const reader = wordReader(bytes, at + 8)
  const theirs = reader.number()
  if (theirs === null || theirs >> 8 !== 1) return { state: 'broken', noise }
  const minor = Math.min(theirs & 255, ourVersion & 255)
  const version = minor >= 33 ? reader.text() : null
  const flag = minor >= 35 ? reader.number() : 0
  const last = reader.number()
  if (last === stderrError || last !== stderrLast || (minor >= 33 && version === null)) {
    return { state: 'broken', noise }
  }
  return { state: 'greeted', version, trusted: flag === 1 ? true : flag === 2 ? false : null, noise }
}

/** Numbers are 64 bits, little endian; strings have a length and are padded to 8 bytes. */
function wordReader(bytes: Buffer, start: number) {
  let at = start
  const number = (): number | null => {
    if (at + 8 > bytes.length) return null
    const value = bytes.readBigUInt64LE(at)
    at += 8
    return value <= 0xffffffffn ? Number(value) : null
  }
  const text = (): string | null => {
    const length = number()
    if (length === null || length > 256 || at + length > bytes.length) return null
    const value = bytes.toString('utf8', at, at + length)
    at += Math.ceil(length / 8) * 8
    return value
  }
  return { number, text }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
