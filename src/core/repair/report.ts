// Facts -> report: what the survey found, each fact with its name and whether it is in the way. Pure.
import type { ReportRow, SurveyReport } from '../../shared/survey-report.ts'
import type { MachineFacts } from './machine-facts.ts'
import { faultOf } from './places.ts'
import { line, row, should } from './report-rows.ts'
import { aboutCache, aboutNix, unitRows } from './report-services.ts'
import type { KeysFile, SurveyFacts } from './survey-facts.ts'

export interface ReportAt {
  /** The desktop's name, as the laptop's settings write it. */
  readonly host: string
  /** The builder's user. */
  readonly user: string
}

/** One screen of what was found. Unknown stays unknown: it is never told as missing or well. */
export function surveyReport(facts: SurveyFacts, { host, user }: ReportAt): SurveyReport {
  const { machine, os, rights } = facts
  const system = [os.id, os.version].filter((part) => part !== '').join(' ')
  const sections = [
    { id: 'user', rows: aboutUser(facts, user) },
    { id: 'ssh', rows: aboutSsh(facts) },
    { id: 'nix', rows: aboutNix(facts, user) },
    { id: 'cache', rows: aboutCache(machine) },
    { id: 'firewall', rows: aboutFirewall(machine) },
    { id: 'disk', rows: aboutDisk(machine) },
    { id: 'nfs', rows: aboutNfs(machine) },
    { id: 'nixos', rows: aboutNixos(machine) },
  ] as const
  return {
    host,
    os: line(system),
    partial: rights.kind === 'none' || rights.kind === 'needs-password',
    sections: sections.filter(({ rows }) => rows.length > 0),
  }
}

function aboutUser({ user: found }: SurveyFacts, name: string): readonly ReportRow[] {
  if (!found.exists) return [row('account', 'bad', { word: 'missing', text: name })]
  const account = `${name} (uid ${found.uid}, gid ${found.gid} ${found.group})`
  return [
    row('account', found.expired === true ? 'bad' : 'good', { text: account }),
    row('groups', 'none', { text: found.groups }),
    row('home', 'none', { text: found.home }),
    row('shell', found.shellRuns ? 'good' : 'bad', { text: found.shell === '' ? '/bin/sh' : found.shell }),
    ...(found.locked === true ? [row('locked', 'none', { word: 'yes' })] : []),
  ]
}

function aboutSsh(facts: SurveyFacts): readonly ReportRow[] {
  const { machine, sshd } = facts
  return [
    ...unitRows(machine, 'sshd'),
    should('public-keys', sshd.pubkey, true),
    ...facts.files.map((file) => keysRow(file, facts)),
  ]
}

function keysRow(file: KeysFile, facts: SurveyFacts): ReportRow {
  const of = file.path
  if (file.kind === 'missing') return row('keys-file', 'none', { of, word: 'missing' })
  if (file.hex === null) return row('keys-file', 'unknown', { of, word: 'unreadable' })
  const keys = keyNames(file.hex)
  const entry = file.trail.at(-1)
  const looks = entry === undefined ? '' : `${entry.owner}:${entry.group} ${entry.mode}`
  const refused = facts.sshd.strictModes && file.trail.some((one) => faultOf(one, facts) !== null)
  const some = keys.length > 3 ? [...keys.slice(0, 3), `+${keys.length - 3}`] : keys
  return keys.length === 0
    ? row('keys-file', 'bad', { of, word: 'none', text: looks })
    : row('keys-file', refused ? 'bad' : 'good', { of, text: [looks, ...some].join(', ') })
}

/** "ssh-ed25519 root@laptop" of each line that holds a key. */
function keyNames(hex: string): readonly string[] {
  const lines = Buffer.from(hex, 'hex').toString('utf8').split('\n')
  return lines.flatMap((one) => {
    const found = /^\s*[^#]*?\b((?:ssh-|ecdsa-|sk-)[\w@.-]+)\s+[\w+/=]{16,}\s*(.*)$/.exec(one)
    return found === null ? [] : [`${found[1]} ${found[2]}`.trim()]
  })
}

function aboutFirewall({ firewall }: MachineFacts): readonly ReportRow[] {
  const { by, zone, inWay } = firewall
  const first = firewall.open.findIndex(({ open }) => open === false)
  const ruler = zone === '' ? by : `${by} (${zone})`
  return [
    by === 'unknown' || by === 'none'
      ? row('ruled-by', by, { word: by })
      : row('ruled-by', 'none', { text: ruler }),
    ...firewall.open.map(({ port, open }, at) =>
      open === null
        ? row('port', 'unknown', { of: String(port), word: 'unknown' })
        : row('port', open ? 'good' : 'bad', {
            of: String(port),
            word: open ? 'open' : 'closed',
            ...(at === first && inWay !== '' ? { text: inWay } : {}),
          }),
    ),
  ]
}

function aboutDisk({ disk: { free, total, dead } }: MachineFacts): readonly ReportRow[] {
  const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`
  if (free === null || total === null) return [row('free', 'unknown', { word: 'unknown' })]
  const low = free < 1024 ** 3 || free < total * 0.03
  return [
    row('free', low ? 'bad' : 'good', { text: `${gib(free)} / ${gib(total)}` }),
    ...(dead === null ? [] : [row('collectable', 'none', { text: gib(dead) })]),
  ]
}

/** What is exported only: it is off by default, and nothing needs it. Bad is what endangers, though it is in no way. */
function aboutNfs({ nfs }: MachineFacts): readonly ReportRow[] {
  if (nfs === undefined || nfs === null || nfs.exports.length === 0) return []
  const rows = nfs.exports.map(({ path, to, writable }) => {
    const word = writable ? 'nfs-writable' : isEverybody(to) ? 'nfs-everybody' : 'nfs-subnet'
    const text = `${to} (${writable ? 'rw' : 'ro'})`
    return row('export', word === 'nfs-subnet' ? 'good' : 'bad', { of: path, word, text })
  })
  const { serving } = nfs
  const word = serving === null ? 'unknown' : serving ? 'listening' : 'silent'
  return [...rows, row('port', 'none', { of: '2049', word })]
}

/** A client of exports(5) that is every machine. */
function isEverybody(to: string): boolean {
  return to === '' || to === '*' || to === '<world>' || /\/(?:0+|0\.0\.0\.0)$/.test(to)
}

function aboutNixos({ nixos }: MachineFacts): readonly ReportRow[] {
  if (nixos === null) return []
  const { flake, configurations, modules, git, rebuild, system } = nixos
  return [
    flake.kind === 'file'
      ? row('flake', 'none', { text: flake.real })
      : row('flake', flake.kind === 'denied' ? 'unknown' : 'none', {
          word: flake.kind === 'denied' ? 'unreadable' : 'none',
        }),
    ...configurations.slice(0, 6).map(({ path }) => row('configuration', 'none', { text: path })),
    ...(modules.length > 0
      ? modules.map(({ path }) => row('module', 'good', { text: path }))
      : [row('module', 'bad', { word: 'missing' })]),
    row('git', 'none', { word: git ? 'yes' : 'no' }),
    rebuild === '' ? row('rebuild', 'bad', { word: 'missing' }) : row('rebuild', 'none', { text: rebuild }),
    row('running', 'none', { text: system }),
  ]
}
