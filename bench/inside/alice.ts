// Runs a program inside the lab's laptop as the unprivileged user, whatever runs the benchmark.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const start = promisify(execFile)

/** The unprivileged user of the lab, for `spawn`. */
export const alice = {
  uid: 2001,
  gid: 2001,
  cwd: '/lab/home',
  env: { ...process.env, HOME: '/lab/home', USER: 'alice', LANG: 'C.UTF-8' },
} as const

/** Gives what it said; rejects where it ends with another code than `codes`. */
export async function asAlice(
  program: string,
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await start(program, [...args], { ...alice, maxBuffer: 64e6 })
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof code === 'number' && codes.includes(code)) return { stdout, stderr }
    throw error
  }
}
