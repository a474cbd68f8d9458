// SSH public key blobs (RFC 4253, 6.6): their type, their fingerprint, and the lines they are written in.
import { createHash } from 'node:crypto'

export interface KeyLine {
  readonly type: string
  readonly blob: Buffer
  readonly comment: string
}

/** "SHA256:…" as ssh-keygen -l prints it: base64 without padding. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The key type a blob names in its first string; null where it is no blob. */
export function keyTypeOf(blob: Buffer): string | null {
  if (blob.length < 5) return null
  const length = blob.readUInt32BE(0)
  if (length === 0 || length > 64 || 4 + length >= blob.length) return null
  const type = blob.toString('latin1', 4, 4 + length)
  return /^[\w@.+-]+$/.test(type) ? type : null
}

/** Reads "TYPE BASE64 [comment]"; null where the base64 is none or its blob is of another type. */
export function parseKeyLine(text: string): KeyLine | null {
  const match = /^\s*(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*?))?\s*$/.exec(text)
  const [, type, base64, comment] = match ?? []
  if (type === undefined || base64 === undefined) return null
  const blob = Buffer.from(base64, 'base64')
  return keyTypeOf(blob) === type ? { type, blob, comment: comment ?? '' } : null
}
