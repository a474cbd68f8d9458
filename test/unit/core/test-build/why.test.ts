// Whom a failed or silent test build is asked about, and when nobody is asked any more.
import { describe, expect, it } from 'vitest'
import type { Builder } from '../../../../src/core/laptop/facts.ts'
import { enter, startTrack } from '../../../../src/core/test-build/track.ts'
import { type Failure, whyFailed } from '../../../../src/core/test-build/why.ts'
import { type Problem, problem } from '../../../../src/shared/outcome.ts'
import type { StageId } from '../../../../src/shared/test-build.ts'

const builder: Builder = {
  id: 'ssh-ng://nix-builder@desktop',
  uri: 'ssh-ng://nix-builder@desktop',
  scheme: 'ssh-ng',
  host: 'desktop',
  address: { host: '10.0.0.2', port: 22, user: 'nix-builder' },
  keyPath: null,
  systems: ['x86_64-linux'],
  maxJobs: 1,
  speedFactor: 1,
  supportedFeatures: [],
  mandatoryFeatures: [],
  hostKeyLine: null,
  source: { file: '/etc/nix/machines', line: 1 },
}

function silent(
  stage: StageId,
  explain: () => Promise<Problem | null>,
  givenUp: Promise<unknown> = new Promise(() => undefined),
): Failure {
  const fresh = startTrack(0, { upload: 1, download: 1 })
  return {
    where: 'taken',
    lines: [],
    track: { ...enter(fresh, stage, 1), machine: builder.uri },
    options: { builder, env: {}, explain },
    stop: { why: 'stalled', stage, seconds: 20 },
    since: 0,
    givenUp,
    say: () => undefined,
  }
}
const says = (cause: Problem['cause']) => async () => problem(cause, { host: 'desktop', port: 22 })

describe('a silence', () => {
  it.each([
    ['upload', 'net.unreachable', 'net.unreachable'],
    ['build', 'net.timeout', 'net.timeout'],
    ['download', 'net.timeout', 'net.timeout'],
    // The connection stood: what a new login would meet did not cause this.
    ['upload', 'ssh.key-refused', 'nix.stalled'],
    ['connect', 'ssh.banner-timeout', 'ssh.banner-timeout'],
    // All slots taken: the desktop may well be fine.
    ['wait', 'net.timeout', 'nix.stalled'],
  ] as const)('during %s, where our checks say %s, is %s', async (stage, said, cause) => {
    const found = await whyFailed(silent(stage, says(said)))
    expect(found).toMatchObject({ cause, params: { stage, seconds: 20, host: 'desktop' } })
  })

  it('is named after its stage where our checks find nothing', async () => {
    expect(await whyFailed(silent('upload', async () => null))).toMatchObject({ cause: 'nix.stalled' })
  })

  it('is not looked into any longer once the person gives up', async () => {
    const forEver = () => new Promise<null>(() => undefined)
    const found = await whyFailed(silent('upload', forEver, Promise.resolve()))
    expect(found.cause).toBe('nix.stalled')
  })
})
