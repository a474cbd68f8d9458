// A repair's steps, run as a desktop runs them: one program on the stdin of a real sh, which stays open till its end.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type StepCode, stepsProgram } from '../../../../src/core/repair/sh.ts'

export interface RunOptions {
  /** The shell and what it is started by; default sh. */
  readonly shell?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Changes the program before it is handed over. */
  readonly edit?: (program: string) => string
  /** Hangs up as soon as a step says that it has begun. */
  readonly hangUp?: true
}

/** One line of news about a step, as the program tells it. */
export interface StepNews {
  readonly id: string
  readonly state: string
  readonly cause?: string
  readonly backup?: string
}

export interface StepsRan {
  readonly code: number | null
  /** All that was said, its bytes as latin1. */
  readonly said: string
  readonly news: readonly StepNews[]
  readonly states: readonly string[]
  /** How each step ended: its states but "running". */
  readonly ends: readonly string[]
  /** The last copy of an old file that was told. */
  readonly backup: string | undefined
}

/** Runs the steps on this machine; the program's words come with `said`, also where it fails. */
export async function runSteps(codes: readonly StepCode[], options: RunOptions = {}): Promise<StepsRan> {
  const [program = 'sh', ...argv] = [...(options.shell ?? ['sh']), '-s', '--', '127.0.0.1']
  const child = spawn(program, argv, { stdio: 'pipe', env: { ...process.env, ...options.env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (options.hangUp && said.includes('it has begun')) child.stdin.end()
    })
  // It may end before it has read all of the program.
  child.stdin.on('error', () => {})
  const text = stepsProgram('TOKEN', codes)
  // The end of stdin would be the laptop's hanging up.
  child.stdin.write(options.edit === undefined ? text : options.edit(text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const news = [...said.matchAll(/^@TOKEN (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as StepNews)
  const backup = news.findLast((one) => one.backup !== undefined)?.backup
  const states = news.map((one) => one.state)
  return { code, said, news, states, ends: states.filter((state) => state !== 'running'), backup }
}

/** A new folder for a test, in memory where it can be; it goes with the test. */
export function place(): string {
  const at = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'offload-repair-'))
  onTestFinished(() => rmSync(at, { recursive: true, force: true }))
  return at
}
