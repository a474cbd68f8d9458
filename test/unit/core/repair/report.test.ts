// Facts -> report: each fact with its mark, unknown never told as missing, and text of one screen in both languages.
import { describe, expect, it } from 'vitest'
import { surveyReport } from '../../../../src/core/repair/report.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import { reportTables, reportText, type SurveyReport } from '../../../../src/shared/survey-report.ts'
import { type FactsWish, factsOf, healthyMachine, nixosMachine } from './facts.ts'

const at = { host: 'desktop', user: 'nix-builder' }
const reportOf = (wish: FactsWish): SurveyReport => surveyReport(factsOf(wish), at)
/** "cache/secret-key bad missing" of each row that is not well. */
const notWell = (report: SurveyReport) =>
  report.sections.flatMap(({ id, rows }) =>
    rows
      .filter(({ mark }) => mark === 'bad' || mark === 'unknown')
      .map((row) => `${id}/${row.id} ${row.mark} ${row.word ?? row.text ?? ''}`.trim()),
  )

describe('the report of a survey', () => {
  it('has nothing to say against a healthy desktop, NixOS or not', () => {
    expect(notWell(reportOf({}))).toEqual([])
    expect(notWell(reportOf({ os: { id: 'nixos', nixos: true }, machine: nixosMachine() }))).toEqual([])
    expect(reportOf({}).sections.map(({ id }) => id)).toEqual([
      'user',
      'ssh',
      'nix',
      'cache',
      'firewall',
      'disk',
    ])
  })

  it('marks what is in the way, and shows the journal of what is not up', () => {
    const machine = healthyMachine({
      nix: { builderFinds: false, trustedUsers: 'root', shellNoise: 'Welcome\u001b[31m!' },
      units: { cache: { active: 'failed', journal: 'one\n\u001b[1mtwo\u001b[0m' } },
      listening: [{ port: 22, address: '0.0.0.0' }],
      cache: { info: 0, narinfo: 0 },
      key: { kind: 'missing', owner: '', group: '', mode: '', publicKey: null },
      firewall: {
        by: 'nftables',
        open: [
          { port: 22, open: true },
          { port: 5000, open: false },
        ],
      },
      disk: { free: 1e8, total: 1e12, dead: 5e9 },
    })
    const report = reportOf({ machine })
    expect(notWell(report)).toEqual([
      'nix/found bad no',
      'nix/shell-noise bad Welcome!',
      'nix/trusted-users bad root',
      'cache/service bad failed, enabled',
      'cache/port bad silent',
      'cache/secret-key bad missing',
      'firewall/port bad closed',
      'disk/free bad 0.1 GiB / 931.3 GiB',
    ])
    const journal = report.sections.find(({ id }) => id === 'cache')?.rows[1]
    expect(journal).toEqual({ id: 'journal', of: 'nix-serve.service', text: 'one\ntwo', mark: 'none' })
  })

  it('tells what is not known as not known', () => {
    const machine = healthyMachine({
      nix: {
        builderFinds: null,
        shellNoise: null,
        daemonAnswers: null,
        builderAllowed: null,
        trustedUsers: null,
      },
      listening: null,
      cache: { info: null, narinfo: null },
      key: { kind: 'denied', publicKey: null, readable: null, owner: '', group: '', mode: '' },
      firewall: {
        by: 'unknown',
        open: [
          { port: 22, open: null },
          { port: 5000, open: null },
        ],
      },
      disk: { free: null, total: null },
    })
    const report = reportOf({ rights: 'none', machine })
    expect(report.partial).toBe(true)
    const said = notWell(report)
    expect(said.filter((row) => row.includes(' bad '))).toEqual([])
    expect(said).toHaveLength(12)
    expect(reportText(report, messagesFor('en'))).toContain('not known')
  })

  it('tells who may mount the store over NFS, and with what risk', () => {
    const to = (one: string, writable = false) => ({ path: '/nix/store', to: one, writable })
    const rowsOf = (...exports: ReturnType<typeof to>[]) => {
      const report = reportOf({ machine: healthyMachine({ nfs: { exports, serving: true } }) })
      const rows = report.sections.find(({ id }) => id === 'nfs')?.rows ?? []
      return rows.map(({ id, mark, word }) => `${id} ${mark} ${word}`)
    }
    expect(rowsOf(to('192.168.15.0/24'))).toEqual(['export good nfs-subnet', 'port none listening'])
    for (const all of ['*', '0.0.0.0/0', '::/0', '0.0.0.0/0.0.0.0', '<world>'])
      expect(rowsOf(to(all))[0]).toBe('export bad nfs-everybody')
    expect(rowsOf(to('192.168.15.0/24', true), to('10.0.0.0/8'))).toEqual([
      'export bad nfs-writable',
      'export good nfs-subnet',
      'port none listening',
    ])
    expect(rowsOf()).toEqual([])
    expect(reportOf({ machine: healthyMachine({ nfs: null }) }).sections.map(({ id }) => id)).not.toContain(
      'nfs',
    )
    const exposed = healthyMachine({ nfs: { exports: [to('*')], serving: true } })
    expect(reportText(reportOf({ machine: exposed }), messagesFor('en'))).toContain(
      'everybody reads the store without a key: export it to one subnet · * (ro)',
    )
  })

  it('names the keys that are let in by type and comment, and no key whole', () => {
    const [row] =
      reportOf({})
        .sections.find(({ id }) => id === 'ssh')
        ?.rows.slice(-1) ?? []
    expect(row?.text).toMatch(/^nix-builder:nix-builder 600, ssh-ed25519 root@laptop$/)
  })

  it('is text of one screen that can be copied, in both languages', () => {
    const report = reportOf({ os: { id: 'nixos', nixos: true } })
    for (const locale of ['en', 'pt-BR'] as const) {
      const text = reportText(report, messagesFor(locale))
      const lines = text.trimEnd().split('\n')
      expect(lines.length).toBeLessThan(65)
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(130)
      expect(text).toMatch(/^\+ \S/m)
      expect(text).not.toContain('undefined')
      const tables = reportTables(report, messagesFor(locale))
      expect(tables.every(({ title, rows }) => title !== '' && rows.every(({ value }) => value !== ''))).toBe(
        true,
      )
    }
  })

  it('has none of the desktop’s escapes, nor lines of its making', () => {
    const evil = '\u001b]0;x\u0007a\u202eb\nc'
    const machine = nixosMachine({
      nix: { version: evil, trustedUsers: evil },
      cache: { programs: [evil] },
      key: { path: evil, owner: evil },
      nixos: { system: evil, version: evil },
    })
    const text = reportText(reportOf({ user: { home: evil, groups: evil }, machine }), messagesFor('en'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text).not.toMatch(/^c/m)
  })
})
