// The stages of a test build, live: what runs, how long it took, and how many bytes moved.
import { fill } from '../../shared/locale.ts'
import type { Stage } from '../../shared/test-build.ts'
import { bytes, bytesIn, text } from '../format.ts'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { Took } from '../parts/time.tsx'
import { useWords } from '../words.ts'
import { spans } from './spans.ts'

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
            <span className="stage-name">{words.stages[stage.id]}</span>
            {/* The verdict above says that it was cancelled. */}
            {shown[stage.state] !== 'cancelled' && (
              <span className="hidden">{words.stageStates[stage.state]}</span>
            )}
            <svg className="span" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect x={bars[at]?.start ?? 0} y="0" width={bars[at]?.width ?? 0} height="6" />
            </svg>
            <span className="stage-bytes">{stage.bytes !== undefined && <Moved moved={stage.bytes} />}</span>
            <span className="took">{stage.state !== 'pending' && <Took ms={stage.ms} />}</span>
          </li>
        ))}
      </ol>
      <p className="total">
        <span>{words.total}</span>
        <Took ms={total} />
      </p>
    </>
  )
}

function Moved({ moved }: { readonly moved: NonNullable<Stage['bytes']> }) {
  const { locale, messages } = useWords()
  if (moved.done >= moved.expected) return text(bytes(moved.done, locale))
  const done = bytesIn(moved.done, moved.expected, locale)
  return fill(messages.testBuild.bytesOf, { done, expected: text(bytes(moved.expected, locale)) })
}
