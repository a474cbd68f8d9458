// Runs one program of Nix in a process group of its own: events as they come, the group's end on request.
import { spawn } from 'node:child_process'
import { laptopFiles } from '../laptop/files.ts'
import { createParser } from './internal-json.ts'
import type { Command } from './probe.ts'
import type { NixEvent } from './protocol.ts'

/** How a process of Nix ended. */
export interface ChildEnd {
  /** The exit code; null where a signal ended it or it never started. */
  readonly code: number | null
  /** The store path on stdout, if it printed one. */
  readonly path: string | null
  /** Why it could not be started, else null. */
  readonly spawnError: string | null
}

/** A process of Nix, with its whole group. None of its promises rejects. */
export interface NixChild {
  /** Gives it what it waits for on stdin: the whole of its expression. */
  feed(text: string): void
  /** The store path as soon as it is printed, a few ms before the end; null where it ends without one. */
  readonly said: Promise<string | null>
  readonly done: Promise<ChildEnd>
  /** Ends the whole process group: asked first, killed when it does not go. Resolves when it is gone. */
  kill(): Promise<void>
}

/** After this long a group that was asked to end is killed, in ms. */
const patienceMs = 500

/** Starts a command. All that counts of its stdout is a store path, printed as a string of Nix. */
export function startChild(
  { program, args }: Command,
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  onEvents: (events: readonly NixEvent[]) => void,
): NixChild {
  const child = spawn(program, [...args], {
    env: options.env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const parser = createParser()
  let stdout = ''
  let spawnError: string | null = null
  // One that ends before it has read says why on stderr.
  child.stdin.on('error', () => undefined)
  const said = new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout.length < 10_000) stdout += chunk.toString('utf8')
      if (pathIn(stdout) !== null) resolve(pathIn(stdout))
    })
    child.on('close', () => resolve(pathIn(stdout)))
  })
  child.stderr.on('data', (chunk: Buffer) => onEvents(parser.push(chunk)))
  child.on('error', (error) => {
    spawnError = error.message
  })
  const done = new Promise<ChildEnd>((resolve) => {
    child.on('close', (code) => {
      onEvents(parser.end())
      resolve({ code, path: pathIn(stdout), spawnError })
    })
  })
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      // ESRCH: the group is gone already.
    }
  }
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return void (await done)
    // SIGINT is what Ctrl-C sends: Nix then lets go of locks and remote builders in order.
    signal('SIGINT')
    const timer = setTimeout(() => signal('SIGKILL'), patienceMs)
    await done
    clearTimeout(timer)
    signal('SIGKILL')
  }
  return { feed: (text) => void child.stdin.end(text), said, done, kill }
}

function pathIn(stdout: string): string | null {
  return /^"(\/[^"]+)"$/m.exec(stdout)?.[1] ?? null
}

/** English errors, Nix's own temporary files where they are removed with ours, and Nix found as the survey finds it. */
export function childEnv(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const path = [env['PATH'], ...laptopFiles.nixPlaces].filter(Boolean).join(':')
  return { ...env, PATH: path, LC_ALL: 'C', TMPDIR: folder }
}
