// The steps about folders, owners and modes on the way to the keys.
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { type Finding, newHome } from '../diagnose.ts'
import { faultOf, looksOf } from '../places.ts'
import { call } from '../sh.ts'
import type { TrailEntry } from '../survey-facts.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'
import { groupOf } from './user.ts'

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
    byHand: [`rmdir ${shellWord(folder)}`],
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
    byHand: fixes.flatMap((one) => one.undo.map((words) => words.map(shellWord).join(' '))),
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
