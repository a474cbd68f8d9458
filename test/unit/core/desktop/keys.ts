// SSH keys for tests: made up ones that only have to differ, and real pairs.
import { createHash } from 'node:crypto'
import ssh2 from 'ssh2'
import { fingerprintOf, keyTypeOf } from '../../../../src/core/desktop/key-blob.ts'
import type { OfferedKey } from '../../../../src/core/desktop/results.ts'

/** A public key blob of a type, its body made from a seed. */
export function keyBlob(seed: string, type = 'ssh-ed25519'): Buffer {
  const body = createHash('sha256').update(seed).digest()
  return Buffer.concat([lengthOf(type.length), Buffer.from(type), lengthOf(body.length), body])
}

export function offered(blob: Buffer): OfferedKey {
  return { type: keyTypeOf(blob) ?? 'unknown', fingerprint: fingerprintOf(blob), blob }
}

/** A real ed25519 pair in OpenSSH's formats. */
export function keyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    // About one in 200 that ssh2 1.17.0 makes is malformed (OpenSSH rejects it too); ssh-keygen's never are.
    if (!((ssh2.utils.parseKey(pair.private) as unknown) instanceof Error)) return pair
  }
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}
