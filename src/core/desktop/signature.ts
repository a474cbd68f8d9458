// The judgement on a narinfo's signatures: ed25519 over its fingerprint, against the keys this laptop trusts.
import { createPublicKey, verify } from 'node:crypto'
import { type Narinfo, narinfoFingerprint } from './narinfo.ts'

export type SignatureJudgement =
  | { readonly state: 'valid'; readonly keyName: string }
  | { readonly state: 'unsigned' }
  /** Signed, but by no name that is trusted. */
  | { readonly state: 'untrusted'; readonly keyName: string }
  /** A trusted name, but another key made it (or the narinfo was altered). */
  | { readonly state: 'invalid'; readonly keyName: string }

/** SubjectPublicKeyInfo of ed25519 (RFC 8410) up to the key's 32 bytes. */
const derPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const keyBytes = 32
const signatureBytes = 64

/**
 * Judges the signatures; one good one is enough. `trustedKeys` are `name:base64` lines as in trusted-public-keys.
 * Where a name stands twice Nix keeps the first; so does this. Pure; never throws.
 */
export function judgeSignatures(narinfo: Narinfo, trustedKeys: readonly string[]): SignatureJudgement {
  const trusted = readKeys(trustedKeys)
  const message = Buffer.from(narinfoFingerprint(narinfo))
  const signatures = narinfo.signatures.flatMap((line) => readNamed(line, signatureBytes) ?? [])
  const valid = signatures.find(({ name, bytes }) => isValid(message, bytes, trusted.get(name)))
  if (valid) return { state: 'valid', keyName: valid.name }
  const known = signatures.find(({ name }) => trusted.has(name))
  if (known) return { state: 'invalid', keyName: known.name }
  const [first] = signatures
  return first ? { state: 'untrusted', keyName: first.name } : { state: 'unsigned' }
}

function readKeys(lines: readonly string[]): ReadonlyMap<string, Buffer> {
  const keys = new Map<string, Buffer>()
  for (const line of lines) {
    const key = readNamed(line, keyBytes)
    if (key && !keys.has(key.name)) keys.set(key.name, key.bytes)
  }
  return keys
}

function isValid(message: Buffer, signature: Buffer, key: Buffer | undefined): boolean {
  if (key === undefined) return false
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([derPrefix, key]), format: 'der', type: 'spki' })
    return verify(null, message, publicKey, signature)
  } catch {
    // 32 bytes that are no point of the curve: no signature can be its.
    return false
  }
}

/** "name:base64" with exactly so many bytes; null for anything else, as Nix refuses it too. */
function readNamed(line: string, length: number): { readonly name: string; readonly bytes: Buffer } | null {
  const colon = line.indexOf(':')
  if (colon < 1) return null
  const bytes = Buffer.from(line.slice(colon + 1).trim(), 'base64')
  return bytes.length === length ? { name: line.slice(0, colon), bytes } : null
}
