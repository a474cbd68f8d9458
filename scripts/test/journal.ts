// A reporter of vitest's that writes down what its JSON report leaves out: what runs, and what broke outside every test.
import { appendFileSync } from 'node:fs'
import type { Reporter, TestCase } from 'vitest/node'

/** Where the file to write to is named. */
export const journalVariable = 'OFFLOAD_TRAY_TEST_JOURNAL'

/** One line of it, as JSON. */
export type Entry =
  | { what: 'began' | 'ended'; id: string; name: string; file: string }
  | { what: 'broke'; words: string }

/** vitest makes it with `new`. Each line is on the disk at once: who is ended by force writes nothing any more. */
export default function journal(): Reporter {
  const path = process.env[journalVariable]
  const put = (entry: Entry) => path !== undefined && appendFileSync(path, `${JSON.stringify(entry)}\n`)
  const test = (what: 'began' | 'ended') => (it: TestCase) => {
    put({ what, id: it.id, name: it.fullName, file: it.module.moduleId })
  }
  return {
    onTestCaseReady: test('began'),
    onTestCaseResult: test('ended'),
    onTestRunEnd: (_modules, errors) => {
      for (const { stack, message } of errors) put({ what: 'broke', words: stack ?? message })
    },
  }
}

/** What a journal tells beyond the report; a last line that was cut off is left out. */
export function readJournal(text: string): {
  readonly broke: readonly string[]
  readonly running: readonly { readonly name: string; readonly file: string }[]
} {
  const running = new Map<string, { name: string; file: string }>()
  const broke: string[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const entry = JSON.parse(line) as Entry
    if (entry.what === 'broke') broke.push(entry.words)
    else if (entry.what === 'began') running.set(entry.id, { name: entry.name, file: entry.file })
    else running.delete(entry.id)
  }
  return { broke, running: [...running.values()] }
}
