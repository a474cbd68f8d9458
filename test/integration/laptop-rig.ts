// Runs the built offload-repair on the lab's laptop as alice, with the stand-in for pkexec, and reads what it says of this laptop.
import type { LaptopNeedId, LaptopPlan } from '../../src/shared/laptop-side.ts'
import type { Lab } from '../lab/lab.ts'
import { program } from './repair-cli.ts'

/** A script as the laptop's root; throws with its words where it fails. */
export async function rootOf(lab: Lab, script: string): Promise<string> {
  const ran = await lab.runAsRoot(['sh', '-c', script])
  if (ran.code !== 0) throw new Error(`${script}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

export interface Said {
  readonly code: number
  readonly plan: LaptopPlan | undefined
  readonly needs: readonly LaptopNeedId[]
  readonly cause: string | undefined
  readonly problem: string | undefined
  readonly ok: boolean
  readonly undo: readonly string[]
  readonly said: string
}

/** `path` is the one that pkexecStandIn gave. */
export async function runOnLaptop(
  lab: Lab,
  path: string,
  args: readonly string[],
  input = '',
  env: Record<string, string> = {},
): Promise<Said> {
  await lab.forgive()
  const argv = [process.execPath, program, ...args, '--json']
  const ran = await lab.runAsAlice(argv, { env: { PATH: path, ...env }, input, timeoutMs: 110_000 })
  const events = ran.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const plan: LaptopPlan | undefined = events.find((one) => one.type === 'laptop')?.laptop
  const result = events.find((one) => one.type === 'result')
  return {
    code: ran.code ?? -1,
    plan,
    needs: plan?.needs.filter((need) => !need.advice).map((need) => need.id) ?? [],
    cause: result?.problem?.cause,
    problem: events.find((one) => one.type === 'problem')?.problem.cause,
    ok: result?.ok ?? false,
    undo: result?.summary?.undo.laptop ?? [],
    said: `${ran.stdout}${ran.stderr}`,
  }
}

/** The flags and the stdin by which the lab's admin signs in. */
export function adminOf({ state }: Lab): readonly [flags: readonly string[], input: string] {
  const { user, password } = state.admin
  const flags = ['--admin', `${user}@desktop`, '--password-stdin', '--sudo-password-stdin']
  return [flags, `${password}\n${password}\n`]
}
