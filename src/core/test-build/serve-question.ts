// The shortest question of Nix's serve protocol, which ssh:// speaks: it makes the desktop's Nix open its store and reads
// nothing. Over it Nix says why it cannot; over ssh-ng:// a 2.26 ends without a word.

/** Source: Nix, libstore serve-protocol.hh; the same since 2.0. */
const magicOfClient = 0x390c9debn
const magicOfServer = 0x5452eecbn
/** 2.5: every Nix from 2.8 to current answers it. */
const version = 0x205n
const queryValidPaths = 1n

/** "Which of these no paths are valid?", with no lock and nothing substituted. Numbers are 64 bits, little-endian. */
export const serveQuestion: Buffer = words(magicOfClient, version, queryValidPaths, 0n, 0n, 0n)

/** What stood before the answer, in bytes, and whether the whole answer came: magic, version, and "none". */
export function readServeAnswer(stdout: Buffer): { readonly before: Buffer; readonly whole: boolean } {
  const at = stdout.indexOf(words(magicOfServer))
  if (at < 0) return { before: stdout, whole: false }
  return { before: stdout.subarray(0, at), whole: stdout.length >= at + 24 }
}

function words(...numbers: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 * numbers.length)
  for (const [index, number] of numbers.entries()) bytes.writeBigUInt64LE(number, 8 * index)
  return bytes
}
