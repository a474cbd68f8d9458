// What the laptop knows against a builder without asking the desktop.
import { describe, expect, it } from 'vitest'
import { judgeBuilder, judgeKnock } from '../../../../src/core/monitor/check-builder.ts'
import { withLaptopSide } from '../../../../src/core/monitor/laptop-overlay.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { bad, problem } from '../../../../src/shared/outcome.ts'
import { at, builder, keyFile, laptop, proof } from './fixtures.ts'

const row = builder()
const healthy = judgeBuilder(row, { proof: proof(), proofMs: 1, remote: null, keyProblems: [] }, at)
const surveyed = '2026-01-02T03:09:00.000Z'
const keys = (file: ReturnType<typeof keyFile> | { state: 'missing'; path: string }) =>
  laptop({ keys: new Map([[row.id, file]]) })
const states = (checks: typeof healthy) => checks.map((check) => check.state)

describe('what the laptop knows against a builder', () => {
  it('is nothing when all is well', () => {
    expect(withLaptopSide(healthy, row, laptop(), surveyed)).toEqual(healthy)
  })

  it.each<CauseCode>(['laptop.builder-key-exposed', 'laptop.builder-key-encrypted'])(
    'is a key file that root’s ssh will not use, though the desktop accepts the key: %s',
    (cause) => {
      const facts = keys(keyFile([problem(cause, { key: '/etc/nix/builder_key' })]))
      const checks = withLaptopSide(healthy, row, facts, surveyed)
      expect(states(checks)).toEqual(['pass', 'pass', 'fail', 'skip'])
      expect(checks[2]).toMatchObject({ cause, at: surveyed, params: { key: '/etc/nix/builder_key' } })
    },
  )

  it('is a key file that is missing', () => {
    const checks = withLaptopSide(healthy, row, keys({ state: 'missing', path: '/k' }), surveyed)
    expect(checks[2]).toMatchObject({ cause: 'laptop.builder-key-missing', params: { key: '/k' } })
  })

  it('is no missing .pub: the key is good', () => {
    const facts = keys(keyFile([problem('laptop.builder-pubkey-missing')]))
    expect(withLaptopSide(healthy, row, facts, surveyed)).toEqual(healthy)
  })

  it.each(['laptop.builder-port-unsupported', 'laptop.builder-no-slots'] as const)(
    'is a row that Nix cannot use, and only that row: %s',
    (cause) => {
      const facts = laptop({ problems: [problem(cause, { uri: row.uri, ...row.source })] })
      const secondRow = { ...row, id: `${row.uri}#2`, source: { ...row.source, line: 2 } }
      const checks = withLaptopSide(healthy, row, facts, surveyed)
      expect(states(checks)).toEqual(['fail', 'skip', 'skip', 'skip'])
      expect(checks[0]?.cause).toBe(cause)
      expect(withLaptopSide(healthy, builder('other'), facts, surveyed)).toEqual(healthy)
      expect(withLaptopSide(healthy, secondRow, facts, surveyed)).toEqual(healthy)
    },
  )

  it('does not hide that the desktop is away', () => {
    const down = judgeKnock(row, healthy, bad('net.timeout'), at)
    const checks = withLaptopSide(down, row, keys({ state: 'missing', path: '/k' }), surveyed)
    expect(checks).toEqual(down)
  })
})
