// The one wrapper around an authenticated ssh2 Client: a few commands at once, and an end that leaves nothing behind.
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { Outcome, Params } from '../../shared/outcome.ts'
import { type ExecLimits, type ExecResult, execOn } from './ssh-exec.ts'

export interface SshSession {
  /** Runs a command in the user's login shell; see execOn. Waits for a free channel, which counts in its deadline. */
  exec(command: string, limits: ExecLimits): Promise<Outcome<ExecResult>>
  /** Ends the connection and all that runs in it. Safe to call twice. */
  close(): Promise<void>
  /** host, port, user and key as messages name them. */
  readonly params: Params
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>
}

/** sshd's MaxSessions is 10 by default, for all of a connection's users. */
const maxChannels = 6
/** How long a peer may take to answer our goodbye, in ms. */
const goodbyeMs = 300

/** Takes over a client that has just logged in. `stream` is what it was given as socket. */
export function sshSession(client: Client, stream: Duplex, params: Params): SshSession {
  const closed = new Promise<void>((resolve) => {
    client.once('close', () => resolve())
  })
  const waiting: (() => void)[] = []
  let running = 0

  const slot = async (): Promise<void> => {
    if (running < maxChannels) {
      running += 1
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const release = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  const exec = async (command: string, limits: ExecLimits) => {
    const asked = performance.now()
    await slot()
    try {
      const deadlineMs = limits.deadlineMs - (performance.now() - asked)
      return await execOn(client, command, { ...limits, deadlineMs }, params)
    } finally {
      release()
    }
  }
  const close = async () => {
    client.end()
    const impatient = setTimeout(() => stream.destroy(), goodbyeMs)
    await closed
    clearTimeout(impatient)
  }
  return { exec, close, closed, params }
}
