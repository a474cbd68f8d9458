// The switches of the demo desktop: each makes one real fault.
import { api } from '../api.ts'
import { Fold } from '../parts/fold.tsx'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'

/** Only in `--demo`. The switches show what main says is on, not what was clicked. */
export function DemoPanel() {
  const { messages } = useWords()
  const demo = useAppState((state) => state.demo)
  const words = messages.window
  if (demo === undefined) return null
  const names: Readonly<Record<string, string>> = words.demoFaults
  return (
    <Fold className="card demo" summary={<h2>{words.demoTitle}</h2>}>
      <p className="quiet">{demo.faults.length === 0 ? words.demoNone : words.demoIntro}</p>
      <ul className="switches">
        {demo.faults.map((fault) => (
          <li key={fault.id}>
            <label>
              <input
                type="checkbox"
                role="switch"
                checked={fault.on}
                aria-checked={fault.on}
                onChange={() => attempt(api().setDemoFault({ id: fault.id, on: !fault.on }))}
              />
              <span>{names[fault.id] ?? plainLine(fault.id)}</span>
            </label>
          </li>
        ))}
      </ul>
    </Fold>
  )
}
