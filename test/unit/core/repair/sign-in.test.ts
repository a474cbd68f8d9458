// Signing in to servers that are honest, slow, or hostile: real ssh2 servers on 127.0.0.1.
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createProbeLimiter } from '../../../../src/core/desktop/probe-limiter.ts'
import type { Ask } from '../../../../src/core/repair/engine.ts'
import { signInAsAdmin } from '../../../../src/core/repair/sign-in.ts'
import { surveyDesktop } from '../../../../src/core/repair/survey.ts'
import type { Question, SignIn } from '../../../../src/shared/guide.ts'
import { keyPair } from '../desktop/keys.ts'
import { listen } from '../desktop/servers.ts'
import { socketOf } from '../desktop/ssh-server.ts'
import { repairTarget } from './target.ts'

interface Behaviour {
  readonly onAuth: (request: AuthContext) => void
  readonly onExec?: (command: string, channel: ServerChannel) => void
}

async function server({ onAuth, onExec }: Behaviour) {
  const hostKey = keyPair()
  const open = new Set<Connection>()
  const made = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    open.add(connection)
    connection.on('error', () => {})
    connection.on('authentication', onAuth)
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, info) => {
        const channel = acceptExec()
        channel.on('error', () => {})
        onExec?.(info.command, channel)
      })
    })
  })
  onTestFinished(() => {
    for (const connection of open) socketOf(connection).destroy()
    made.close()
  })
  const port = await listen(made as unknown as Parameters<typeof listen>[0])
  return { port, hostKeyLine: hostKey.public }
}

const never: Ask = async () => {
  throw new Error('nothing should be asked')
}
const password: SignIn = { kind: 'password', password: 'hunter2-of-the-test' }

function enter(
  at: { port: number; hostKeyLine: string | null },
  how: SignIn,
  ask: Ask = never,
  abort = new AbortController(),
) {
  const target = repairTarget(at.port, at.hostKeyLine)
  return signInAsAdmin(target, 'admin', how, ask, abort.signal, {}, createProbeLimiter())
}
const causeOf = (outcome: Awaited<ReturnType<typeof enter>>) => (outcome.ok ? 'ok' : outcome.problem.cause)

/** Asks one round after the other, `rounds` times, then accepts. */
function asking(
  rounds: readonly Parameters<
    NonNullable<Extract<AuthContext, { method: 'keyboard-interactive' }>['prompt']>
  >[0][],
  heard: string[][],
) {
  return (request: AuthContext) => {
    if (request.method !== 'keyboard-interactive') return request.reject(['keyboard-interactive'])
    const next = (at: number): void => {
      const prompts = rounds[at]
      if (prompts === undefined) {
        request.accept()
        return
      }
      request.prompt(prompts, 'Title', 'Instructions', (answers: string[]) => {
        heard.push(answers)
        if (answers.length === 0 && at > 0) return request.reject()
        next(at + 1)
      })
    }
    next(0)
  }
}

describe('a password', () => {
  it('opens a session, and a wrong one is a refused sign-in', async () => {
    const at = await server({
      onAuth: (request) =>
        request.method === 'password' && request.password === 'hunter2-of-the-test'
          ? request.accept()
          : request.reject(['password']),
    })
    const signed = await enter(at, password)
    expect(signed.ok).toBe(true)
    if (signed.ok) await signed.value.close()
    expect(causeOf(await enter(at, { kind: 'password', password: 'other' }))).toBe('ssh.sign-in-refused')
  })

  it('is never sent to a host whose key is unknown or another', async () => {
    const sent: string[] = []
    const at = await server({
      onAuth: (request) => {
        sent.push(request.method)
        request.accept()
      },
    })
    expect(causeOf(await enter({ port: at.port, hostKeyLine: null }, password))).toBe('ssh.host-key-unknown')
    expect(causeOf(await enter({ port: at.port, hostKeyLine: keyPair().public }, password))).toBe(
      'ssh.host-key-changed',
    )
    expect(sent).toEqual([])
  })

  it('answers the one hidden question of a server that knows no passwords, once', async () => {
    const heard: string[][] = []
    const at = await server({ onAuth: asking([[{ prompt: 'Password: ', echo: false }]], heard) })
    const signed = await enter(at, password)
    expect(causeOf(signed)).toBe('ok')
    expect(heard).toEqual([['hunter2-of-the-test']])
  })

  it('is told apart from a server that takes keys only', async () => {
    const at = await server({ onAuth: (request) => request.reject(['publickey']) })
    const signed = await enter(at, password)
    expect(signed).toMatchObject({
      ok: false,
      problem: { cause: 'ssh.sign-in-method', params: { what: 'publickey' } },
    })
  })
})

