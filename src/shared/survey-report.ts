// What a survey found, told on one screen: sections of rows, in no language yet. Words are in messages/*/survey-report.ts.

export const reportSections = [
  'system',
  'ssh',
  'builder',
  'nix',
  'services',
  'cache',
  'firewall',
  'disk',
  'nixos',
] as const
export type ReportSectionId = (typeof reportSections)[number]

/** What a row is about. */
export const reportRows = [
  'os',
  'rights',
  'nixos-version',
  'ssh-service',
  'ssh-port',
  'public-keys',
  'keys-file',
  'account',
  'shell',
  'home',
  'locked',
  'keys-found',
  'nix-version',
  'nix-found',
  'shell-noise',
  'nix-daemon',
  'daemon-socket',
  'trusted-users',
  'allowed-users',
  'nix-conf',
  'unit',
  'cache-program',
  'cache-service',
  'cache-port',
  'cache-info',
  'cache-narinfo',
  'cache-key',
  'cache-key-mode',
  'cache-public-key',
  'firewall',
  'port',
  'disk-free',
  'flake',
  'configuration',
  'module',
  'git',
  'rebuild',
  'running-system',
] as const
export type ReportRowId = (typeof reportRows)[number]

/** Answers that are words of ours, not the desktop's. */
export const reportWords = [
  'yes',
  'no',
  'missing',
  'not-known',
  'not-readable',
  'open',
  'closed',
  'answers',
  'silent',
  'none',
  'everybody',
] as const
export type ReportWord = (typeof reportWords)[number]

/** well: as it should be. wrong: in the way. unknown: this session may not know. plain: neither good nor bad. */
export type ReportState = 'well' | 'wrong' | 'unknown' | 'plain'

export interface ReportRow {
  readonly id: ReportRowId
  /** What the row is about, where there are several of its kind: a port, a unit, a path. */
  readonly of?: string
  readonly word?: ReportWord
  /** The desktop's own words, cleaned. */
  readonly text?: string
  readonly state: ReportState
}

export interface SurveyReport {
  readonly host: string
  /** Read without root's rights. */
  readonly partial: boolean
  readonly sections: readonly { readonly id: ReportSectionId; readonly rows: readonly ReportRow[] }[]
}
