// Runs the built offload-repair on the lab's laptop as its unprivileged user, and reads what it says.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CauseCode } from '../../src/shared/causes.ts'
import type { StepState } from '../../src/shared/repair.ts'
import type { Lab } from '../lab/lab.ts'

/** What is tested. Another build than the project's own may be tested by naming it. */
export const program =
  process.env['OFFLOAD_REPAIR'] ??
  fileURLToPath(new URL('../../out/main/offload-repair.cjs', import.meta.url))
export const keysPath = '/var/lib/nix-builder/.ssh/authorized_keys'

export interface Repaired {
  readonly code: number
  readonly ok: boolean
  readonly cause: CauseCode | undefined
  /** "id cause" of the plan's steps. */
  readonly planned: readonly string[]
  readonly unmended: readonly string[]
  /** "id state" of each step at its end. */
  readonly steps: readonly `${string} ${StepState}`[]
  readonly said: string
  readonly ms: number
}

export interface RepairRun {
  readonly args?: readonly string[]
  /** Lines of stdin. */
  readonly secrets?: readonly string[]
  readonly env?: Record<string, string>
  /** sshd is left as it is: making it forget restarts it, under whoever signs in at that moment. */
  readonly unforgiven?: true
}

/** With the admin's password for SSH and sudo. */
export function withPassword(lab: Lab, more: readonly string[] = []): RepairRun {
  const { user, password } = lab.state.admin
  return {
    args: ['--admin', `${user}@desktop`, '--password-stdin', '--sudo-password-stdin', ...more],
    secrets: [password, password],
  }
}

/** Runs offload-repair on the lab’s laptop, each secret a line of its stdin; throws where it was not built. */
export async function repair(
  lab: Lab,
  verb: string,
  { args = [], secrets = [], env = {}, unforgiven }: RepairRun,
): Promise<Repaired> {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` first`)
  if (unforgiven !== true) await lab.forgive()
  const input = secrets.map((one) => `${one}\n`).join('')
  const ran = await lab.runAsAlice([process.execPath, program, verb, '--json', ...args], {
    input,
    env,
    timeoutMs: 110_000,
  })
  const lines = ran.stdout.split('\n').filter((line) => line.startsWith('{'))
  const events = lines.map((line) => JSON.parse(line))
  const plan = events.find((one) => one.type === 'plan')?.plan ?? events.find((one) => one.schema === 1)
  const result = events.find((one) => one.type === 'result')
  type Named = { readonly id: string; readonly cause: string; readonly state: StepState }
  return {
    code: ran.code,
    ok: result?.ok ?? false,
    cause: result?.problem?.cause,
    planned: (plan?.steps ?? []).map((one: Named) => `${one.id} ${one.cause}`),
    unmended: (plan?.unmended ?? []).map((one: Named) => one.cause),
    steps: (result?.steps ?? []).map((one: Named) => `${one.id} ${one.state}` as const),
    said: `${ran.stdout}${ran.stderr}`,
    ms: ran.ms,
  }
}

/** A file of the desktop's, as bytes in hex; "absent" where it is not there. */
export async function bytesOn(lab: Lab, path: string, desktop = 1): Promise<string> {
  const dump = '[ -e "$1" ] && od -An -v -tx1 <"$1" | tr -d " \\n" || echo absent'
  const ran = await lab.onDesktop(['sh', '-c', dump, 'sh', path], { desktop })
  return ran.stdout.trim()
}
