// The needs as a list, and a move as one change with its places.
import type { AddressChange, AddressPlace, LaptopPlan } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import { StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'

/** One line a need; advice and what is not known yet say so. */
export function Needs({ plan }: { readonly plan: LaptopPlan }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  return (
    <section className="card repair-card">
      <ul className="laptop-needs">
        {plan.needs.map(({ id, params, advice, unknown }) => (
          <li key={id} data-need={id} className={advice ? 'is-advice' : 'is-fail'}>
            <StateShape shape={advice ? 'advice' : 'fail'} />
            <span>{fill(words.needs[id], shownParams(params))}</span>
            {(advice || unknown) && <span className="quiet">{advice ? words.advice : words.unknown}</span>}
          </li>
        ))}
      </ul>
      {plan.move !== null && <Move move={plan.move} host={plan.host} />}
    </section>
  )
}

function Move({ move, host }: { readonly move: AddressChange; readonly host: string }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  const count = move.places.length
  const title = count === 1 ? words.moveTitleOne : words.moveTitle
  return (
    <section className="laptop-move">
      <h2>{fill(title, { host: plainLine(host, 80), count })}</h2>
      <p className="quiet">{fill(words.moveFrom, { from: move.from, to: move.to })}</p>
      <Places places={move.places} />
    </section>
  )
}

/** Lines as they are and as they should be. */
export function Places({ places }: { readonly places: readonly AddressPlace[] }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  return (
    <ul>
      {places.map(({ file, line, before, after, ours }) => (
        <li key={`${file}:${line}`}>
          <span className="place">
            {fill(words.moveLine, { file: plainLine(file, 300), line })}
            {!ours && <span className="quiet"> · {words.moveTold}</span>}
          </span>
          <code className="diff-removed">{plainLine(before, 300)}</code>
          <code className="diff-added">{plainLine(after, 300)}</code>
        </li>
      ))}
    </ul>
  )
}

function shownParams(params: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, plainLine(String(value), 200)]),
  )
}
