// The fingerprints of a host key: the one shown now, and the ones it was trusted by.
import type { Params } from '../../shared/outcome.ts'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'

/** `offered` and `expected` of the params, each on its own line so that they can be compared. */
export function Fingerprints({ params }: { readonly params: Params }) {
  const { messages } = useWords()
  const rows = [
    { name: messages.window.expectedKey, value: params['expected'], source: params['source'] },
    { name: messages.window.offeredKey, value: params['offered'], source: undefined },
  ].filter((row) => row.value !== undefined)
  return (
    <dl className="fingerprints">
      {rows.map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd>
            <code>{plainLine(String(row.value), 400)}</code>
            {row.source !== undefined && <span className="quiet">{plainLine(String(row.source))}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
