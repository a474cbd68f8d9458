// How the needs are met: the exact changes of files, or the snippet for a NixOS configuration; and the same by hand.
import type { LaptopPlan } from '../../shared/laptop-side.ts'
import { CodeBlock } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { Diff } from '../repair/diff.tsx'
import { useWords } from '../words.ts'

/** Changes where this app makes them; elsewhere what to write. */
export function LaptopWays({ plan }: { readonly plan: LaptopPlan }) {
  if (!plan.nixos) return <Changes plan={plan} />
  return (
    <>
      <OnNixos plan={plan} />
      <Changes plan={plan} />
    </>
  )
}

function OnNixos({ plan }: { readonly plan: LaptopPlan }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  return (
    <section className="card repair-card">
      <h2>{words.snippetTitle}</h2>
      <p className="quiet">{words.snippetIntro}</p>
      <CodeBlock code={plan.snippet} caption={words.snippet} label={messages.window.copySnippet} />
    </section>
  )
}

function Changes({ plan }: { readonly plan: LaptopPlan }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  if (plan.changes.length === 0 && plan.commands.length === 0) return null
  const byHand = plan.byHand.join('\n')
  return (
    <section className="card repair-card">
      <h2>{words.changesTitle}</h2>
      <p className="quiet">{words.asRoot}</p>
      {plan.changes.map((change) => (
        <Diff key={change.path} change={change} />
      ))}
      {plan.commands.length > 0 && (
        <CodeBlock
          code={plan.commands.join('\n')}
          caption={words.commands}
          label={messages.window.copyCommand}
        />
      )}
      {plan.canApply ? (
        <Fold summary={words.byHandTitle}>
          <CodeBlock code={byHand} caption={words.byHand} label={messages.repairView.copyCommands} />
        </Fold>
      ) : (
        <CodeBlock code={byHand} caption={words.byHandTitle} label={messages.repairView.copyCommands} />
      )}
    </section>
  )
}
