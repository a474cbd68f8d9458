// Where this laptop's key stands on the desktop, for a person who is about to take it out: what goes, and what stays.
import type { KeyLine, KeyLines } from '../../shared/repair.ts'
import { findKey } from './authorized-keys.ts'
import { textOf } from './diagnose.ts'
import { shown } from './diff.ts'
import type { PushedKey } from './steps/context.ts'
import type { KeysFile, SurveyFacts } from './survey-facts.ts'

/** Of all keys files that the survey read; `remove_line` of keys.sh takes exactly the lines that go. Pure. */
export function keyLinesOf({ files, others }: SurveyFacts, key: PushedKey): KeyLines {
  const read = [...files, ...others].map((file) => ({ file, lines: linesIn(file, key) }))
  const goes = read.flatMap(({ file, lines }) =>
    file.path === key.file ? lines.filter(({ ours }) => ours) : [],
  )
  const stays = read.flatMap(({ lines }) => lines.filter((one) => !goes.includes(one)))
  const mine = read.find(({ file }) => file.path === key.file)
  const live = (textOf(mine?.file ?? emptyFile) ?? '').split('\n').filter((line) => /^\s*[^#\s]/.test(line))
  const about = (mine?.lines ?? []).filter(({ commented }) => !commented)
  return {
    file: shown(key.file),
    goes: goes.map(({ told }) => told),
    stays: stays.map(({ told }) => told),
    others: live.length - about.length,
    unread: read.flatMap(({ file }) =>
      file.kind !== 'missing' && file.hex === null ? [shown(file.path)] : [],
    ),
  }
}

const emptyFile = { hex: null } as const

interface Line {
  readonly ours: boolean
  readonly commented: boolean
  readonly told: KeyLine
}

function linesIn(file: KeysFile, { type, blob, line: ours }: PushedKey): readonly Line[] {
  const text = textOf(file) ?? ''
  const lines = text.split('\n')
  return findKey(text, type, blob).map(({ line, commented }) => {
    const raw = (lines[line - 1] ?? '').replace(/\r$/, '')
    const whole = Buffer.from(raw, 'latin1').toString('utf8')
    const told = { file: shown(file.path), line, text: shown(whole.replaceAll(blob, shortened(blob))) }
    return { ours: raw === ours, commented, told }
  })
}

/** Enough of a key to tell it from another by eye: every key of a type begins alike, so its end stays too. */
function shortened(blob: string): string {
  return blob.length <= 24 ? blob : `${blob.slice(0, 12)}…${blob.slice(-8)}`
}
