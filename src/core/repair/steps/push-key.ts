// The step that lets the builder key in: the line, the file, the diff.

import { problem } from '../../../shared/outcome.ts'
import type { FileChange, StepChoice, Unmended } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { withLine, withReplaced } from '../authorized-keys.ts'
import { type Finding, newHome, textOf } from '../diagnose.ts'
import { unifiedDiff } from '../diff.ts'
import { call } from '../sh.ts'
import type { Context, WantedLine } from './context.ts'
import { type Made, made } from './made.ts'
import { groupOf } from './user.ts'

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
    commands: [
      ['push_key', file.path, owner, mode, key.type, key.blob, key.line, how, ...(inHome ? [home] : [])],
    ],
    check: call('has_key', words),
    // A line that was replaced comes back with the old file.
    ...(restricted
      ? {}
      : { byHand: [`sed -i --follow-symlinks '\\|${key.blob}|d' ${shellWord(file.path)}`] }),
    takeBack: [['remove_line', file.path, key.type, key.blob, key.line]],
    changes: how === 'leave' && restricted ? [] : [changeOf(file, key, standing, owner, mode)],
  })
  return { code: pushed.code, step: { ...pushed.step, ...(choice === null ? {} : { choice }) } }
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
