// What the survey that follows a failed test build makes of its verdict.
import { describe, expect, it } from 'vitest'
import { withHindrance } from '../../../../src/cli/test-build/at-once.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import type { TestBuildResult } from '../../../../src/shared/test-build.ts'
import { laptop } from '../../core/monitor/fixtures.ts'

const failed = (cause: CauseCode): TestBuildResult => ({
  ok: false,
  builder: 'desktop',
  uri: 'ssh://desktop',
  problem: problem(cause, { host: 'desktop' }, 'words of Nix'),
  stage: 'connect',
  ms: 1,
  stages: [],
  cancelled: false,
})

describe('the verdict of a failed test build', () => {
  it('is what the survey finds in the way, with Nix’s own words', async () => {
    const facts = laptop({ problems: [problem('laptop.daemon-down', {}, 'refused')] })
    expect(await withHindrance(failed('laptop.nix-failed'), async () => good(facts))).toMatchObject({
      builder: null,
      problem: { cause: 'laptop.daemon-down', raw: 'words of Nix' },
    })
  })

  it('stands where the survey finds nothing', async () => {
    const refused = failed('ssh.key-refused')
    expect(await withHindrance(refused, async () => good(laptop({})))).toEqual(refused)
  })

  it.each(['laptop.nix-silent', 'laptop.nix-missing', 'nix.cancelled'] as const)(
    'stands where no survey can be made: %s',
    async (cause) => {
      const refused = failed('ssh.key-refused')
      expect(await withHindrance(refused, async () => bad(cause, { seconds: 10 }))).toEqual(refused)
    },
  )

  it('is no builder’s where neither the build nor the survey got an answer from Nix', async () => {
    const silent = failed('laptop.nix-silent')
    const survey = async () => bad('laptop.nix-silent', { seconds: 10 })
    expect(await withHindrance(silent, survey)).toEqual({ ...silent, builder: null, uri: null })
  })
})
