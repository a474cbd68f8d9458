// Where the builders' key files stand: folders worth watching.
import { dirname } from 'node:path'

/** Each folder once, sorted; a builder without a key file has none. */
export function keyFolders(keyPaths: readonly (string | null)[]): readonly string[] {
  return [...new Set(keyPaths.flatMap((path) => (path === null ? [] : [dirname(path)])))].sort()
}
