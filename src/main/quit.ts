// An orderly end: whatever is running is stopped first, but never waited for longer than a person would.
import { app } from 'electron'

/** Beyond this the app ends anyway, in ms. */
const patienceMs = 3_000

/** Runs `stop` once, between the wish to quit and the quitting. */
export function stopOnQuit(stop: () => Promise<void> | undefined): void {
  let phase: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('before-quit', (event) => {
    if (phase === 'stopped') return
    event.preventDefault()
    if (phase === 'stopping') return
    phase = 'stopping'
    // Whoever starts the app from now on gets a new one, and is not handed to one that is about to go.
    app.releaseSingleInstanceLock()
    const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs))
    Promise.race([stop(), patience])
      .catch(() => undefined)
      .finally(() => {
        phase = 'stopped'
        app.quit()
      })
  })
}
