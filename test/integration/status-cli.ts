// Runs the built offload-status --json on the lab's laptop as its unprivileged user, and reads what it says.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CauseCode } from '../../src/shared/causes.ts'
import { allChecks, type Check, type CheckId, type Overall, type Snapshot } from '../../src/shared/status.ts'
import type { Lab } from '../lab/lab.ts'
import type { Ran } from '../lab/run.ts'

/** What is tested. Another build than the project's own may be tested by naming it. */
export const program =
  process.env['OFFLOAD_STATUS'] ??
  fileURLToPath(new URL('../../out/main/offload-status.cjs', import.meta.url))

const testBuildProgram =
  process.env['OFFLOAD_TEST_BUILD'] ??
  fileURLToPath(new URL('../../out/main/offload-test-build.cjs', import.meta.url))

export interface Seen {
  readonly snapshot: Snapshot
  readonly overall: Overall
  readonly code: number | null
  /** Of the whole process, in ms. */
  readonly ms: number
}

/** Throws, saying what to run, where the program under test was not built. */
export function assertBuilt(file = program): void {
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`)
}

/** One look. Throws with the program's own words when it did not print a snapshot. */
export async function look(lab: Lab, env: Record<string, string> = {}): Promise<Seen> {
  assertBuilt()
  await lab.forgive()
  const ran = await lab.runAsAlice([process.execPath, program, '--json'], { env, timeoutMs: 60_000 })
  const line = ran.stdout.split('\n')[0] ?? ''
  if (!line.startsWith('{'))
    throw new Error(`offload-status said: ${ran.stdout}${ran.stderr} (code ${ran.code})`)
  const snapshot = JSON.parse(line) as Snapshot
  return { snapshot, overall: snapshot.overall, code: ran.code, ms: ran.ms }
}

/** A real test build, whose word the next look finds in alice's state folder. */
export async function testBuild(lab: Lab): Promise<Ran> {
  assertBuilt(testBuildProgram)
  await lab.forgive()
  return lab.runAsAlice([process.execPath, testBuildProgram, '--json'], { timeoutMs: 110_000 })
}

/** Shell text for a desktop: waits until sshd has written down the last of who came before, also how they left. */
export const journalIsWhole =
  'for try in $(seq 100); do pgrep -x sshd-session >/dev/null || break; sleep 0.1; done; journalctl --sync'

/** The checks that are not as they should be, each as "id state cause". */
export function complaints(snapshot: Snapshot): readonly string[] {
  return allChecks(snapshot)
    .filter((check) => check.state === 'fail' || check.state === 'warn')
    .map((check) => `${check.id} ${check.state} ${check.cause}`)
}

/** The first check with this id; throws where there is none. */
export function checkOf(snapshot: Snapshot, id: CheckId): Check {
  const found = allChecks(snapshot).find((check) => check.id === id)
  if (found === undefined) throw new Error(`no check ${id}`)
  return found
}

export type Complaint = `${CheckId} ${'fail' | 'warn'} ${CauseCode}`
