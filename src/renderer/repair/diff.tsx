// A change to one file: its diff with added and removed lines told apart by sign and colour, and its new owner.
import { fill } from '../../shared/locale.ts'
import type { FileChange } from '../../shared/repair.ts'
import { Scroller } from '../parts/scroller.tsx'
import { plainLine, plainText } from '../plain.ts'
import { useWords } from '../words.ts'

/** More lines than these of one file are cut, and the cut is shown. */
const mostLines = 400

/** Shown whole: this is what a yes is about. */
export function Diff({ change }: { readonly change: FileChange }) {
  const { messages } = useWords()
  const words = messages.repairView
  const path = plainLine(change.path, 300)
  const lines = plainText(change.diff, 60_000).replace(/\n$/, '').split('\n')
  return (
    <figure className="diff">
      <figcaption>
        <code>{path}</code>
        {change.owner !== undefined && (
          <span className="quiet">
            {fill(change.owner.from === '' ? words.ownerNew : words.owner, {
              from: plainLine(change.owner.from, 100),
              to: plainLine(change.owner.to, 100),
            })}
          </span>
        )}
      </figcaption>
      {change.diff !== '' && (
        <Scroller name={fill(words.diffOf, { file: path })} className="diff-lines">
          <pre>
            {lines.slice(0, mostLines).map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal lines are told apart by their place only
              <span key={at} className={kindOf(line)}>
                {`${line}\n`}
              </span>
            ))}
            {lines.length > mostLines && <span className="diff-head">…</span>}
          </pre>
        </Scroller>
      )}
    </figure>
  )
}

function kindOf(line: string): string {
  if (/^(---|\+\+\+) /.test(line) || line.startsWith('@@')) return 'diff-head'
  if (line.startsWith('+')) return 'diff-added'
  return line.startsWith('-') ? 'diff-removed' : 'diff-same'
}
