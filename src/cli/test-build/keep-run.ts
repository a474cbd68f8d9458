// Keeps what a test build of a command taught: the history, and the proof that offload-status and the tray read.
import type { AppPaths } from '../../core/config/paths.ts'
import type { Builder } from '../../core/laptop/facts.ts'
import { rememberTestBuild } from '../../core/monitor/keep.ts'
import { monitorStateFile } from '../../core/monitor/monitor.ts'
import { appendRun } from '../../core/test-build/history.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { TestBuildResult } from '../../shared/test-build.ts'

/** A run, and where it is kept. */
export interface Kept {
  readonly result: TestBuildResult
  readonly builders: readonly Builder[]
  readonly payloadBytes: number
  readonly paths: AppPaths
  readonly words: Messages
  /** The command that warns where it cannot be kept. */
  readonly teller: string
}

/** Never rejects: neither file may spoil the verdict; a warning goes to stderr. */
export async function keepRun({ result, builders, payloadBytes, paths, words, teller }: Kept): Promise<void> {
  const { historyAside, historyNotKept } = words.testBuild.cli
  const warn = (line: string) => process.stderr.write(`${teller}: ${line}\n`)
  const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
  const history = async () => {
    const run = { at: new Date().toISOString(), payloadBytes, result }
    const setAside = await appendRun(paths.history, run)
    if (setAside !== null) warn(fill(historyAside, { file: setAside.file }))
  }
  // Two files: neither waits for the other.
  await Promise.all([
    history().catch((error: unknown) => warn(fill(historyNotKept, { what: wordsOf(error) }))),
    rememberTestBuild(monitorStateFile(paths), builders, result, warn).catch((error: unknown) =>
      warn(wordsOf(error)),
    ),
  ])
}
