// What a private key file tells without its passphrase: whether it has one, and its public half.
import { createPrivateKey } from 'node:crypto'

export type PrivateKeyText =
  | { readonly state: 'plain'; readonly publicKeyLine: string | null }
  | { readonly state: 'encrypted'; readonly publicKeyLine: string | null }
  | { readonly state: 'not-a-key' }

const magic = 'openssh-key-v1\0'

/** Reads OpenSSH's own format (PROTOCOL.key), PEM and PKCS#8. Never throws, and returns nothing of the private half. */
export async function readPrivateKey(text: string): Promise<PrivateKeyText> {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]*)-----END/.exec(text)?.[1]
  if (body !== undefined) return readOpenSsh(Buffer.from(body, 'base64'))
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { state: 'not-a-key' }
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type:\s*4,\s*ENCRYPTED/.test(text))
    return { state: 'encrypted', publicKeyLine: null }
  return { state: 'plain', publicKeyLine: await publicLineOfPem(text) }
}

/** The new format keeps cipher and public half in the clear, in front of the encrypted part. */
function readOpenSsh(bytes: Buffer): PrivateKeyText {
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return { state: 'not-a-key' }
  const fields = wireStrings(bytes.subarray(magic.length), 3)
  if (fields === null) return { state: 'not-a-key' }
  const blob = wireStrings(fields.rest.subarray(4), 1)?.strings[0]
  if (blob === undefined) return { state: 'not-a-key' }
  const publicKeyLine = publicLine(blob)
  if (publicKeyLine === null) return { state: 'not-a-key' }
  return { state: fields.strings[0]?.toString('latin1') === 'none' ? 'plain' : 'encrypted', publicKeyLine }
}

/** "type base64" of a public key blob, or null where the blob is none. */
function publicLine(blob: Buffer): string | null {
  const type = wireStrings(blob, 1)?.strings[0]?.toString('latin1')
  return type !== undefined && /^[\w@.-]+$/.test(type) ? `${type} ${blob.toString('base64')}` : null
}

/** `count` length-prefixed strings of SSH's wire format, and what follows them; null where they do not fit. */
function wireStrings(bytes: Buffer, count: number): { strings: Buffer[]; rest: Buffer } | null {
  const strings: Buffer[] = []
  let rest = bytes
  for (let index = 0; index < count; index++) {
    if (rest.length < 4 || rest.length < 4 + rest.readUInt32BE(0)) return null
    const end = 4 + rest.readUInt32BE(0)
    strings.push(rest.subarray(4, end))
    rest = rest.subarray(end)
  }
  return { strings, rest }
}

async function publicLineOfPem(text: string): Promise<string | null> {
  // Loaded for the rare old key alone: ssh2 is most of what there is to load, and the survey runs while it loads.
  const { default: ssh2 } = await import('ssh2')
  const parsed = ssh2.utils.parseKey(text)
  if (!(parsed instanceof Error)) return publicLine(parsed.getPublicSSH())
  try {
    // ssh2 does not read PKCS#8; node turns it into the older forms that it does read.
    const key = createPrivateKey(text)
    const older = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1'
    const again = ssh2.utils.parseKey(key.export({ type: older, format: 'pem' }))
    return again instanceof Error ? null : publicLine(again.getPublicSSH())
  } catch {
    return null
  }
}
