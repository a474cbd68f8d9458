// Another builder was chosen than the one that built: said beside the verdict, with the reason.
import { builderName } from '../../shared/builder-name.ts'
import { fill } from '../../shared/locale.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'
import { StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'

/** Nothing where the build ran where it was asked for, or nobody asked for a builder. */
export function NotAsAsked({ result }: { readonly result: TestBuildResult }) {
  const { cli } = useWords().messages.testBuild
  const builders = useAppState((state) => state.snapshot.builders)
  if (!result.ok || result.asked === undefined) return null
  const nameOf = (id: string) => plainLine(builderName(id, builders))
  const names = { asked: nameOf(result.asked.builder), builder: nameOf(result.builder) }
  return (
    <p className="not-as-asked is-warn">
      <StateShape shape="warn" />
      <span>{fill(result.asked.heeded ? cli.wentElsewhere : cli.mayNotChoose, names)}</span>
    </p>
  )
}
