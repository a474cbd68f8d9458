// The one object the preload exposes, as the window sees it.
import type { Api } from '../shared/ipc.ts'

declare global {
  interface Window {
    readonly offloadTray: Api
  }
}

/** The calls that main answers. Read at call time, so that a test may put its own object in place. */
export function api(): Api {
  return window.offloadTray
}
