// Makes ed25519 keys in OpenSSH's formats. (ssh2's own generator now and then writes a key that it cannot read again.)
import { generateKeyPairSync, randomBytes } from 'node:crypto'

export interface SshKeyPair {
  /** PEM, openssh-key-v1, without a passphrase. */
  readonly private: string
  /** One line, as in a .pub file. */
  readonly public: string
}

/** A new key; the comment stands at the end of its public line. */
export function makeSshKey(comment: string): SshKeyPair {
  const pair = generateKeyPairSync('ed25519')
  // The key itself is the last 32 bytes of both DER forms (RFC 8410).
  const point = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const seed = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  const blob = Buffer.concat([string('ssh-ed25519'), string(point)])
  return {
    private: pem(opensshKey(blob, seed, point, comment)),
    public: `ssh-ed25519 ${blob.toString('base64')} ${comment}`,
  }
}

/** OpenSSH's PROTOCOL.key: header, no cipher, one public key, and the private section padded to a multiple of 8. */
function opensshKey(blob: Buffer, seed: Buffer, point: Buffer, comment: string): Buffer {
  const check = randomBytes(4)
  const section = Buffer.concat([check, check, blob, string(Buffer.concat([seed, point])), string(comment)])
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (section.length % 8)) % 8))
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    uint32(1),
    string(blob),
    string(Buffer.concat([section, padding])),
  ])
}

function pem(data: Buffer): string {
  const lines = data.toString('base64').match(/.{1,70}/g) ?? []
  const label = 'OPENSSH PRIVATE KEY'
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** A length (32 bits, big endian) and the bytes (RFC 4251, 5). */
function string(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
