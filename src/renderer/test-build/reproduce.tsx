// The commands that do the same by hand.
import { CodeBlock } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { useWords } from '../words.ts'

/** Folded; copies exactly what it shows. */
export function Reproduce({ commands }: { readonly commands: string }) {
  const { messages } = useWords()
  const words = messages.testBuild
  return (
    <Fold className="fold" summary={words.reproduce}>
      <CodeBlock code={commands} caption={messages.window.onLaptop} label={words.copyReproduce} />
    </Fold>
  )
}
