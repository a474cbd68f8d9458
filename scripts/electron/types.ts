// The words of the Electron search: where a dist came from, how far a download is, and what a source can answer.

/** Where an Electron dist was found. */
export type Source = 'override' | 'installed' | 'cache' | 'path' | 'official' | 'registry'

/** An Electron that can be started. `dist` is the folder for ELECTRON_OVERRIDE_DIST_PATH, `executable` is in it. */
export interface ElectronDist {
  dist: string
  executable: string
  /** Electron's version without a leading `v`; `unknown` where the dist does not say. */
  version: string
  source: Source
}

/** One report of progress: bytes for `download`, entries for `unpack`, nothing counted for the rest. */
export interface Progress {
  step: 'look' | 'wait' | 'download' | 'check' | 'unpack' | 'note'
  text: string
  done?: number
  total?: number
}

export type OnProgress = (progress: Progress) => void

/** What one source answers: a dist, or why it has none. `fatal` ends the search (the person named this source). */
export type Answer = { ok: true; found: ElectronDist } | { ok: false; why: string; fatal?: boolean }

/** The text of anything thrown, with its cause where it has one (fetch hides the network error there). */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error.cause instanceof Error ? error.cause : undefined
  const code = inner && 'code' in inner ? String(inner.code) : undefined
  return inner ? `${error.message}: ${inner.message || code || 'no detail'}` : error.message
}
