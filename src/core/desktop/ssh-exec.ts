// Runs one command over an SSH connection: bounded in time and bytes, and really ended when it is given up.
import type { Client, ClientChannel } from 'ssh2'
import { bad, good, type Outcome, type Params } from '../../shared/outcome.ts'
import { cleanText } from './clean-text.ts'

export interface ExecLimits {
  readonly deadlineMs: number
  /** Of stdout and stderr together. */
  readonly maxBytes: number
  /** Given to stdin, which is then closed; without it stdin is closed at once. */
  readonly input?: string | Buffer
  /** Keeps stdin open for a command that answers only so long: called with stdout so far, true closes stdin. */
  readonly inputUntil?: (stdout: Buffer) => boolean
  /** Talks with the command: sees each piece of output and writes to stdin, which stays open until `end` or the exit. */
  readonly talk?: (chunk: Buffer, from: 'stdout' | 'stderr', stdin: ExecStdin) => void
  /** Closes a stdin that `talk` holds open: a command that watches it ends by itself, and is heard until then. */
  readonly hangUp?: AbortSignal
  /** Gives the command up and ends it over there. */
  readonly signal?: AbortSignal
  /** Sees output as it comes, within maxBytes. */
  readonly onOutput?: (chunk: Buffer, from: 'stdout' | 'stderr') => void
}

export interface ExecStdin {
  /** `sent` is called when the bytes are on their way, so that a secret can be wiped. */
  write(data: string | Buffer, sent?: () => void): void
  end(): void
}

export interface ExecResult {
  /** null where the command did not exit by itself. */
  readonly code: number | null
  readonly ended: 'exit' | 'signal' | 'deadline' | 'cancelled' | 'too-long'
  readonly stdout: string
  readonly stderr: string
  /** stdout as it came, for answers that are no text. */
  readonly stdoutBytes: Buffer
}

/** How long a command may take to die after TERM, and after KILL, before the channel is just dropped, in ms. */
const dyingMs = 400

/**
 * Runs the command in the user's login shell. Good also when it failed, was cut or timed out: `ended` says which.
 * Bad (ssh.protocol-error) where the connection could not carry it.
 */
export function execOn(
  client: Client,
  command: string,
  limits: ExecLimits,
  params: Params,
): Promise<Outcome<ExecResult>> {
  return new Promise((resolve) => {
    let channel: ClientChannel | null = null
    let given: ExecResult['ended'] | null = null
    let settled = false
    const out: Buffer[] = []
    const err: Buffer[] = []
    let left = limits.maxBytes

    const settle = (outcome: Outcome<ExecResult>) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      limits.signal?.removeEventListener('abort', onAbort)
      limits.hangUp?.removeEventListener('abort', onHangUp)
      resolve(outcome)
    }
    const result = (code: number | null, ended: ExecResult['ended']) => {
      const stdoutBytes = Buffer.concat(out)
      const stderr = Buffer.concat(err).toString('utf8')
      settle(good({ code, ended, stdout: stdoutBytes.toString('utf8'), stderr, stdoutBytes }))
    }
    const giveUp = (why: ExecResult['ended']) => {
      if (settled || given !== null) return
      given = why
      if (channel === null) return result(null, why)
      void endRemote(channel).then(() => result(null, why))
    }
    const take = (into: Buffer[], from: 'stdout' | 'stderr') => (chunk: Buffer) => {
      if (given !== null || settled) return
      const part = chunk.length > left ? chunk.subarray(0, left) : chunk
      left -= part.length
      into.push(part)
      limits.onOutput?.(part, from)
      if (channel !== null) limits.talk?.(part, from, stdinOf(channel))
      if (part.length < chunk.length) giveUp('too-long')
      else if (from === 'stdout' && limits.inputUntil?.(Buffer.concat(out)))
        attempt(() => void channel?.end())
    }
    const onAbort = () => giveUp('cancelled')
    const onHangUp = () => (channel === null ? giveUp('cancelled') : attempt(() => void channel?.end()))
    const timer = setTimeout(() => giveUp('deadline'), Math.max(limits.deadlineMs, 1))
    limits.signal?.addEventListener('abort', onAbort)
    limits.hangUp?.addEventListener('abort', onHangUp)
    if (limits.signal?.aborted || limits.hangUp?.aborted) return giveUp('cancelled')

    const opened = (error: Error | undefined, stream: ClientChannel) => {
      if (error) return settle(lost(error, params))
      channel = stream
      // Given up while it was being opened: end what the server may just have started.
      if (settled || given !== null) return void endRemote(stream)
      stream.on('data', take(out, 'stdout'))
      stream.stderr.on('data', take(err, 'stderr'))
      // Echoes of a connection that broke; 'close' follows and settles.
      stream.on('error', () => {})
      stream.stderr.on('error', () => {})
      let exit: { code: number | null } | null = null
      stream.on('exit', (code: number | null) => {
        exit = { code }
      })
      stream.on('close', () => {
        if (given !== null) return
        if (exit === null) return settle(lost(new Error('the channel closed without an exit status'), params))
        result(exit.code, exit.code === null ? 'signal' : 'exit')
      })
      giveInput(stream, limits)
    }
    try {
      client.exec(command, opened)
    } catch (error) {
      settle(lost(error instanceof Error ? error : new Error(String(error)), params))
    }
  })
}

