// Time goes on between two words of main, and only for the stage that runs.
import { describe, expect, it } from 'vitest'
import { liveStages } from '../../../src/renderer/test-build/live.ts'
import type { Stage } from '../../../src/shared/test-build.ts'

const stages: readonly Stage[] = [
  { id: 'evaluate', state: 'done', ms: 100 },
  { id: 'connect', state: 'running', ms: 50 },
  { id: 'wait', state: 'pending', ms: 0 },
]

describe('the stages of a running test build', () => {
  it('count the running one on, from the end of those before it', () => {
    expect(liveStages(stages, 1000, 4100).map((stage) => stage.ms)).toEqual([100, 3000, 0])
  })

  it('never take back what main told', () => {
    expect(liveStages(stages, 1000, 1000).map((stage) => stage.ms)).toEqual([100, 50, 0])
  })
})
