// The keeper of the state file: one change at a time, each on the newest content, because the tray and the command line
// tools share the file.
import type { TestBuildResult } from '../../shared/test-build.ts'
import type { Builder } from '../laptop/facts.ts'
import { readKept, writeKept } from './kept.ts'
import type { Kept } from './kept-schema.ts'
import { withTestBuild } from './test-verdict.ts'

export interface Keeper {
  /** What is kept now, also by other processes. */
  read(): Promise<Kept>
  /** Changes it; gives what is kept afterwards. A write that fails is said, and the change lives on in memory. */
  change(how: (kept: Kept) => Kept): Promise<Kept>
}

/** @param say is told of a file set aside or a write that failed, in one line for the log */
export function createKeeper(file: string, say: (line: string) => void): Keeper {
  let last: Promise<unknown> = Promise.resolve()
  let unwritten: ((kept: Kept) => Kept) | null = null
  // Each round reads and writes: a full disk would say the same every half minute.
  const said = new Set<string>()
  const sayOnce = (line: string) => {
    if (!said.has(line)) say(line)
    said.add(line)
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
  const read = async () => {
    const { kept, setAside } = await readKept(file)
    if (setAside !== null) sayOnce(`kept state not usable (${setAside.why}); see ${setAside.file}`)
    return unwritten === null ? kept : unwritten(kept)
  }
  const change = async (how: (kept: Kept) => Kept) => {
    const before = await read()
    const after = how(before)
    if (JSON.stringify(after) === JSON.stringify(before)) return before
    try {
      writeKept(file, after)
      unwritten = null
      said.clear()
    } catch (error) {
      const earlier = unwritten
      unwritten = earlier === null ? how : (kept) => how(earlier(kept))
      // The temporary file's name is another one each time.
      sayOnce(`state not kept: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}, ${file}`)
    }
    return after
  }
  return { read: () => inTurn(read), change: (how) => inTurn(() => change(how)) }
}

/** Notes a test build for all processes that watch: what `offload-test-build` calls when it ends. */
export async function rememberTestBuild(
  file: string,
  builders: readonly Builder[],
  result: TestBuildResult,
  say: (line: string) => void,
): Promise<void> {
  const at = new Date().toISOString()
  await createKeeper(file, say).change((kept) => withTestBuild(kept, builders, result, at))
}
