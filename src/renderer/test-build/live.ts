// The time of a stage that runs, between two words of main: main tells one when a stage begins, ends or moves bytes.
import type { Stage } from '../../shared/test-build.ts'

/** The stages with the running one's time counted on to `now` (ms): they follow one another since `startedAt` (ms). */
export function liveStages(stages: readonly Stage[], startedAt: number, now: number): readonly Stage[] {
  const before = stages.reduce((sum, stage) => sum + (stage.state === 'running' ? 0 : stage.ms), 0)
  return stages.map((stage) =>
    stage.state === 'running' ? { ...stage, ms: Math.max(stage.ms, now - startedAt - before) } : stage,
  )
}
