// What was found that no step here mends: each with what to do instead, ready to copy.
import { fill } from '../../shared/locale.ts'
import type { Unmended } from '../../shared/repair.ts'
import { CodeBlock } from '../parts/code.tsx'
import { StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { Command } from '../status/next-step.tsx'
import { causeText, cleanParams, titleAlone } from '../status/subject.ts'
import { useWords } from '../words.ts'

interface UnmendedBoxProps {
  readonly unmended: readonly Unmended[]
  readonly host: string
}

/** A card with a part for each. */
export function UnmendedBox({ unmended, host }: UnmendedBoxProps) {
  const words = useWords()
  const own = words.messages.repairView
  return (
    <section className="card repair-card unmended">
      <h2>{own.unmendedTitle}</h2>
      <ul>
        {unmended.map((problem) => {
          const params = { host, ...problem.params }
          const text = causeText(problem.cause, params, words)
          return (
            <li key={`${problem.cause} ${JSON.stringify(problem.params)}`} className="problem is-warn">
              <p className="problem-title">
                <StateShape shape="warn" />
                <strong>{titleAlone(problem.cause, params, words)}</strong>
              </p>
              <p>{text.explain}</p>
              <p className="fix">{text.fix}</p>
              {problem.refusal !== undefined && (
                <p>
                  {fill(
                    words.messages.nixEdit.refusals[problem.refusal.why],
                    cleanParams(problem.refusal.params),
                  )}
                </p>
              )}
              {problem.place !== undefined && <Place place={problem.place} />}
              {problem.snippet === undefined ? (
                <Command cause={problem.cause} params={params} />
              ) : (
                <CodeBlock
                  code={problem.snippet}
                  caption={own.snippet}
                  label={words.messages.window.copySnippet}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The file, and the line where it is known. */
function Place({ place }: { readonly place: NonNullable<Unmended['place']> }) {
  const { messages } = useWords()
  const words = messages.repairPlan
  const path = plainLine(place.path, 300)
  const text =
    place.line === undefined ? fill(words.place, { path }) : fill(words.placeLine, { path, line: place.line })
  return <p className="place">{text}</p>
}
