// The ways to sign in as methods of ssh2's: an agent's keys, a key file, a password, the desktop's own questions.
import { readFile } from 'node:fs/promises'
import ssh2, { type AnyAuthMethod, type ParsedKey, type Prompt } from 'ssh2'
import type { SignIn } from '../../shared/guide.ts'
import { bad, good, type Outcome } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { Ask } from './engine.ts'

/** A server may ask for password, code and new password; one that never stops is ended. */
const maxRounds = 8
const maxPrompts = 8

/** What to offer next, of what the server still takes; false: nothing more. */
export type Next = (left: readonly string[] | null) => AnyAuthMethod | false

export async function wayOf(
  how: SignIn,
  user: string,
  ask: Ask,
  env: NodeJS.ProcessEnv,
): Promise<Outcome<Next>> {
  switch (how.kind) {
    case 'agent':
      return agentWay(user, ask, env)
    case 'key-file':
      return keyWay(user, ask, how.path, how.passphrase)
    case 'password':
      return good(passwordWay(user, ask, how.password))
    case 'keyboard-interactive':
      return good(inTurn([asking(user, ask, null)]))
    default:
      return how satisfies never
  }
}

async function agentWay(user: string, ask: Ask, env: NodeJS.ProcessEnv): Promise<Outcome<Next>> {
  const agent = env['SSH_AUTH_SOCK']
  if (agent === undefined || (await countAgentKeys(env)) === 0) return bad('laptop.agent-empty')
  return good(inTurn([{ type: 'agent', username: user, agent }, asking(user, ask, null)]))
}

async function keyWay(
  user: string,
  ask: Ask,
  path: string,
  passphrase: string | undefined,
): Promise<Outcome<Next>> {
  const bytes = await readFile(path).catch((error: unknown) => String(error))
  if (typeof bytes === 'string') return bad('laptop.file-unreadable', { file: path }, bytes)
  const key = parseKey(bytes, passphrase)
  bytes.fill(0)
  if (key === 'locked') return bad('laptop.passphrase-wrong', { key: path })
  if (key === null) return bad('laptop.key-invalid', { key: path })
  return good(inTurn([{ type: 'publickey', username: user, key }, asking(user, ask, null)]))
}

/** Password first; where the server only knows keyboard-interactive, its one hidden question gets the same answer. */
function passwordWay(user: string, ask: Ask, password: string): Next {
  let tried: 'none' | 'password' | 'questions' = 'none'
  return (left) => {
    if (tried === 'none') {
      tried = 'password'
      return { type: 'password', username: user, password }
    }
    const wasRefused = left?.includes('password') === true
    if (tried === 'questions' || wasRefused || left?.includes('keyboard-interactive') !== true) return false
    tried = 'questions'
    return asking(user, ask, password)
  }
}

/** Each once, and only if the server still takes it: after a partial success the next one goes on. */
function inTurn(methods: readonly AnyAuthMethod[]): Next {
  const waiting = [...methods]
  return (left) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (left === null || next === methods[0]) return next
      if (left.includes(next.type)) return next
    }
    return false
  }
}

/** keyboard-interactive (RFC 4256): questions go to the person, cleaned and bounded. */
function asking(user: string, ask: Ask, known: string | null): AnyAuthMethod {
  let rounds = 0
  let unused = known
  const answer = async (name: string, instructions: string, prompts: readonly Prompt[]) => {
    rounds += 1
    if (rounds > maxRounds || prompts.length > maxPrompts) return null
    if (prompts.length === 0) return []
    if (unused !== null && prompts.length === 1 && prompts[0]?.echo !== true) {
      const once = unused
      unused = null
      return [once]
    }
    return ask({
      title: cleanText(name, 200),
      instructions: cleanText(instructions, 1000),
      prompts: prompts.map(({ prompt, echo }) => ({ text: cleanText(prompt, 200), echo: echo === true })),
    })
  }
  return {
    type: 'keyboard-interactive',
    username: user,
    prompt: (name, instructions, _language, prompts, finish) => {
      void answer(name, instructions, prompts)
        .catch(() => null)
        .then((texts) => finish(texts === null ? [] : Array.from(texts)))
    },
  }
}

/** How many keys the agent would offer; 0 where there is none. */
export async function countAgentKeys(env: NodeJS.ProcessEnv): Promise<number> {
  const path = env['SSH_AUTH_SOCK']
  if (path === undefined || path === '') return 0
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(0), 1500)
    const done = (count: number) => {
      clearTimeout(patience)
      resolve(count)
    }
    try {
      ssh2.createAgent(path).getIdentities((error, keys) => done(error ? 0 : (keys?.length ?? 0)))
    } catch {
      done(0) // no socket there: no agent
    }
  })
}

function parseKey(bytes: Buffer, passphrase: string | undefined): ParsedKey | 'locked' | null {
  const parsed: unknown = ssh2.utils.parseKey(bytes, passphrase)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key instanceof Error)
    return /passphrase|encrypted|integrity|decrypt/i.test(key.message) ? 'locked' : null
  const found = key as ParsedKey
  return found.isPrivateKey() ? found : null
}
