// Runs a helper program without a shell, with a deadline and a bound on what it may print.
import { type ChildProcess, execFile } from 'node:child_process'

export type RunResult =
  | { readonly state: 'done'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly state: 'missing' }
  | { readonly state: 'timeout' }
  | { readonly state: 'failed'; readonly reason: string }

/** Runs `file` with `args`; killed for good after `deadlineMs` (ms). Output is bounded to 4 MiB. Never throws. */
export function run(
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly deadlineMs: number },
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      [...args],
      {
        env: { ...options.env, LC_ALL: 'C' },
        timeout: options.deadlineMs,
        killSignal: 'SIGKILL',
        maxBuffer: 4 * 1024 * 1024,
        cwd: '/',
      },
      (error, stdout, stderr) => {
        running.delete(child)
        resolve(resultOf(error, stdout, stderr))
      },
    )
    running.add(child)
    // Nothing we run may wait for input.
    child.stdin?.on('error', () => undefined).end()
  })
}

const running = new Set<ChildProcess>()

/** Kills every helper that still runs: for a command that ends before their answers. */
export function endHelpers(): void {
  for (const child of running) child.kill('SIGKILL')
}

function resultOf(error: Error | null, stdout: string, stderr: string): RunResult {
  if (error === null) return { state: 'done', code: 0, stdout, stderr }
  // Of one that a signal ended the code is null; `killed` tells that the signal was ours.
  const { code, killed } = error as { code?: number | string | null; killed?: boolean }
  if (code === 'ENOENT') return { state: 'missing' }
  if (typeof code === 'number') return { state: 'done', code, stdout, stderr }
  if (killed === true) return { state: 'timeout' }
  return { state: 'failed', reason: typeof code === 'string' ? code : error.message }
}
