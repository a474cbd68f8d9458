// Makes the steps of a plan: the commands that are shown and run, how each is checked and undone, the change it makes.
import type { CauseCode } from '../../shared/causes.ts'
import { shellWord } from '../../shared/command.ts'
import { type Params, problem } from '../../shared/outcome.ts'
import type { FileChange, RepairStep, StepChoice, StepId, Unmended } from '../../shared/repair.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { withLine, withReplaced } from './authorized-keys.ts'
import { type Finding, newHome, textOf } from './diagnose.ts'
import { unifiedDiff } from './diff.ts'
import type { RepairTarget } from './engine.ts'
import { faultOf, looksOf } from './places.ts'
import { call, type StepCode, stepsProgram } from './sh.ts'
import type { SurveyFacts, TrailEntry } from './survey-facts.ts'

/** What the person chose, by step; absent: the step's first option. */
export type Choices = Partial<Readonly<Record<StepId, string>>>

/** The key and where it goes: what undo needs to know. */
export interface PushedKey {
  readonly file: string
  readonly type: string
  readonly blob: string
  readonly line: string
}

export type WantedLine = Omit<PushedKey, 'file'>

export interface Made {
  readonly step: RepairStep
  readonly code: StepCode
}

export interface Context {
  readonly facts: SurveyFacts
  readonly target: RepairTarget
  readonly choices: Choices
  readonly user: string
  readonly params: { readonly host: string; readonly user: string }
  readonly key: WantedLine | null
}

interface Draft {
  readonly id: StepId
  readonly cause: CauseCode
  readonly params: Params
  /** Command lines as words; they are what is shown and what runs. */
  readonly commands: readonly (readonly string[])[]
  readonly check: string
  readonly undo?: readonly (readonly string[])[]
  readonly changes?: readonly FileChange[]
  readonly risk?: RepairStep['risk']
}

function made(draft: Draft): Made {
  const { id, cause, params, commands, check, undo = [], changes = [], risk = 'low' } = draft
  const code = {
    id,
    check,
    run: commands.map(([program = '', ...words]) => call(program, words)),
    undo: undo.map(([program = '', ...words]) => call(program, words)),
  }
  const step: RepairStep = {
    id,
    cause,
    params,
    where: 'desktop',
    commands: commands.map((words) => words.map(shellWord).join(' ')),
    changes,
    needsAdmin: true,
    needsRoot: true,
    risk,
  }
  return { step, code }
}

export function createUser({ user, params, facts }: Context): Made {
  const home = newHome(user)
  const groups = facts.nixUsersGroup ? ['-G', 'nix-users'] : []
  const flags = ['--system', '--user-group', '--create-home', '--home-dir', home, '--shell', '/bin/sh']
  return made({
    id: 'create-builder-user',
    cause: 'desktop.builder-user-missing',
    params,
    // "*" and not "!": no password fits, and sshd without PAM does not take the account for locked.
    commands: [
      ['useradd', ...flags, ...groups, user],
      ['usermod', '-p', '*', user],
      ['install', '-d', '-o', user, '-g', user, home],
    ],
    check: call('has_user', [user]),
    undo: [['userdel', user]],
  })
}

export function setShell({ user, params, facts }: Context): Made {
  return made({
    id: 'set-builder-shell',
    cause: 'desktop.builder-shell',
    params,
    commands: [['usermod', '-s', '/bin/sh', user]],
    check: call('has_shell', [user, '/bin/sh']),
    undo: [['usermod', '-s', facts.user.shell, user]],
  })
}

export function unlock({ user, params }: Context): Made {
  return made({
    id: 'unlock-builder',
    cause: 'desktop.builder-locked',
    params,
    commands: [['usermod', '-p', '*', '-e', '', user]],
    check: call('is_unlocked', [user]),
  })
}

/** The builder's own group; a new builder gets one of its name. */
function groupOf({ user: found }: SurveyFacts, name: string): string {
  return found.exists && /^[\w.-]+\$?$/.test(found.group) ? found.group : name
}

export function makeFolder(
  { folder, homeMissing }: Extract<Finding, { kind: 'folder-missing' }>,
  { user, params, facts }: Context,
): Made {
  const home = facts.user.exists ? facts.user.home : newHome(user)
  const inHome = folder.startsWith(`${home}/`)
  const [owner, mode] = inHome ? [user, '700'] : ['root', '755']
  const group = inHome ? groupOf(facts, user) : 'root'
  const install = (path: string, bits: string) => [
    'install',
    '-d',
    '-m',
    bits,
    '-o',
    owner,
    '-g',
    group,
    path,
  ]
  return made({
    id: 'create-ssh-folder',
    cause: 'desktop.authorized-keys-missing',
    params,
    commands: [
      ...(homeMissing ? [install(home, '750')] : []),
      install(folder, mode),
      // A home that outlived its user still belongs to the old number.
      ...(facts.user.exists ? [] : [['own_if_there', `${user}:${group}`, `${folder}/authorized_keys`]]),
    ],
    check: call('is_like', [folder, 'directory', owner, mode]),
  })
}

