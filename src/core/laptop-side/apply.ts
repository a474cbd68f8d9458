// Changes this laptop as root: one program for `pkexec sh -s` on its stdin, and its news back. Nothing secret goes in.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { ChangedFile } from '../../shared/laptop-side.ts'
import { bad, good, type Outcome } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { rootWay } from '../laptop/root-way.ts'
import type { LaptopPlanned } from './plan.ts'
import { applyProgram, type Placed, sha256, undoProgram } from './program.ts'

/** What was done: shown, and kept for undo. */
export interface LaptopDid {
  readonly placed: readonly Placed[]
  readonly restart: boolean
  /** nix-daemon could not be started again from here. */
  readonly restartNeeded: boolean
}

/** A person needs a while to find their password. */
const deadlineMs = 180_000
const maxOutput = 64 * 1024

export type ToApply = Pick<LaptopPlanned, 'placements' | 'makeKey' | 'restart'> &
  Partial<Pick<LaptopPlanned, 'rootHost'>>

/** Makes the changes, all or none. Ends in laptop.pkexec-missing, laptop.pkexec-refused or laptop.change-failed {what}. */
export async function applyToLaptop(
  planned: ToApply,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Outcome<LaptopDid>> {
  const token = randomBytes(12).toString('hex')
  const ran = await asRoot(token, applyProgram(token, planned), env, signal)
  if (!ran.ok) return ran
  const placed = planned.placements.map(({ path, after }) => {
    const backup = ran.value.find((one) => one.what === 'changed' && one.path === path)?.backup ?? ''
    return { path, backup: backup === '' ? null : backup, sha256: sha256(after) }
  })
  // Nobody but root reads its known_hosts: the program tells what it made of it.
  const ofRoot = ran.value.flatMap((one) =>
    one.what === 'renewed'
      ? [{ path: one.path, backup: one.backup, sha256: sumOf(ran.value, one.path) }]
      : [],
  )
  const restartNeeded = ran.value.some((one) => one.what === 'not-restarted')
  return good({ placed: [...placed, ...ofRoot], restart: planned.restart, restartNeeded })
}

/** Puts the files back as they were, unless somebody changed them since. Ends as `applyToLaptop`. */
export async function undoOnLaptop(
  did: Pick<LaptopDid, 'placed' | 'restart'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Outcome<void>> {
  const token = randomBytes(12).toString('hex')
  const ran = await asRoot(token, undoProgram(token, did.placed, did.restart), env, signal)
  return ran.ok ? good(undefined) : ran
}

/** The files that were changed, each with the backup to undo it by; null: there was none before. */
export function changedFiles(did: LaptopDid): readonly ChangedFile[] {
  return did.placed.map(({ path, backup }) => ({ path, backup }))
}

const sumOf = (news: readonly News[], path: string) =>
  news.find((one) => one.what === 'sum' && one.path === path)?.backup ?? ''

interface News {
  readonly what: string
  readonly path: string
  readonly backup: string
}

async function asRoot(
  token: string,
  program: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Outcome<readonly News[]>> {
  const way = await rootWay(env)
  if (way === 'none') return bad('laptop.pkexec-missing')
  const argv = way === 'self' ? ['sh', '-s'] : ['pkexec', 'sh', '-s']
  const ran = await feed(argv, program, env, signal)
  const news = ran.stdout.split('\n').flatMap((line) => readNews(line, token))
  if (ran.code === 0) return good(news)
  const raw = cleanText(ran.stderr.trim(), 4000)
  // pkexec gives 126 where the password was not given, 127 where this user may not; then no line of ours ran.
  if (!news.some((one) => one.what === 'begun')) return bad('laptop.pkexec-refused', {}, raw)
  const last = raw.split('\n').at(-1)?.trim() ?? ''
  return bad('laptop.change-failed', { what: last.slice(0, 200) || `exit ${ran.code}` }, raw)
}

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function feed(
  [program = 'false', ...args]: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Ran> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ code: null, stdout: '', stderr: '' })
    const child = spawn(program, args, {
      env,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: deadlineMs,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout = (stdout + chunk.toString('latin1')).slice(0, maxOutput)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(0, maxOutput)
    })
    // While the password is asked for, this ends the asking; what runs as root then comes to its own end, in moments.
    const stop = () => void child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    const end = (code: number | null, more = '') => {
      signal.removeEventListener('abort', stop)
      resolve({ code, stdout, stderr: stderr + more })
    }
    child.once('error', (error) => end(null, String(error)))
    child.once('close', (code) => end(code))
    child.stdin.on('error', () => undefined).end(input)
  })
}

function readNews(line: string, token: string): readonly News[] {
  if (!line.startsWith(`@${token} `)) return []
  try {
    const { what, path, backup } = JSON.parse(line.slice(token.length + 2)) as Record<string, unknown>
    const text = (value: unknown) =>
      typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : ''
    return [{ what: text(what), path: text(path), backup: text(backup) }]
  } catch {
    return [] // cut off: not said
  }
}