describe('questions', () => {
  it('come cleaned, several at once, and the answers go back in order', async () => {
    const heard: string[][] = []
    const bidi = '\u202eevil\u001b[2J'
    const rounds = [
      [
        { prompt: `Code ${bidi}: `, echo: true },
        { prompt: 'PIN: ', echo: false },
      ],
      [{ prompt: 'Again: ', echo: false }],
    ]
    const at = await server({ onAuth: asking(rounds, heard) })
    const seen: Question[] = []
    const signed = await enter(at, { kind: 'keyboard-interactive' }, async (question) => {
      seen.push(question)
      return question.prompts.map((_, index) => `answer ${index}`)
    })
    expect(causeOf(signed)).toBe('ok')
    expect(heard).toEqual([['answer 0', 'answer 1'], ['answer 0']])
    expect(seen[0]?.prompts).toEqual([
      { text: 'Code evil:', echo: true },
      { text: 'PIN:', echo: false },
    ])
  })

  it('that never end are ended after a few rounds', async () => {
    const heard: string[][] = []
    const rounds = Array.from({ length: 500 }, () => [{ prompt: 'More? ', echo: true }])
    const at = await server({ onAuth: asking(rounds, heard) })
    expect(causeOf(await enter(at, { kind: 'keyboard-interactive' }, async () => ['yes']))).toBe(
      'ssh.sign-in-refused',
    )
    expect(heard.length).toBeLessThan(12)
  })

  it('by the hundred in one round are not shown', async () => {
    const heard: string[][] = []
    const many = Array.from({ length: 300 }, () => ({ prompt: 'again', echo: true }))
    const at = await server({ onAuth: asking([[{ prompt: 'a', echo: true }], many], heard) })
    let asked = 0
    const ask: Ask = async () => {
      asked += 1
      return ['a']
    }
    expect(causeOf(await enter(at, { kind: 'keyboard-interactive' }, ask))).toBe('ssh.sign-in-refused')
    expect(asked).toBe(1)
  })

  it('left open end at once when the person cancels', async () => {
    const at = await server({ onAuth: asking([[{ prompt: 'Code: ', echo: true }]], []) })
    const abort = new AbortController()
    const started = performance.now()
    const signed = enter(
      at,
      { kind: 'keyboard-interactive' },
      () =>
        new Promise((resolve) => {
          setTimeout(() => abort.abort(), 50)
          abort.signal.addEventListener('abort', () => resolve(null))
        }),
      abort,
    )
    expect(causeOf(await signed)).not.toBe('ok')
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('a desktop that lets us in and then lies', () => {
  const wish = { user: 'nix-builder', ports: { ssh: 22, cache: 5000 } }
  const honestAuth = (request: AuthContext) => request.accept()
  const survey = async (onExec: NonNullable<Behaviour['onExec']>) => {
    const at = await server({ onAuth: honestAuth, onExec })
    const signed = await enter(at, { kind: 'password', password: 'x' })
    if (!signed.ok) throw new Error(signed.problem.cause)
    const before = process.memoryUsage().rss
    const facts = await surveyDesktop(signed.value, wish, new AbortController().signal)
    await signed.value.close()
    return { facts, grown: process.memoryUsage().rss - before }
  }
  const end = (channel: ServerChannel, code = 0) => {
    channel.exit(code)
    channel.end()
  }

  it.each([
    ['nothing', ''],
    ['no JSON', '@offload {"schema":1,'],
    ['JSON of another shape', '{"schema":1,"os":{"id":5}}\n'],
    ['JSON within JSON', `{"schema":1,${'{"schema":1,'.repeat(5000)}\n`],
  ])('by answering %s is named', async (_, words) => {
    const { facts } = await survey((_command, channel) => {
      channel.stderr.write('@offload-rights root\n')
      channel.write(words)
      end(channel)
    })
    expect(facts).toMatchObject({ ok: false, problem: { cause: 'desktop.survey-failed' } })
  })

  it('by pouring for ever is cut off, and memory stays', async () => {
    const { facts, grown } = await survey((_command, channel) => {
      channel.stderr.write('@offload-rights root\n')
      const chunk = Buffer.alloc(64 * 1024, '\u001b[31mA')
      const pour = () => {
        while (!channel.destroyed && channel.write(chunk));
        if (!channel.destroyed) channel.once('drain', pour)
      }
      pour()
    })
    expect(facts.ok).toBe(false)
    expect(grown).toBeLessThan(120 * 1024 * 1024)
    if (!facts.ok) expect(facts.problem.raw?.length ?? 0).toBeLessThan(1000)
    if (!facts.ok) expect(facts.problem.raw ?? '').not.toContain('\u001b')
  })

  it('gets the sudo password only after a question of sudo, and once', async () => {
    const got: string[] = []
    let execs = 0
    await survey((_command, channel) => {
      execs += 1
      if (execs > 1) return end(channel, 1)
      channel.on('data', (chunk: Buffer) => {
        got.push(chunk.toString())
        if (got.length > 1) return
        channel.stderr.write('Sorry.\n@offload-sudo-password@')
        setTimeout(() => end(channel, 1), 100)
      })
      channel.stderr.write('@offload-sudo-password@')
    })
    expect(got.filter((text) => text === 'x\n')).toHaveLength(1)
  })
})
