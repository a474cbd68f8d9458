// What a survey found on a desktop, told on one screen: sections of rows, and the same as text for the clipboard.
import { fill } from './locale.ts'
import type { Messages } from './messages/index.ts'

const reportSections = ['user', 'ssh', 'nix', 'cache', 'firewall', 'disk', 'nfs', 'nixos'] as const
export type ReportSectionId = (typeof reportSections)[number]

/** What a row is about. */
export type ReportRowId =
  | 'account'
  | 'groups'
  | 'home'
  | 'shell'
  | 'locked'
  | 'service'
  | 'journal'
  | 'port'
  | 'public-keys'
  | 'keys-file'
  | 'version'
  | 'found'
  | 'shell-noise'
  | 'daemon'
  | 'let-in'
  | 'socket-group'
  | 'trusted-users'
  | 'allowed-users'
  | 'programs'
  | 'held-by'
  | 'info'
  | 'narinfo'
  | 'secret-key'
  | 'key-readable'
  | 'public-key'
  | 'published'
  | 'ruled-by'
  | 'free'
  | 'collectable'
  | 'export'
  | 'flake'
  | 'configuration'
  | 'module'
  | 'git'
  | 'rebuild'
  | 'running'

/** Values that are words of ours, not the desktop's. */
export type ReportWord =
  | 'yes'
  | 'no'
  | 'missing'
  | 'unknown'
  | 'unreadable'
  | 'none'
  | 'open'
  | 'closed'
  | 'listening'
  | 'silent'
  | 'everybody'
  | 'matches'
  | 'differs'
  | 'nfs-subnet'
  | 'nfs-everybody'
  | 'nfs-writable'

/** good: as it should be; bad: in the way; unknown: this session may not know; none: neither good nor bad. */
export type ReportMark = 'good' | 'bad' | 'unknown' | 'none'

export interface ReportRow {
  readonly id: ReportRowId
  /** What it is about, where there are several of its kind: a port, a unit, a path. */
  readonly of?: string
  readonly word?: ReportWord
  /** The desktop's own words, cleaned; several lines only in a journal. */
  readonly text?: string
  readonly mark: ReportMark
}

export interface SurveyReport {
  readonly host: string
  /** "debian 12", "nixos 25.05" */
  readonly os: string
  /** Read without root's rights. */
  readonly partial: boolean
  /** Sections without rows are left out. */
  readonly sections: readonly { readonly id: ReportSectionId; readonly rows: readonly ReportRow[] }[]
}

/** A section in somebody's language. */
export interface ReportTable {
  readonly id: ReportSectionId
  readonly title: string
  readonly rows: readonly { readonly label: string; readonly value: string; readonly mark: ReportMark }[]
}

/** The report with all words filled in, as a window shows it. */
export function reportTables(
  report: SurveyReport,
  { surveyReport: words }: Messages,
): readonly ReportTable[] {
  return report.sections.map(({ id, rows }) => ({
    id,
    title: words.sections[id],
    rows: rows.map(({ id: row, of, word, text, mark }) => ({
      label: of === undefined ? words.rows[row] : `${words.rows[row]} ${of}`,
      value: [word === undefined ? '' : words.values[word], text ?? '']
        .filter((part) => part !== '')
        .join(' · '),
      mark,
    })),
  }))
}

const marks: Readonly<Record<ReportMark, string>> = { good: '+', bad: '!', unknown: '?', none: ' ' }

/** The report as plain text of a screen or so: a mark, a name and a value on each line. */
export function reportText(report: SurveyReport, messages: Messages): string {
  const { surveyReport: words } = messages
  const tables = reportTables(report, messages)
  const pad = ' '.repeat(4)
  const lines = tables.flatMap(({ title, rows }) => {
    const width = Math.max(...rows.map(({ label }) => label.length)) + 1
    return [
      '',
      title,
      ...rows.map(({ label, value, mark }) =>
        value.includes('\n')
          ? `${marks[mark]} ${label}:\n${value.replace(/^/gm, pad)}`
          : `${marks[mark]} ${`${label}:`.padEnd(width)} ${value}`,
      ),
    ]
  })
  const head = [fill(words.title, { host: report.host, os: report.os }), words.legend]
  return `${[...head, ...(report.partial ? [words.partial] : []), ...lines].join('\n')}\n`
}
