// The machines file's last column: base64 of the whole public host key line ("ssh-ed25519 AAAA… comment").

export type HostKeyColumn =
  | { readonly state: 'none' }
  | { readonly state: 'line'; readonly line: string }
  /** Not base64: Nix refuses the row. */
  | { readonly state: 'not-base64' }
  /** Base64 of something else, most often the key's own blob: Nix takes it, and ssh then knows no host key. */
  | { readonly state: 'not-a-key' }

/** Decodes as Nix does: padding may be missing, the first `=` ends the text. */
export function decodeHostKeyColumn(column: string | null): HostKeyColumn {
  if (column === null) return { state: 'none' }
  const body = column.split('=', 1)[0] ?? ''
  if (!/^[A-Za-z0-9+/]*$/.test(body)) return { state: 'not-base64' }
  const line = firstLine(Buffer.from(body, 'base64').toString('utf8'))
  return isKeyLine(line) ? { state: 'line', line } : { state: 'not-a-key' }
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim()
}

/** "type base64 comment", and the blob begins with the same type, as SSH's wire format says. */
function isKeyLine(line: string): boolean {
  const [type = '', base64 = ''] = line.split(/\s+/)
  if (!/^[\w@.-]+$/.test(type) || /\p{Cc}/u.test(line)) return false
  const blob = Buffer.from(base64, 'base64')
  if (blob.length < 4) return false
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1') === type
}
