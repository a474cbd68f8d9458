// Real parts that some tests need: where one is missing they are left out, loudly; in CI they run, and so fail.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether tests that need `part` are to run. `there`: this machine has it. */
export function canTest(part: string, there: boolean): boolean {
  if (there || isCi()) return true
  console.warn(`LEFT OUT: tests that need ${part}, which this machine lacks; in CI that is a failure`)
  return false
}

/** The same for a program: whether it is on PATH. */
export function canRun(program: string): boolean {
  return canTest(program, isOnPath(program))
}

/** True where a folder of PATH holds the program. */
function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** As scripts/test.ts reads it, and as most CI services set it. */
function isCi(): boolean {
  return process.env['CI'] === 'true' || process.env['CI'] === '1'
}
