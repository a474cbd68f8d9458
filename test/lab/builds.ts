// Small real builds and requests for the lab's own tests.
import { randomUUID } from 'node:crypto'
import type { Lab } from './lab.ts'
import type { Ran } from './run.ts'

/** A derivation nobody has built: prints and writes the boot id of the machine that builds it. */
export function freshDerivation(): string {
  return `derivation {
    name = "lab-${randomUUID()}"; system = "x86_64-linux"; builder = "/bin/sh"; allowSubstitutes = false;
    args = [ "-c" "read b < /proc/sys/kernel/random/boot_id; echo $b; echo $b > $out" ];
  }`
}

/** Built as alice where only the desktop may build; the output path is on stdout. */
export const offload = (lab: Lab, timeoutMs = 100_000): Promise<Ran> =>
  lab.runAsAlice(['nix-build', '--no-out-link', '--max-jobs', '0', '-E', freshDerivation()], { timeoutMs })

/**
 * What the first desktop's cache says of the shared path: `body` and the HTTP status, 0 where none came in that time.
 * The first answer under a new key takes Nix a moment on a busy machine: it copies and signs the path.
 */
export async function narinfo(
  lab: Lab,
  seconds = 60,
): Promise<{ status: number; body: string; error: string }> {
  const hash = lab.state.sharedPath?.slice('/nix/store/'.length).split('-')[0] ?? 'none'
  const ran = await lab.runAsAlice([
    'curl',
    '-sS',
    '-m',
    String(seconds),
    '-w',
    '\n%{http_code}',
    `http://desktop:5000/${hash}.narinfo`,
  ])
  const end = ran.stdout.lastIndexOf('\n')
  return {
    body: ran.stdout.slice(0, end),
    status: Number(ran.stdout.slice(end + 1)),
    error: ran.stderr.trim(),
  }
}
