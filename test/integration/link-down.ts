// A link that goes down in the middle: no side hears of it, so only the watchdog can end the test build.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stageIds } from '../../src/shared/test-build.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { impatient, leftBehind, leftovers, sentSlowly, testBuild, when } from './test-build-rig.ts'

/** The patience given, our own checks' deadline, and a busy machine's room; without a watchdog it takes a quarter of an hour. */
const patienceMs = 60_000

/** The laptop sees the desktop's processes (the lab nests their name spaces); its sshd waits for a dead link for long. */
const ofDesktop =
  /^desktop: |: process (?:sshd-session|sshd): |: process nix-(?:daemon --stdio|store --serve)/

/** The tests over one scheme: a file for each, so that they run side by side. */
export function linkGoesDownOver(scheme: 'ssh' | 'ssh-ng'): void {
  describe(`over ${scheme}`, () => {
    let lab: Lab
    beforeAll(async () => {
      lab = await openLab({ scheme })
    })
    afterAll(() => lab?.down())
    afterEach(() => lab.mend())

    it.each([
      ['desktop-off', 'upload', 'net.unreachable'],
      ['desktop-off', 'build', 'net.unreachable'],
      ['desktop-off', 'download', 'net.unreachable'],
      ['silent', 'upload', 'net.timeout'],
      ['silent', 'build', 'net.timeout'],
      ['silent', 'download', 'net.timeout'],
    ] as const)('%s during the %s ends in %s, and leaves nothing here', async (fault, stage, cause) => {
      const before = await leftovers(lab)
      let broke = Promise.resolve()
      let brokeAt = Number.NaN
      const onEvent = when(stage, () => {
        brokeAt = performance.now()
        broke = lab.break(fault)
      })
      const options = impatient(2_000, stage, 256 * 1024 ** 2)
      const seen = await sentSlowly(lab, () => testBuild(lab, { ...options, ...(onEvent && { onEvent }) }))
      const took = performance.now() - brokeAt
      await broke
      expect(seen.result).toMatchObject({ ok: false, cancelled: false, cause })
      // The link breaks a moment after the stage began, which may be the next one's.
      expect(stageIds.indexOf(seen.result.stage ?? 'verify')).toBeGreaterThanOrEqual(stageIds.indexOf(stage))
      expect(seen.result.params).toMatchObject({ stage: seen.result.stage })
      // A process that stands still itself notices it up to a second later.
      expect([2, 3]).toContain(seen.result.params?.['seconds'])
      expect(took).toBeLessThan(patienceMs)
      expect(await leftBehind(lab, before, (line) => ofDesktop.test(line))).toEqual([])
    })
  })
}
