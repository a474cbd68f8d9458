// Runs programs, in this namespace or inside a lab's machines, with all they said and how long they took.
import { type ChildProcess, spawn } from 'node:child_process'

export interface Ran {
  /** Exit code; 128 + n after signal n, 124 after the deadline. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Buffer
  /** Default 120 s; then the whole process group is killed. */
  readonly timeoutMs?: number
  readonly cwd?: string
}

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** Kills a process that `spawn` made as a group leader, with its whole group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal) // the group is gone, or not made yet
  }
}

/** Never rejects on a failing program: its code says it. Rejects where it cannot be started. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [program, ...args] = argv
  if (program === undefined) return Promise.reject(new Error('nothing to run'))
  const began = performance.now()
  const child = spawn(program, args, {
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(options.cwd ? { cwd: options.cwd } : {}),
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => {}) // a program that reads no input closes it: no failure of ours
  child.stdin.end(options.input ?? '')
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup(child)
  }, options.timeoutMs ?? 120_000)
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({
        code: timedOut ? 124 : (code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)),
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        ms: performance.now() - began,
        timedOut,
      })
    })
  })
}

/** `run`, throwing with both outputs when the program fails. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await run(argv, options)
  if (ran.code !== 0) {
    throw new Error(`${argv.slice(-3).join(' ')} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`)
  }
  return ran
}
