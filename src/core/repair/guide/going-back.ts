// A switch that was cancelled: the desktop goes back by itself, and this watches until it is seen to be back.
import type { Stage } from './stage.ts'

/** Watches while nothing else is asked for, then signs out. Resolves at once; the state tells the end. */
export function watchGoingBack(stage: Stage): boolean {
  const at = stage.context()
  const follow = at?.left?.follow
  if (at === null || follow === undefined || at.session === null) return false
  void stage.work(async (signal) => {
    const { state, steps } = await follow(signal)
    at.steps = steps
    const now = stage.state()
    if (now.phase === 'stopped' && now.goingBack?.state === 'waiting')
      stage.put({ ...now, steps, goingBack: { ...now.goingBack, state } })
    await stage.endSession()
  })
  return true
}
