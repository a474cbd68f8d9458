// A desktop's new host key: the one that is held and the one that is shown, whether somebody compared them, and the lines
// that only the person can change.
import type { HostKeyChange } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { Fingerprint } from '../repair/trust.tsx'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Places } from './needs.tsx'

interface HostKeyProps {
  readonly change: HostKeyChange
  readonly host: string
  readonly builder: string
}

/** Both fingerprints; nothing is said yes to here: that belongs to the Trust step, where they are compared. */
export function HostKey({ change, host, builder }: HostKeyProps) {
  const { messages } = useWords()
  const words = messages.laptopSide
  const { from, to, accepted, places } = change
  return (
    <section className="card repair-card laptop-move" data-accepted={accepted}>
      <h2>{fill(words.keyTitle, { host: plainLine(host, 80) })}</h2>
      <dl className="keys">
        {from.map((fingerprint) => (
          <div key={fingerprint}>
            <dt>{words.keyHeld}</dt>
            <dd>
              <Fingerprint value={fingerprint} />
            </dd>
          </div>
        ))}
        <div className="key-now">
          <dt>{fill(words.keyNow, { host: plainLine(host, 80) })}</dt>
          <dd>
            <Fingerprint value={to} />
          </dd>
        </div>
      </dl>
      <p className={accepted ? 'quiet' : 'caution'}>{accepted ? words.keyAccepted : words.keyNotCompared}</p>
      {!accepted && (
        <div className="buttons">
          <button
            type="button"
            className="button main"
            onClick={() => attempt(api().repairOpen({ builder }))}
          >
            {words.keyCompare}
          </button>
        </div>
      )}
      {accepted && places.length > 0 && (
        <>
          <p className="quiet">{words.keyPlaces}</p>
          <Places places={places} />
        </>
      )}
    </section>
  )
}
