// What the guided repair is offered for.
import { describe, expect, it } from 'vitest'
import type { CauseCode } from '../../../src/shared/causes.ts'
import {
  asksForRepair,
  isRepairable,
  isUnderWay,
  mendsTestBuild,
  repairableBuilders,
} from '../../../src/shared/repairable.ts'
import type { BuilderStatus } from '../../../src/shared/status.ts'
import { builder, check, snapshot } from '../main/snapshots.ts'

const refused = builder([check('builder-key', 'fail', 'ssh.key-refused')])
const silent = builder([check('reachable', 'fail', 'net.timeout')], 'attic')
const closed = { phase: 'closed' } as const
const base = { builder: refused.id, host: 'desktop', port: 22 } as const
const finding = { ...base, phase: 'find', busy: true, problem: null } as const
const stopped = {
  ...base,
  phase: 'stopped',
  at: 'find',
  cancelled: true,
  steps: [],
  problem: null,
} as const

describe('a repair', () => {
  it('is offered for what its steps mend, and for nothing that they cannot reach', () => {
    expect(isRepairable('ssh.key-refused')).toBe(true)
    expect(isRepairable('net.timeout')).toBe(false)
    expect(isRepairable(undefined)).toBe(false)
    expect(repairableBuilders(snapshot('local', { builders: [silent, refused] }))).toEqual([refused])
  })

  it('is offered for a host key to compare, though an unknown one is a warning only', () => {
    const unknown = builder([check('host-key', 'warn', 'ssh.host-key-unknown')])
    const changed = builder([check('host-key', 'fail', 'ssh.host-key-changed')], 'attic')
    expect(repairableBuilders(snapshot('local', { builders: [unknown, changed] }))).toEqual([
      unknown,
      changed,
    ])
  })

  it('is offered for what a test build ended in, but not to trust a key that the app trusts already', () => {
    const unknown = builder([check('host-key', 'warn', 'ssh.host-key-unknown')])
    const well = builder([check('host-key', 'pass')])
    expect(mendsTestBuild('ssh.key-refused', well)).toBe(true)
    expect(mendsTestBuild('nix.no-answer', well)).toBe(true)
    expect(mendsTestBuild('nix.build-failed', well)).toBe(false)
    expect(mendsTestBuild('ssh.host-key-unknown', unknown)).toBe(true)
    expect(mendsTestBuild('ssh.host-key-unknown', well)).toBe(false)
  })

  it('is offered for every builder that waits for the key that this laptop lacks', () => {
    const waiting = builder([check('builder-key', 'skip')])
    const proven = builder([check('builder-key', 'pass')], 'attic')
    const { laptop } = snapshot('local')
    const lacking = { ...laptop, checks: [check('builder-key-file', 'fail', 'laptop.builder-key-missing')] }
    const parts = { builders: [waiting, proven], laptop: lacking }
    expect(repairableBuilders(snapshot('local', parts))).toEqual([waiting])
  })

  it('is offered for a cache that its desktop can mend, where that desktop is in reach', () => {
    const at = (url: string, cause: CauseCode) => ({ url, checks: [check('cache-info', 'fail', cause)] })
    const near = builder([check('reachable', 'pass')])
    const attic = builder([check('reachable', 'pass')], 'attic')
    const offered = (builders: readonly BuilderStatus[], cause: CauseCode, host = 'desktop') =>
      repairableBuilders(snapshot('degraded', { builders, caches: [at(`http://${host}:5000`, cause)] })).map(
        ({ id }) => id,
      )
    expect(offered([attic, near], 'cache.port-closed')).toEqual([near.id])
    expect(offered([near], 'cache.narinfo-error', '10.0.0.7')).toEqual([near.id])
    expect(offered([attic, near], 'cache.port-closed', '10.0.0.7')).toEqual([])
    expect(offered([near], 'cache.signature-untrusted')).toEqual([])
    expect(offered([builder([check('reachable', 'fail', 'net.timeout')])], 'cache.timeout')).toEqual([])
  })

  it('is there to go back to until it is closed', () => {
    const well = snapshot('ready')
    expect(asksForRepair({ snapshot: well, repair: closed })).toBe(false)
    expect(asksForRepair({ snapshot: well, repair: stopped })).toBe(true)
  })

  it('is under way from its beginning to its end, for its own builder', () => {
    expect(isUnderWay(finding, refused.id)).toBe(true)
    expect(isUnderWay(finding, 'another')).toBe(false)
    expect(isUnderWay(stopped, refused.id)).toBe(false)
    expect(isUnderWay(closed, refused.id)).toBe(false)
  })
})
