// The summary at the end: what changed, on which machine, where the old files are, and how to take it back by hand.

import type { ProofBuild, Told } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import type { StepProgress } from '../../shared/repair.ts'
import {
  changedSomething,
  type DoneItem,
  fileText,
  keepOf,
  laptopFiles,
  type RepairSummary,
  summaryOf,
  summaryText,
  undoCommands,
} from '../../shared/repair-summary.ts'
import { CodeBlock } from '../parts/code.tsx'
import { CopyButton } from '../parts/copy.tsx'
import { Fold } from '../parts/fold.tsx'
import { StateShape } from '../parts/shape.tsx'
import { plainLine, plainText } from '../plain.ts'
import { useWords } from '../words.ts'

interface SummaryProps {
  readonly host: string
  readonly steps: readonly StepProgress[]
  readonly told: Told
  /** The title that the end has. */
  readonly headline: string
  readonly proof: { readonly key: 'running' | 'accepted' | 'failed'; readonly build: ProofBuild } | null
  /** The steps stand right above, each with its end: only what stands is told again. */
  readonly ended?: boolean
}

/** A card; its text can be copied whole. */
export function Summary({ host, steps, told, headline, proof, ended = false }: SummaryProps) {
  const { messages } = useWords()
  const words = messages.repairPlan
  const name = plainLine(host, 80)
  const summary = summaryOf(steps, told)
  return (
    <section className="card repair-card summary">
      <h2>{words.summaryTitle}</h2>
      <Machine
        host={host}
        where="desktop"
        title={fill(words.onHost, { host: name })}
        undoTitle={fill(words.undoByHand, { host: name })}
        summary={summary}
        nothing={fill(words.nothingOnHost, { host: name })}
      />
      {(laptopFiles(summary).length > 0 || summary.done.some(({ where }) => where === 'laptop')) && (
        <Machine
          host={host}
          where="laptop"
          title={words.onLaptop}
          undoTitle={words.undoOnLaptop}
          summary={summary}
          nothing=""
        />
      )}
      {!ended && <NotDone summary={summary} />}
      {changedSomething(summary) && (
        <div className="buttons">
          <CopyButton
            text={plainText(summaryText(summary, { host: name, headline, proof }, messages), 190_000)}
            label={words.copySummary}
          />
        </div>
      )}
    </section>
  )
}

interface MachineProps {
  readonly host: string
  readonly where: 'desktop' | 'laptop'
  readonly title: string
  readonly undoTitle: string
  readonly summary: RepairSummary
  readonly nothing: string
}

function Machine({ where, host, title, undoTitle, summary, nothing }: MachineProps) {
  const { messages } = useWords()
  const items = summary.done.filter((item) => item.where === where)
  const files = where === 'laptop' ? laptopFiles(summary) : []
  const undo = undoCommands(summary, where)
  const keep = keepOf(summary)
  return (
    <section className="machine" data-where={where}>
      <h3>{title}</h3>
      {items.length + files.length === 0 && <p className="quiet">{nothing}</p>}
      <ul className="changed">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
        {files.map((file) => (
          <li key={file.path} className="is-pass">
            <StateShape shape="pass" />
            <span className="file">{plainLine(fileText(file, messages), 700)}</span>
          </li>
        ))}
      </ul>
      {where === 'desktop' && keep.length > 0 && (
        <CodeBlock
          code={plainText(keep.join('\n'), 10_000)}
          caption={fill(messages.repairPlan.keep, { host: plainLine(host, 80) })}
          label={messages.repairPlan.copyKeep}
        />
      )}
      {undo.length > 0 && (
        <Fold summary={undoTitle}>
          <CodeBlock code={undo.join('\n')} caption={undoTitle} label={messages.repairPlan.copyUndo} />
        </Fold>
      )}
    </section>
  )
}

function Item({ item }: { readonly item: DoneItem }) {
  const { messages } = useWords()
  return (
    <li className="is-pass" data-done={item.id}>
      <StateShape shape="pass" />
      <span>
        {messages.repairView.steps[item.id]}
        {item.files.map((file) => (
          <span key={file.path} className="file quiet">
            {plainLine(fileText(file, messages), 700)}
          </span>
        ))}
      </span>
    </li>
  )
}

/** What was tried or planned, and does not stand. */
function NotDone({ summary: { others } }: { readonly summary: RepairSummary }) {
  const { messages } = useWords()
  const words = messages.repairPlan
  const kinds = [
    { id: 'failed', title: words.failedTitle, shape: 'fail' },
    { id: 'cancelled', title: words.cancelledTitle, shape: 'warn' },
    { id: 'rolled-back', title: words.rolledBackTitle, shape: 'warn' },
    { id: 'pending', title: words.notBegunTitle, shape: 'pending' },
    { id: 'skipped', title: words.leftOutTitle, shape: 'skip' },
  ] as const
  return kinds.map(({ id, title, shape }) =>
    others[id].length === 0 ? null : (
      <section key={id} className="machine" data-ended={id}>
        <h3>{title}</h3>
        <ul className="changed">
          {others[id].map((step) => (
            <li key={step} className={`is-${shape}`}>
              <StateShape shape={shape} />
              <span>{messages.repairView.steps[step]}</span>
            </li>
          ))}
        </ul>
      </section>
    ),
  )
}
