// A test build's verdict in one sentence: window and notification share it.
import { fill } from './locale.ts'
import type { Messages } from './messages/index.ts'
import type { Params } from './outcome.ts'
import type { TestBuildResult } from './test-build.ts'

export interface Told {
  /** What the builder is called; of no matter where the result has none. */
  readonly builder: string
  /** How long it took, with its unit. */
  readonly time: string
  /** The problem's values, safe to show. */
  readonly params: Params
}

/** "Built on desktop in 0.9 s", or why not. */
export function verdictSentence(
  result: TestBuildResult,
  { builder, time, params }: Told,
  words: Messages,
): string {
  const own = words.testBuild
  if (result.ok) return fill(own.passed, { builder, time })
  if (result.cancelled) return fill(own.cancelled, { time })
  const reason = fill(words.causes[result.problem.cause].title, params)
  return result.builder === null ? fill(own.failedNowhere, { reason }) : fill(own.failed, { builder, reason })
}
