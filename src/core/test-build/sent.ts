// Whether a run that stood at its build really ended in the upload: Nix ends the copying before it says that it failed.
import { marker } from './probe-text.ts'
import type { Track } from './track.ts'

/** Said of paths on their way, or of a store on the desktop that could not even be opened for them. */
const uploadFailed =
  /cannot add path '|lacks a valid signature|lacks a signature by|No space left on device|cannot open connection to remote store 'daemon'|cannot connect to (?:socket|daemon) at|writing to file: |write of \d+ bytes: /

/** Nix 2.26 counts some bytes less than it sends. */
const slack = 4096

/** `lines`: what Nix said. Nothing is known of bytes where Nix tells none (2.8). */
export function neverArrived({ copies }: Pick<Track, 'copies'>, lines: readonly string[]): boolean {
  if (lines.some((line) => line.startsWith(marker))) return false
  const isShort = [...copies.values()].some(({ done, expected }) => done + slack < expected)
  return isShort || lines.some((line) => uploadFailed.test(line))
}
