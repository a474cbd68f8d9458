// Store paths as the demo cache serves them: a real NAR, its real hash, and a real ed25519 signature.
import { createHash, type KeyObject, sign } from 'node:crypto'

export interface SigningKey {
  /** As trusted-public-keys names it. */
  readonly name: string
  readonly privateKey: KeyObject
  /** `name:base64` of the 32 bytes. */
  readonly publicLine: string
}

export interface DemoPath {
  readonly storePath: string
  /** The 32 characters before the name. */
  readonly hash: string
  readonly nar: Buffer
  readonly narHash: string
}

/** A path of one text file, with a hash that looks and counts like Nix's. */
export function demoPath(name: string, text: string): DemoPath {
  const nar = narOf(Buffer.from(text))
  const hash = nix32(sha256(`demo:${name}:${text}`).subarray(0, 20))
  return { storePath: `/nix/store/${hash}-${name}`, hash, nar, narHash: nix32(sha256(nar)) }
}

/** The narinfo of a path, signed unless `key` is null. */
export function narinfo(path: DemoPath, key: SigningKey | null): string {
  const lines = [
    `StorePath: ${path.storePath}`,
    `URL: nar/${path.hash}-${path.narHash}.nar`,
    'Compression: none',
    `NarHash: sha256:${path.narHash}`,
    `NarSize: ${path.nar.length}`,
    'References: ',
  ]
  if (key !== null) lines.push(`Sig: ${signature(path, key)}`)
  return `${lines.join('\n')}\n`
}

/** What is signed: `1;path;hash;size;references` (Nix: path-info.cc, fingerprint). The demo's paths refer to nothing. */
function signature(path: DemoPath, key: SigningKey): string {
  const fingerprint = `1;${path.storePath};sha256:${path.narHash};${path.nar.length};`
  return `${key.name}:${sign(null, Buffer.from(fingerprint), key.privateKey).toString('base64')}`
}

/** A NAR of one plain file: each word is its length (64 bits, little endian), its bytes, zeros up to a multiple of 8. */
function narOf(contents: Buffer): Buffer {
  const word = (bytes: Buffer | string) => {
    const data = Buffer.from(bytes)
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(data.length))
    return Buffer.concat([length, data, Buffer.alloc((8 - (data.length % 8)) % 8)])
  }
  return Buffer.concat(['nix-archive-1', '(', 'type', 'regular', 'contents', contents, ')'].map(word))
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()

/** Nix's base 32: its own alphabet, from the last byte to the first. */
export function nix32(bytes: Buffer): string {
  const alphabet = '0123456789abcdfghijklmnpqrsvwxyz'
  let rest = 0n
  for (const byte of [...bytes].reverse()) rest = (rest << 8n) | BigInt(byte)
  let text = ''
  for (let digit = Math.ceil((bytes.length * 8) / 5) - 1; digit >= 0; digit -= 1)
    text += alphabet[Number((rest >> BigInt(digit * 5)) & 31n)]
  return text
}
