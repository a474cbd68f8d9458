// The suites of `npm test`, in their order, and what each needs beyond Node.
import type { Purpose } from '../debian/packages.ts'

export interface Suite {
  /** The vitest project. */
  name: string
  packages: readonly Purpose[]
  /** Needs out/ as built from the sources. */
  built: boolean
  /** In CI a skipped test here is a failure: these suites exist to prove the real thing. */
  strict: boolean
  /** After this long it hangs, minutes. */
  minutes: number
}

export const suites: readonly Suite[] = [
  { name: 'unit', packages: [], built: false, strict: false, minutes: 8 },
  { name: 'ui', packages: ['test'], built: true, strict: false, minutes: 8 },
  { name: 'lab', packages: ['lab'], built: true, strict: true, minutes: 12 },
  { name: 'integration', packages: ['lab'], built: true, strict: true, minutes: 15 },
  { name: 'e2e', packages: ['test', 'lab'], built: true, strict: true, minutes: 15 },
]

/** What the command line asks for: `--only unit,ui` (or `--only=…`); everything without it. Unknown words are named. */
export function chosenSuites(args: readonly string[]): { chosen: Suite[] } | { wrong: string } {
  const words = args.flatMap((arg) => arg.split('='))
  if (words.length === 0) return { chosen: [...suites] }
  const [flag, list, ...rest] = words
  if (flag !== '--only' || !list || rest.length > 0) return { wrong: `I do not know: ${args.join(' ')}` }
  const names = list.split(',')
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name))
  if (unknown.length > 0) return { wrong: `There is no suite ${unknown.join(', ')}` }
  return { chosen: suites.filter((suite) => names.includes(suite.name)) }
}
