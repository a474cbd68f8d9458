// Where the guide stands, on top of each of its steps; earlier ones lead back.
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { StateShape } from '../parts/shape.tsx'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { canGoBack, type OpenGuide, shownAt, shownPhases } from './guide.ts'

/** Seven steps in a row. */
export function Stepper({ guide }: { readonly guide: OpenGuide }) {
  const { messages } = useWords()
  const words = messages.repairView
  const now = shownAt(guide)
  return (
    <nav aria-label={words.stepper}>
      <ol className="stepper">
        {shownPhases.map((phase, at) => {
          const name = words.phases[phase]
          const state = at < now ? 'is-pass' : at === now ? 'is-now' : 'is-pending'
          const back = canGoBack(guide, phase)
          return (
            <li key={phase} className={`step-mark ${state}`} aria-current={at === now ? 'step' : undefined}>
              <span className="step-sign">
                {at < now ? <StateShape shape="pass" /> : <i aria-hidden="true">{at + 1}</i>}
              </span>
              {back ? (
                <button
                  type="button"
                  className="step-name"
                  title={fill(words.goBack, { step: name })}
                  onClick={() => attempt(api().repairBack({ phase }))}
                >
                  {name}
                </button>
              ) : (
                <span className="step-name">{name}</span>
              )}
              {at < now && <span className="hidden">{words.phaseDone}</span>}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