/**
 * TERM, then KILL, then the channel: closing a channel without a terminal leaves the process running. sshd passes
 * signals to no root login and no forced command (session.c): such a command must watch its stdin, which closes here.
 */
async function endRemote(channel: ClientChannel): Promise<void> {
  const gone = new Promise<true>((resolve) => {
    channel.on('close', () => resolve(true))
  })
  channel.on('data', () => {}).stderr.on('data', () => {})
  for (const signal of ['TERM', 'KILL']) {
    attempt(() => sendSignal(channel, signal))
    if (await Promise.race([gone, after(dyingMs)])) return
  }
  attempt(() => channel.close())
}

/** What ssh2 keeps below a channel, as of the pinned 1.17.0; absent is treated as "cannot". */
interface ChannelInside {
  readonly outgoing?: { readonly id?: number; readonly state?: string; readonly packetSize?: number }
  readonly _client?: { readonly _protocol?: { signal(id: number, name: string): void } }
}

/** ssh2's own signal() sends nothing once stdin is closed, though RFC 4254 (6.9) allows it until the channel closes. */
function sendSignal(channel: ClientChannel, name: string): void {
  const { outgoing, _client } = channel as unknown as ChannelInside
  if (outgoing?.id === undefined || !['open', 'eof'].includes(outgoing.state ?? '')) return
  _client?._protocol?.signal(outgoing.id, name)
}

/** ssh2 loops for ever on a channel whose server announced a packet size of nothing; nobody honest goes below this. */
const smallestPacket = 256

function giveInput(channel: ClientChannel, { input, inputUntil, talk }: ExecLimits): void {
  const { outgoing } = channel as unknown as ChannelInside
  if (input !== undefined && (outgoing?.packetSize ?? 0) < smallestPacket) attempt(() => channel.close())
  else if (inputUntil !== undefined) attempt(() => void channel.write(input ?? ''))
  else if (talk !== undefined) attempt(() => void (input !== undefined && channel.write(input)))
  else attempt(() => void channel.end(input))
}

function stdinOf(channel: ClientChannel): ExecStdin {
  return {
    write: (data, sent) => attempt(() => void channel.write(data, () => sent?.())),
    end: () => attempt(() => void channel.end()),
  }
}

/** On a connection that is already gone ssh2 throws; its 'close' tells the story. */
function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // Nothing to add: the caller is told by 'close' or by its own deadline.
  }
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms))
}

function lost(error: Error, params: Params): Outcome<never> {
  return bad('ssh.protocol-error', { ...params, phase: 'exec' }, cleanText(error.message))
}
