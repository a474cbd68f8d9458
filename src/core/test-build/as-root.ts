// Asks root of this laptop, once and with the person's consent, why a builder hangs up: without a daemon in between,
// ssh's words and the desktop's come through.
import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { isOnPath, rootWay } from '../laptop/root-way.ts'
import { type Ran, type RootAnswer, readAnswer, refused, sshBegan } from './root-answer.ts'
import type { RootQuestion } from './root-question.ts'
import { serveQuestion } from './serve-question.ts'

/** How root may be asked, and until when. */
export interface AskOptions {
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** A person sits at a terminal, where sudo can ask for the password. */
  readonly terminal?: boolean
  /** For tests: other than `patience`. */
  readonly patience?: typeof patience
  /** For tests: other ways than this laptop has. */
  readonly ways?: readonly Way[]
}

/** What stands before the command of somebody who is root, or becomes it. */
type Way = readonly string[]

/** In ms. A person needs a while to find their password; ssh, once it is root's, does not need long. */
const patience = { password: 180_000, answer: 30_000 }
const maxOutput = 64 * 1024

/** Asks. Never rejects; after a cancel nobody is waited for, and what root runs comes to its own end. */
export async function askRoot(question: RootQuestion, options: AskOptions): Promise<RootAnswer> {
  const { pinned } = question
  const ways = options.ways ?? (await waysToRoot(options))
  if (ways.length === 0) return refused('laptop.pkexec-missing')
  try {
    if (pinned !== null) await placeKey(pinned)
    return await askBy(ways, question, options)
  } catch (error) {
    return refused('laptop.change-failed', { what: error instanceof Error ? error.message : String(error) })
  } finally {
    if (pinned !== null) await rm(pinned.file, { force: true }).catch(() => undefined)
  }
}

/** Being root, polkit's dialog, sudo's prompt: each with what stands before the command. */
async function waysToRoot({ env, terminal }: AskOptions): Promise<readonly Way[]> {
  const way = await rootWay(env)
  if (way === 'self') return [[]]
  const sudo = terminal === true && (await isOnPath('sudo', env))
  return [...(way === 'pkexec' ? [['pkexec']] : []), ...(sudo ? [['sudo', '--']] : [])]
}

/** The next way is tried only where this one cannot ask at all. */
async function askBy(
  [way = [], ...others]: readonly Way[],
  question: RootQuestion,
  options: AskOptions,
): Promise<RootAnswer> {
  const ran = await runOnce([...way, ...question.argv], options)
  if (ran === 'cancelled') return { state: 'cancelled' }
  const answer = readAnswer(ran)
  // pkexec gives 126 where the person said no, 127 where nobody could be asked.
  return answer.state === 'refused' && ran.code === 127 && others.length > 0
    ? askBy(others, question, options)
    : answer
}

function runOnce(
  [program = 'false', ...args]: readonly string[],
  { env, signal, patience: { password, answer } = patience }: AskOptions,
): Promise<Ran | 'cancelled'> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve('cancelled')
    const child = spawn(program, args, { env: ownWords(env), cwd: '/' })
    const stdout: Buffer[] = []
    let stderr = ''
    let read = 0
    let tooLong: NodeJS.Timeout | undefined
    child.stdout.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read <= maxOutput) stdout.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      const before = stderr
      stderr = (stderr + chunk.toString('utf8')).slice(0, maxOutput)
      if (sshBegan.test(stderr) && !sshBegan.test(before)) expect(answer)
    })
    const end = (ran: Ran | 'cancelled') => {
      clearTimeout(tooLong)
      signal.removeEventListener('abort', giveUp)
      resolve(ran)
    }
    // While the password is asked for, this ends the asking. What is root's already takes no signal from us.
    const stop = () => {
      child.kill('SIGTERM')
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      child.unref()
    }
    const giveUp = () => {
      stop()
      end('cancelled')
    }
    const expect = (ms: number) => {
      clearTimeout(tooLong)
      tooLong = setTimeout(() => {
        stop()
        end({ code: null, stdout: Buffer.concat(stdout), stderr: `${stderr}\nno answer in ${ms / 1000} s` })
      }, ms)
    }
    expect(password)
    signal.addEventListener('abort', giveUp, { once: true })
    // Also of a kill that is not allowed: it must not go unheard.
    child.on('error', (error) =>
      end({ code: null, stdout: Buffer.concat(stdout), stderr: stderr + String(error) }),
    )
    // Ctrl-C in a terminal reaches both of us, in any order.
    child.on('close', (code, by) =>
      end(by === 'SIGINT' ? 'cancelled' : { code, stdout: Buffer.concat(stdout), stderr }),
    )
    child.stdin.on('error', () => undefined).end(serveQuestion)
  })
}

/**
 * In known words only: the desktop's shell, too, speaks the language it is told. The ssh of Nix's daemon has no agent and no
 * shell of this user's, and pkexec takes none that /etc/shells lacks.
 */
function ownWords({ SSH_AUTH_SOCK: _agent, SHELL: _shell, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, LANG: 'C', LC_ALL: 'C' }
}

/** Nobody else's file is written over or read: it is made anew. */
async function placeKey({ file, text }: { readonly file: string; readonly text: string }): Promise<void> {
  await rm(file, { force: true })
  await writeFile(file, text, { mode: 0o600, flag: 'wx' })
}
