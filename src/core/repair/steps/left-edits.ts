// The step about edits of a NixOS configuration that a repair left which was cut off, by a power cut say, before its
// system was confirmed (docs/adr/023): the person goes on from there, or takes them back.
import { createHash } from 'node:crypto'
import type { FileChange, StepChoice } from '../../../shared/repair.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { shown } from '../diff.ts'
import type { NixosFacts, TextFile } from '../machine-facts.ts'
import { unifiedDiff } from '../nixos/diff.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

interface LeftFile {
  readonly path: string
  readonly now: string
  /** null: that run made the file. */
  readonly before: string | null
}

export interface LeftEdits {
  readonly note: string
  readonly files: readonly LeftFile[]
}

const sumOf = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** null where there are none, or somebody has worked on a file since: then it is theirs. Pure. */
export function leftEdits({ left }: NixosFacts): LeftEdits | null {
  if (left === null || !/^\/var\/lib\/offload-tray\/\w{6}\.journal$/.test(left.note.path)) return null
  const texts = new Map(left.files.map((file) => [file.path, textOf(file)]))
  const first = new Map(texts)
  const made = new Set<string>()
  const touched = new Set<string>()
  // The last edit stands first; each is looked at on what the ones above it leave.
  for (const line of (textOf(left.note) ?? '').split('\n')) {
    const [kind, path = '', copy = '', sum] = line.split('\t')
    if (kind !== 'edit' && kind !== 'file') continue
    const now = texts.get(path) ?? null
    const before = texts.get(copy) ?? null
    if (now === null || sumOf(now) !== sum || (kind === 'edit' && before === null)) return null
    touched.add(path)
    if (kind === 'file') made.add(path)
    else texts.set(path, before)
  }
  const files = [...touched].map((path) => ({
    path,
    now: first.get(path) ?? '',
    before: made.has(path) ? null : (texts.get(path) ?? ''),
  }))
  return files.length === 0 ? null : { note: left.note.path, files }
}

/** As it is unless it is taken back, in one step. */
export function settleEdits({ note, files }: LeftEdits, { params, choices }: Context): Made {
  const back = choices['settle-edits'] === 'take-back'
  const choice: StepChoice = { options: ['go-on', 'take-back'], chosen: back ? 'take-back' : 'go-on' }
  const again = files.map(({ path, now, before }) =>
    before === null ? ['place_module', path, now] : ['edit_nix', path, sumOf(before), now],
  )
  return made({
    id: 'settle-edits',
    cause: 'desktop.not-switched',
    params: { host: params.host },
    commands: [[back ? 'put_back_edits' : 'adopt_edits', note]],
    check: `note_gone '${note}'`,
    ...(back ? { takeBack: again } : {}),
    changes: back ? files.map(changeOf) : [],
    risk: back ? 'low' : 'none',
    choice,
    scripts: ['nixos'],
  })
}

function changeOf({ path, now, before }: LeftFile): FileChange {
  const diff = unifiedDiff(now, before ?? '', path)
  return { path: cleanText(path, 300), diff: diff.split('\n').map(shown).join('\n') }
}

/** Its text where it may be read and is UTF-8: anything else could not be written back to the byte. */
function textOf(file: TextFile): string | null {
  if (file.kind !== 'file' || file.hex === null) return null
  const bytes = Buffer.from(file.hex, 'hex')
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null
}
