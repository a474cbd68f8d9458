// Two desktops: one down is degraded, both down is local, or blocked where this laptop builds nothing itself.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { look } from './status-cli.ts'

let lab: Lab

beforeAll(async () => {
  lab = await openLab({ desktops: 2 })
})
afterAll(() => lab?.down())
afterEach(() => lab.mend())

describe('two desktops', () => {
  it('are ready together', async () => {
    const { snapshot, overall } = await look(lab)
    expect(snapshot.builders.map((builder) => builder.host)).toEqual(['desktop', 'desktop2'])
    expect(overall).toBe('ready')
  })

  it('one down is degraded, and the other is still proven', async () => {
    await lab.break('sshd-stopped', { desktop: 2 })
    const { snapshot, overall } = await look(lab)
    const states = snapshot.builders.map((builder) => builder.checks.map((check) => check.state).slice(0, 3))
    expect(states).toEqual([
      ['pass', 'pass', 'pass'],
      ['fail', 'skip', 'skip'],
    ])
    expect(overall).toBe('degraded')
  })

  it('a silent one does not delay the other, and the whole ends in time', async () => {
    const healthy = await look(lab)
    await lab.break('silent', { desktop: 2 })
    const { snapshot, ms } = await look(lab)
    const [first, second] = snapshot.builders.map((builder) => builder.checks[0])
    expect(second).toMatchObject({ state: 'fail', cause: 'net.timeout' })
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThan(1000)
    // Its deadlines, and what a busy machine adds; by itself TCP waits minutes.
    expect(ms - healthy.ms).toBeLessThan(20_000)
  })

  it('both down is local while this laptop may build, and blocked where it may not', async () => {
    await lab.break('sshd-stopped')
    await lab.break('sshd-stopped', { desktop: 2 })
    const withLocal = await look(lab)
    await lab.break('max-jobs-0')
    const without = await look(lab)
    await lab.mend()
    const mended = await look(lab)
    expect([withLocal.overall, without.overall, mended.overall]).toEqual(['local', 'blocked', 'ready'])
  })
})
