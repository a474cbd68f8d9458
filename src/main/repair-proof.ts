// The test build that proves a repair: the window's own, so that it is seen live and kept in the history.
import { type Problem, problem } from '../shared/outcome.ts'
import type { TestBuilds } from './test-builds.ts'

/** Runs one on a builder; null: it passed. One that runs already is waited for first: it began before the repair. */
export async function proveByBuild(
  testBuilds: TestBuilds,
  builder: string,
  signal: AbortSignal,
): Promise<Problem | null> {
  await ended(testBuilds, signal)
  if (signal.aborted) return problem('nix.cancelled', { host: builder })
  testBuilds.start(builder)
  const cancel = () => void testBuilds.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  // Also after a cancel: the next build can only begin when this one has left.
  await ended(testBuilds)
  signal.removeEventListener('abort', cancel)
  const state = testBuilds.state()
  if (state.phase !== 'ended') return problem('laptop.nix-failed', { what: '' })
  return state.result.ok ? null : state.result.problem
}

/** Resolves when none is running, or when the wish for one is gone. */
function ended(testBuilds: TestBuilds, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (testBuilds.state().phase === 'running' && signal?.aborted !== true) return
      unsubscribe()
      signal?.removeEventListener('abort', look)
      resolve()
    }
    const unsubscribe = testBuilds.subscribe(look)
    signal?.addEventListener('abort', look)
    look()
  })
}
