// Test builds that others ran, above all offload-test-build in a terminal: seen as soon as they are kept.
import { basename, dirname } from 'node:path'
import { makeFolder } from '../core/config/state-file.ts'
import { watchFiles } from '../core/monitor/watch-files.ts'

/** The file is replaced in one go, twice at most. In ms. */
const quietMs = 200

/** Calls `changed` after each change of the history's file, our own writing too; gives what ends that. */
export function followHistory(
  file: string,
  changed: () => Promise<void>,
  say: (line: string) => void,
): () => void {
  const folder = dirname(file)
  try {
    makeFolder(folder)
  } catch {
    // Then nothing is kept in it either, which is said where it is tried.
  }
  const watch = watchFiles([{ folder, names: [basename(file)] }], quietMs, () => {
    changed().catch((error: unknown) => say(`history: ${String(error)}`))
  })
  return () => watch.close()
}
