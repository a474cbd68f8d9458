// SHA-256 hashes as Nix writes them: nix32, hex, base64, SRI. Signatures are made over the nix32 form only.

const alphabet = '0123456789abcdfghijklmnpqrsvwxyz'
const hashBytes = 32
const nix32Chars = 52

/** Reads "sha256:…" (nix32, hex or base64) or "sha256-…" (SRI); null where it is none of them. */
export function parseSha256(text: string): Buffer | null {
  const match = /^sha256[:-]([A-Za-z0-9+/=]+)$/.exec(text)
  const digits = match?.[1] ?? ''
  if (text.startsWith('sha256-')) return base64(digits)
  if (digits.length === nix32Chars) return fromNix32(digits)
  if (digits.length === hashBytes * 2)
    return /^[0-9a-fA-F]+$/.test(digits) ? Buffer.from(digits, 'hex') : null
  return base64(digits)
}

/** Nix's base 32 (libutil/hash.cc): 5 bits a digit, counted from the end, the last digit first. */
export function toNix32(hash: Buffer): string {
  let text = ''
  for (let digit = Math.ceil((hash.length * 8) / 5) - 1; digit >= 0; digit--) {
    const bit = digit * 5
    const index = bit >> 3
    const shift = bit & 7
    const pair = (hash[index] ?? 0) | ((hash[index + 1] ?? 0) << 8)
    text += alphabet[(pair >> shift) & 31]
  }
  return text
}

function fromNix32(text: string): Buffer | null {
  const hash = Buffer.alloc(hashBytes)
  for (const [index, char] of [...text].reverse().entries()) {
    const value = alphabet.indexOf(char)
    if (value < 0) return null
    const bit = index * 5
    const at = bit >> 3
    const shifted = value << (bit & 7)
    hash[at] = (hash[at] ?? 0) | (shifted & 255)
    const carry = shifted >> 8
    if (carry === 0) continue
    if (at + 1 >= hashBytes) return null
    hash[at + 1] = (hash[at + 1] ?? 0) | carry
  }
  return hash
}

function base64(digits: string): Buffer | null {
  const hash = Buffer.from(digits, 'base64')
  return hash.length === hashBytes && hash.toString('base64') === digits ? hash : null
}
