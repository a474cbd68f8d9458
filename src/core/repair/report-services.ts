// The report's rows about what serves builds: Nix, the cache, and their units. Pure.
import type { ReportRow, ReportRowId } from '../../shared/survey-report.ts'
import { cleanText } from '../desktop/clean-text.ts'
import { groupsOf, isListed, isUp } from './diagnose-machine.ts'
import type { MachineFacts, UnitFacts } from './machine-facts.ts'
import { line, row, should } from './report-rows.ts'
import type { SurveyFacts } from './survey-facts.ts'

export function aboutNix(facts: SurveyFacts, user: string): readonly ReportRow[] {
  const { machine } = facts
  const { nix } = machine
  if (nix.bin === '') return [row('version', 'bad', { word: 'missing' }), ...unitRows(machine, 'nix-daemon')]
  const groups = groupsOf(facts, user)
  const users = (id: ReportRowId, list: string | null, inside: (list: string) => boolean) =>
    list === null
      ? row(id, 'unknown', { word: 'unknown' })
      : row(id, inside(list) ? 'good' : 'bad', list === '*' ? { word: 'everybody' } : { text: list })
  const noise = nix.shellNoise
  return [
    row('version', 'none', { text: `${nix.version} (${nix.bin})` }),
    should('found', nix.builderFinds, true),
    ...(noise === null || noise === '' ? [] : [row('shell-noise', 'bad', { text: noise })]),
    ...unitRows(machine, 'nix-daemon-socket'),
    ...unitRows(machine, 'nix-daemon'),
    should('daemon', nix.daemonAnswers, true),
    ...(facts.user.exists ? [should('let-in', nix.builderAllowed, true)] : []),
    ...(nix.socketGroup === ''
      ? []
      : [row('socket-group', nix.socketOpen === false ? 'bad' : 'none', { text: nix.socketGroup })]),
    users('trusted-users', nix.trustedUsers, (list) => isListed(list, user, groups)),
    users('allowed-users', nix.allowedUsers, (list) =>
      [list, nix.trustedUsers ?? ''].some((one) => isListed(one, user, groups)),
    ),
  ]
}

export function aboutCache(machine: MachineFacts): readonly ReportRow[] {
  const { cache } = machine
  const units = unitRows(machine, 'cache')
  const port = String(cache.port)
  const listens = machine.listening?.some((one) => one.port === cache.port) ?? null
  const programs = row('programs', 'none', { text: cache.programs.join(' ') })
  return [
    ...(units.length > 0 || machine.units === null ? units : [row('service', 'bad', { word: 'missing' })]),
    ...(cache.programs.length > 0 ? [programs] : []),
    listens === null
      ? row('port', 'unknown', { of: port, word: 'unknown' })
      : row('port', listens ? 'good' : 'bad', { of: port, word: listens ? 'listening' : 'silent' }),
    ...(cache.heldBy === '' ? [] : [row('held-by', 'bad', { text: cache.heldBy })]),
    ...(listens === false
      ? []
      : [
          httpRow('info', cache.info, cache.storeDir === '/nix/store', cache.storeDir),
          httpRow('narinfo', cache.narinfo, true, ''),
        ]),
    ...keyRows(cache),
  ]
}

function httpRow(id: 'info' | 'narinfo', status: number | null, fits: boolean, text: string): ReportRow {
  if (status === null) return row(id, 'unknown', { word: 'unknown' })
  if (status === 0) return row(id, 'bad', { word: 'silent' })
  return row(id, status === 200 && fits ? 'good' : 'bad', { text: `HTTP ${status} ${text}` })
}

function keyRows({ key, byCredential }: MachineFacts['cache']): readonly ReportRow[] {
  const of = key.path
  if (key.kind === 'missing') return [row('secret-key', 'bad', { of, word: 'missing' })]
  if (key.kind === 'denied') return [row('secret-key', 'unknown', { of, word: 'unreadable' })]
  const exposed = (Number.parseInt(key.mode, 8) & 0o007) !== 0
  const looks = `${key.owner}:${key.group} ${key.mode}`
  const published = {
    of: key.publicFile,
    word: key.published === key.publicKey ? 'matches' : 'differs',
  } as const
  return [
    row('secret-key', exposed ? 'bad' : 'good', { of, text: looks }),
    ...(byCredential ? [] : [should('key-readable', key.readable, true)]),
    key.publicKey === null
      ? row('public-key', 'unknown', { word: 'unknown' })
      : row('public-key', key.publicKey === '' ? 'bad' : 'good', {
          ...(key.publicKey === '' ? { word: 'none' } : { text: key.publicKey }),
        }),
    ...(key.publicFile === '' || !key.publicKey
      ? []
      : [row('published', published.word === 'matches' ? 'good' : 'bad', published)]),
  ]
}

/** The units of a kind, with the journal of what is not up. Of several, one that is up is enough. */
export function unitRows(machine: MachineFacts, is: UnitFacts['is']): readonly ReportRow[] {
  const units = (machine.units ?? []).filter((unit) => unit.is === is)
  const up = units.some(isUp)
  return units
    .filter((unit) => isUp(unit) || !up)
    .flatMap((unit) => {
      const state = [unit.active, unit.enabled, unit.load === 'loaded' ? '' : unit.load]
      const needed =
        is !== 'nix-daemon' ||
        !(machine.units ?? []).some((one) => one.is === 'nix-daemon-socket' && isUp(one))
      const mark = isUp(unit) ? 'good' : needed ? 'bad' : 'none'
      const journal = cleanText(unit.journal, 2000)
      return [
        row('service', mark, { of: unit.name, text: state.filter((part) => part !== '').join(', ') }),
        ...((mark === 'bad' || is === 'cache') && journal !== ''
          ? [{ id: 'journal', of: line(unit.name), text: journal, mark: 'none' } as const]
          : []),
      ]
    })
}
