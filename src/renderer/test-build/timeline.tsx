// The stages of a test build, live: what runs, how long it took, and how many bytes moved.
import { fill } from '../../shared/locale.ts'
import type { Stage, TestBuildState } from '../../shared/test-build.ts'
import { useNow } from '../clock.ts'
import { bytes, bytesIn, text } from '../format.ts'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { Took } from '../parts/time.tsx'
import { useWords } from '../words.ts'
import { liveStages } from './live.ts'
import { type Span, spans } from './spans.ts'

const shapes = {
  pending: 'pending',
  running: 'running',
  done: 'pass',
  failed: 'fail',
} as const satisfies Record<Stage['state'], Shape>

/** What the person ended did not fail. */
const shapesOfCancelled = { ...shapes, failed: 'cancelled' } as const

interface TimelineProps {
  readonly stages: readonly Stage[]
  readonly cancelled?: boolean
}

/** One line a stage, with a bar that shows when in the whole it ran; the total below. */
export function Timeline({ stages, cancelled = false }: TimelineProps) {
  const { messages } = useWords()
  const words = messages.testBuild
  const total = stages.reduce((sum, stage) => sum + stage.ms, 0)
  const bars = spans(stages)
  const shown = cancelled ? shapesOfCancelled : shapes
  return (
    <>
      <h2>{words.stagesTitle}</h2>
      <ol className="timeline">
        {stages.map((stage, at) => (
          <li key={stage.id} className={`stage is-${shown[stage.state]}`} data-stage={stage.id}>
            <StateShape shape={shown[stage.state]} />
            <span className="stage-name" data-name={words.stages[stage.id]}>
              {words.stages[stage.id]}
            </span>
            {/* The verdict above says that it was cancelled. */}
            {shown[stage.state] !== 'cancelled' && (
              <span className="hidden">{words.stageStates[stage.state]}</span>
            )}
            <StageBar stage={stage} span={bars[at] ?? { start: 0, width: 0 }} />
            <span className="stage-bytes">{stage.bytes !== undefined && <Moved moved={stage.bytes} />}</span>
            <span className="took">{tellsTime(stage) && <Took ms={stage.ms} />}</span>
          </li>
        ))}
      </ol>
      <p className="total">
        <span>{words.total}</span>
        {total > 0 && <Took ms={total} />}
      </p>
    </>
  )
}

/** The same while it runs, with the time of the stage that runs counted on. */
export function LiveTimeline({ build }: { readonly build: Extract<TestBuildState, { phase: 'running' }> }) {
  return <Timeline stages={liveStages(build.stages, Date.parse(build.startedAt), useNow())} />
}

/** A stage that has just begun has no time to tell yet. */
function tellsTime({ state, ms }: Stage): boolean {
  return state !== 'pending' && (state !== 'running' || ms > 0)
}

/** When it ran; while it moves bytes, how much of the way is done stands out from what is left. */
function StageBar({ stage, span }: { readonly stage: Stage; readonly span: Span }) {
  const done = stage.state === 'running' ? doneOf(stage.bytes) : 1
  return (
    <svg className="span" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      {done < 1 && <rect className="left" x={span.start} y="0" width={span.width} height="6" />}
      <rect x={span.start} y="0" width={span.width * done} height="6" />
    </svg>
  )
}

/** How much of the bytes is through, from 0 to 1; 1 where none are counted. */
function doneOf(moved: Stage['bytes']): number {
  return moved === undefined || moved.expected <= 0 ? 1 : Math.min(1, moved.done / moved.expected)
}

const GiB = 1024 ** 3

function Moved({ moved }: { readonly moved: NonNullable<Stage['bytes']> }) {
  const { locale, messages } = useWords()
  if (moved.done >= moved.expected) return text(bytes(moved.done, locale))
  // A tenth of a GiB is too coarse to be seen to move.
  const done =
    moved.expected >= GiB && moved.done < GiB
      ? text(bytes(moved.done, locale))
      : bytesIn(moved.done, moved.expected, locale)
  return fill(messages.testBuild.bytesOf, { done, expected: text(bytes(moved.expected, locale)) })
}
