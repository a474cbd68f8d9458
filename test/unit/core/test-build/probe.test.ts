// The probe's commands, and who may choose where it runs.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Builder } from '../../../../src/core/laptop/facts.ts'
import { isTrusted, machineRow } from '../../../../src/core/test-build/choose.ts'
import {
  maxPayload,
  nixString,
  payloadExpression,
  payloadOf,
  probeExpression,
  reproduceText,
  waitingNix,
} from '../../../../src/core/test-build/probe.ts'
import { probeText } from '../../../../src/core/test-build/probe-text.ts'
import { stallLimits, startWatchdog } from '../../../../src/core/test-build/watchdog.ts'

const builder: Builder = {
  id: 'ssh-ng://nix-builder@desktop',
  uri: 'ssh-ng://nix-builder@desktop',
  scheme: 'ssh-ng',
  host: 'desktop',
  address: { host: '10.0.0.2', port: 22, user: 'nix-builder' },
  keyPath: '/etc/nix/builder_key',
  systems: ['aarch64-linux', 'x86_64-linux'],
  maxJobs: 4,
  speedFactor: 2,
  supportedFeatures: ['big-parallel', 'kvm'],
  mandatoryFeatures: ['kvm'],
  hostKeyLine: 'ssh-ed25519 AAAA root@desktop',
  source: { file: '/etc/nix/machines', line: 1 },
}

describe('the commands', () => {
  it('ask for the system and exactly the features of the row', () => {
    const text = probeExpression('T', builder, 1_048_576)
    expect(text).toContain('tag = "T"; system = "aarch64-linux"; features = "[\\"kvm\\"]";')
    expect(text).toContain('.probe;')
  })

  it('let the payload know nothing of the row, so that it can be built before there is one', () => {
    const text = payloadExpression('T', 131_072)
    expect(text).toContain('tag = "T"; up = "131072"; back = "131072";')
    expect(text).toContain('.payload;')
    expect(text).not.toContain('features =')
  })

  it('build the payload here and the probe elsewhere, never again and never from a cache', () => {
    const [here, there] = [waitingNix('here', null).args, waitingNix('there', null).args]
    expect(here.join(' ')).toContain('--builders  --max-jobs 1 --option substitute false')
    expect(there.join(' ')).toContain('--max-jobs 0 --option substitute false')
    expect(there).not.toContain('--builders')
    for (const args of [here, there]) {
      expect(args.at(-1)).toBe('-')
      for (const never of ['--rebuild', '--check', '--extra-experimental-features', '--add-root'])
        expect(args).not.toContain(never)
    }
  })

  it('ask for one builder with its row', () => {
    const row = machineRow(builder)
    expect(waitingNix('there', row).args.join(' ')).toContain(`--builders ${row}`)
    expect(row).toBe(
      `${builder.uri} aarch64-linux,x86_64-linux /etc/nix/builder_key 4 2 big-parallel,kvm kvm ${Buffer.from('ssh-ed25519 AAAA root@desktop').toString('base64')}`,
    )
  })

  it.each([
    ['x86_64-linux', '"x86_64-linux"'],
    ['["kvm"]', '"[\\"kvm\\"]"'],
    ['a$b"c', '"a\\$b\\"c"'],
    ['a\\b\nc', '"a\\\\b\\nc"'],
  ])('write %j as a text of Nix that means just that', (text, written) => {
    expect(nixString(text)).toBe(written)
  })

  it('can be done by hand, with a fresh tag each time', () => {
    const text = reproduceText(builder, 1_048_576)
    expect(text).toContain(probeText)
    expect(text.match(/--argstr tag "\$tag"/g)).toHaveLength(2)
    expect(text).toContain(`--argstr features '["kvm"]'`)
  })

  it('keep the payload within its limits', () => {
    expect([payloadOf(1), payloadOf(5e9), payloadOf(1_048_576)]).toEqual([65_536, maxPayload, 1_048_576])
  })
})

describe('choosing a builder', () => {
  it.each([
    [['root'], false],
    [['root', 'alice'], true],
    [['@wheel'], true],
    [['@other'], false],
    [['@'], false],
    [['xwheel'], false],
    [['*'], true],
    [[''], false],
  ])('with trusted-users %j: %s', (trusted, may) => {
    expect(isTrusted(trusted, 'alice', ['alice', 'wheel'])).toBe(may)
  })
})

describe('the watchdog', () => {
  const barks = (limits: Partial<ReturnType<typeof stallLimits>>, hardMs: number) =>
    new Promise<readonly [string, string, number]>((resolve) => {
      const dog = startWatchdog({ ...stallLimits(1), ...limits }, hardMs, (...said) => resolve(said))
      dog.heard('upload')
    })

  it('names the stage that stays silent, and how long it was', async () => {
    expect(await barks({ upload: 600 }, 60_000)).toEqual(['stalled', 'upload', 1])
  })

  it('ends everything at the hard limit, and calls nothing stalled that moved', async () => {
    expect(await barks({}, 700)).toEqual(['late', 'upload', 1])
  })

  describe('by a clock that is turned', () => {
    let clock: number
    let barked: unknown
    beforeEach(() => {
      vi.useFakeTimers()
      clock = 0
      barked = null
    })
    afterEach(() => void vi.useRealTimers())
    const dogFor = (payloadBytes: number) =>
      startWatchdog(
        stallLimits(payloadBytes),
        10_000_000,
        (...said) => {
          barked = said
        },
        () => clock,
      )
    const pass = (seconds: number) => {
      for (let tick = 0; tick < seconds * 10; tick += 1) {
        clock += 100
        vi.advanceTimersByTime(100)
      }
    }

    it.each([
      ['heard', null],
      ['moved', ['stalled', 'upload', 60]],
    ] as const)('is less patient with a large copy only where its bytes can be seen (%s)', (how, said) => {
      const dog = dogFor(1024 ** 3)
      dog[how]('upload')
      pass(59)
      expect(barked).toBeNull()
      pass(2)
      expect(barked).toEqual(said)
      dog.stop()
    })

    it('does not count the time for which the process itself was stopped', () => {
      const dog = dogFor(1024 ** 2)
      dog.heard('connect')
      pass(5)
      clock += 3_600_000
      pass(3)
      expect(barked).toBeNull()
      pass(2)
      expect(barked).toEqual(['stalled', 'connect', 10])
      dog.stop()
    })
  })

  it('gives copies time for their size', () => {
    expect(stallLimits(1024 ** 3).upload).toBeGreaterThan(stallLimits(1024 ** 2).upload + 60_000)
  })
})
