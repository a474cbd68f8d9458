// The steps about the cache's signing key: made where it is lost, readable by the cache alone, replaced by choice.
import type { CauseCode } from '../../../shared/causes.ts'
import { problem } from '../../../shared/outcome.ts'
import type { StepChoice, StepId, Unmended } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { type MachineFinding, unitOf } from '../diagnose-machine.ts'
import type { MachineFacts } from '../machine-facts.ts'
import { call } from '../sh.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'
import { restartOf } from './services.ts'

const firstName = 'cache.local-1'

/**
 * The name of a new key. Of several trusted keys with one name Nix takes the first and ignores the others
 * (local-keys.cc, getDefaultPublicKeys), so a name that was in use for a lost key is never used again.
 */
function newKeyName({ cache }: MachineFacts, trustedKeys: readonly string[]): string {
  const taken = new Set(trustedKeys.map(nameOf))
  const old = nameOf(cache.key.published)
  const start = /^[\w.-]{1,100}$/.test(old) ? old : firstName
  if (start === old) taken.add(old)
  let name = start
  while (taken.has(name)) name = raised(name)
  return name
}

function nameOf(publicKey: string): string {
  return publicKey.trim().split(':')[0] ?? ''
}

function raised(name: string): string {
  const end = /^(.*-)(\d{1,9})$/.exec(name)
  return end === null ? `${name}-2` : `${end[1]}${Number(end[2]) + 1}`
}

/** Where the public half is put: where it was published, else beside the secret one. */
function publicFileOf({ path, publicFile }: MachineFacts['cache']['key']): string {
  if (publicFile !== '') return publicFile
  const beside = path.replace(/priv(ate)?(?=[^/]*$)|secret(?=[^/]*$)/, 'pub')
  return beside === path ? `${path}.pub` : beside
}

/** Who has to read the key: root alone hands it on as a credential. */
function keyOwner({ cache }: MachineFacts): string {
  return cache.byCredential || !/^[A-Za-z_][\w.-]*$/.test(cache.user) ? 'root' : cache.user
}

export function mendKey(
  { why }: Extract<MachineFinding, { kind: 'cache-key' }>,
  at: Context,
): Made | Unmended {
  if (why === 'closed') return letRead(at)
  if (/[\p{C}\u2028\u2029]/u.test(at.facts.machine.cache.key.path))
    return problem(
      why === 'missing' ? 'desktop.cache-key-missing' : 'desktop.cache-key-invalid',
      keyParams(at),
    )
  return why === 'missing' ? makeKey(at) : renewKey(at)
}

function keyParams({ params, facts }: Context) {
  return { host: params.host, file: cleanText(facts.machine.cache.key.path, 300) }
}

function makeKey(at: Context): Made {
  const { machine } = at.facts
  const name = newKeyName(machine, at.target.trustedKeys)
  return newKey(at, {
    id: 'make-cache-key',
    cause: 'desktop.cache-key-missing',
    params: { ...keyParams(at), name },
    name,
    before: [],
    byHand: dropByHand(machine),
  })
}

function dropByHand({ cache: { key } }: MachineFacts): readonly string[] {
  const file = publicFileOf(key)
  const published = key.published !== '' && key.publicFile !== ''
  const [secret, open] = [shellWord(key.path), shellWord(file)]
  return published ? [`rm ${secret}`, `mv {backup} ${open}`] : [`rm ${secret} ${open}`]
}

/** What the laptop trusts no longer fits then, so that nobody's key is replaced unasked. */
function renewKey(at: Context): Made {
  const { machine } = at.facts
  const name = newKeyName(machine, at.target.trustedKeys)
  const { path } = machine.cache.key
  const chosen = at.choices['renew-cache-key'] === 'renew' ? 'renew' : 'leave'
  const choice: StepChoice = { options: ['leave', 'renew'], chosen }
  const params = { ...keyParams(at), name }
  if (chosen === 'leave')
    return made({
      id: 'renew-cache-key',
      cause: 'desktop.cache-key-invalid',
      params,
      commands: [],
      check: 'true',
      choice,
    })
  return newKey(at, {
    id: 'renew-cache-key',
    cause: 'desktop.cache-key-invalid',
    params,
    name,
    before: [['move_aside', path]],
    byHand: [`cp -p -- {backup} ${shellWord(path)}`],
    choice,
  })
}

interface NewKey {
  readonly id: StepId
  readonly cause: CauseCode
  readonly params: Readonly<Record<string, string>>
  readonly name: string
  readonly before: readonly (readonly string[])[]
  readonly byHand: readonly string[]
  readonly choice?: StepChoice
}

function newKey({ facts: { machine } }: Context, wish: NewKey): Made {
  const { path } = machine.cache.key
  const file = publicFileOf(machine.cache.key)
  const owner = keyOwner(machine)
  const { bin } = machine.nix
  const back = wish.before.length === 0 ? [] : [['move_back', path]]
  const drop = ['drop_cache_key', bin, path, file, wish.name]
  const restart = restartOf(unitOf(machine, 'cache'), machine.cache.port)
  return made({
    id: wish.id,
    cause: wish.cause,
    params: wish.params,
    commands: [...wish.before, ['make_cache_key', bin, wish.name, path, file, owner], ...restart],
    check: call('is_cache_key', [bin, path, wish.name, owner]),
    undo: [drop, ...back, ...restart.slice(0, 1)],
    byHand: [...wish.byHand, ...restart.slice(0, 1).map((words) => words.join(' '))],
    changes: [
      { path: cleanText(path, 300), diff: '', owner: { from: '', to: `${owner} 0400` } },
      { path: cleanText(file, 300), diff: '', owner: { from: '', to: 'root 0644' } },
    ],
    scripts: ['cache-key', 'services'],
    ...(wish.choice === undefined ? {} : { choice: wish.choice }),
  })
}

function letRead(at: Context): Made | Unmended {
  const { machine } = at.facts
  const { path, owner, group, mode } = machine.cache.key
  const { user } = machine.cache
  const params = keyParams(at)
  const cause = 'desktop.cache-key-permissions'
  if (!/^[A-Za-z_][\w.-]*$/.test(user)) return problem(cause, params)
  const restart = restartOf(unitOf(machine, 'cache'), machine.cache.port)
  const old = [
    ['chown', '-h', `${owner}:${group}`, path],
    ['chmod', mode, path],
  ]
  const from = `${owner}:${group} ${mode.padStart(4, '0')}`
  return made({
    id: 'mend-cache-key',
    cause,
    params,
    commands: [['chown', '-h', `${user}:`, path], ['chmod', '400', path], ...restart],
    check: `${call('is_like', [path, 'regular', user, '400'])} && ${call('can_read', [user, path])}`,
    undo: old,
    byHand: old.map((words) => words.map(shellWord).join(' ')),
    changes: [{ path: params.file, diff: '', owner: { from: cleanText(from, 200), to: `${user} 0400` } }],
    scripts: ['cache-key', 'services'],
  })
}