export function mendModes(
  id: 'mend-home' | 'mend-permissions',
  entries: readonly TrailEntry[],
  context: Context,
): Made {
  const { facts, user, params } = context
  const home = facts.user.home
  const fixes = entries.map((entry) => {
    const own = entry.path === home || entry.path.startsWith(`${home}/`)
    const owner = own ? `${user}:${groupOf(facts, user)}` : 'root:root'
    const wrongOwner = own ? entry.uid !== facts.user.uid : faultOf(entry, facts) === 'owner'
    const bits = Number.parseInt(entry.mode, 8)
    const mode = modeFor(entry, id, own)
    const becomes = `${wrongOwner ? owner : `${entry.owner}:${entry.group}`} ${mode.toString(8).padStart(4, '0')}`
    return {
      commands: [
        ...(wrongOwner ? [['chown', '-h', owner, entry.path]] : []),
        ...(mode === bits ? [] : [['chmod', mode.toString(8), entry.path]]),
      ],
      undo: [
        ['chmod', entry.mode, entry.path],
        ...(wrongOwner ? [['chown', '-h', `${entry.uid}:${entry.gid}`, entry.path]] : []),
      ],
      check: call('is_like', [
        entry.path,
        '',
        wrongOwner ? (owner.split(':')[0] ?? '') : '',
        mode.toString(8),
      ]),
      change: { path: cleanText(entry.path, 300), diff: '', owner: { from: looksOf(entry), to: becomes } },
    }
  })
  return made({
    id,
    cause: 'desktop.authorized-keys-permissions',
    params,
    commands: fixes.flatMap((one) => one.commands),
    check: fixes.map((one) => one.check).join(' && '),
    undo: fixes.flatMap((one) => one.undo),
    changes: fixes.map((one) => one.change),
  })
}

/** As little as sshd asks for in a home and outside of it; .ssh and the keys become the owner's alone. */
function modeFor(entry: TrailEntry, id: 'mend-home' | 'mend-permissions', own: boolean): number {
  const bits = Number.parseInt(entry.mode, 8)
  if (id === 'mend-home') return (bits & ~0o022) | 0o100
  if (!own) return (bits & ~0o022) | (entry.kind === 'folder' ? 0o555 : 0o444)
  return entry.kind === 'folder' ? 0o700 : 0o600
}

export function pushKey(
  { file, why, standing }: Extract<Finding, { kind: 'key' }>,
  { facts, user, params, key, choices }: Context,
): Made | Unmended {
  if (key === null) return problem('desktop.authorized-keys-missing', params)
  const restricted = standing.state === 'restricted'
  const choice: StepChoice | null = restricted
    ? { options: ['replace', 'leave'], chosen: choices['push-key'] === 'leave' ? 'leave' : 'replace' }
    : null
  const how = choice?.chosen ?? 'leave'
  const home = facts.user.exists ? facts.user.home : newHome(user)
  const inHome = file.path.startsWith(`${home}/`)
  const owner = inHome ? `${user}:${groupOf(facts, user)}` : 'root:root'
  const mode = inHome ? '600' : '644'
  const words = [file.path, key.type, key.blob, key.line, how]
  const pushed = made({
    id: 'push-key',
    cause:
      why === 'restricted'
        ? 'desktop.key-restricted'
        : why === 'ignored'
          ? 'desktop.authorized-keys-ignored'
          : 'desktop.authorized-keys-missing',
    params: restricted ? { ...params, what: cleanText(standing.options, 120) } : params,
    commands: [['push_key', file.path, owner, mode, key.type, key.blob, key.line, how]],
    check: call('has_key', words),
    changes: how === 'leave' && restricted ? [] : [changeOf(file, key, standing, owner, mode)],
  })
  const script = stepsProgram('token', [pushed.code])
  return { code: pushed.code, step: { ...pushed.step, script, ...(choice === null ? {} : { choice }) } }
}

function changeOf(
  file: Extract<Finding, { kind: 'key' }>['file'],
  key: WantedLine,
  standing: Extract<Finding, { kind: 'key' }>['standing'],
  owner: string,
  mode: string,
): FileChange {
  const path = cleanText(file.real, 300)
  const before = file.kind === 'missing' ? null : textOf(file)
  if (before === null && file.kind !== 'missing') return { path, diff: '' }
  const after =
    standing.state === 'restricted'
      ? withReplaced(before ?? '', standing.line, key.line)
      : withLine(before ?? '', key.line)
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')
  const diff = unifiedDiff(path, before === null ? null : utf8(before), utf8(after))
  return before === null ? { path, diff, owner: { from: '', to: `${owner} 0${mode}` } } : { path, diff }
}
