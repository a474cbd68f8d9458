// The monitor as a whole, over a laptop and desktops made to measure: looks, the watch, trust, test builds.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SshProof } from '../../../../src/core/desktop/results.ts'
import type { LaptopFacts, LaptopSource } from '../../../../src/core/laptop/facts.ts'
import { createMonitor, type Monitor, monitorStateFile } from '../../../../src/core/monitor/monitor.ts'
import type { Probes } from '../../../../src/core/monitor/probes.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import { builder, laptop, offered, probes, proof } from './fixtures.ts'

let folder: string
let monitor: Monitor | undefined
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitor-'))
  said = []
})
afterEach(async () => {
  await monitor?.stop()
  monitor = undefined
  await rm(folder, { recursive: true, force: true })
})

function make(change: Partial<Probes> = {}, facts: () => LaptopFacts = laptop, options = {}): Monitor {
  const source: LaptopSource = {
    survey: async () => good(facts()),
    busySlots: async () => new Map(),
    sharedPaths: async () => ['/nix/store/shared'],
  }
  monitor = createMonitor({
    source,
    config: { heartbeatSeconds: 30, sshProofSeconds: 300 },
    paths: { state: folder, knownHosts: join(folder, 'known_hosts') },
    probes: probes(change),
    home: folder,
    say: (line) => said.push(line),
    ...options,
  })
  return monitor
}

const never = <T>() => new Promise<T>(() => undefined)
const manyBuilders = (count: number) => {
  const builders = Array.from({ length: count }, (_, n) => builder(`desktop${n}`))
  return () => laptop({ builders })
}

describe('a look', () => {
  it('remembers where the desktop was, also after a restart, and says when its name leads elsewhere', async () => {
    await make().checkNow()
    const lost = problem('net.unreachable', { found: '10.77.0.99' })
    const gone = proof({ connectMs: null, peer: null, hostKey: null, key: 'untested', problem: lost })
    const { builders } = await make({ prove: async () => gone }).checkNow()
    expect(builders[0]?.checks[0]).toMatchObject({
      cause: 'net.moved',
      params: { host: 'desktop', expected: '10.0.0.2', found: '10.77.0.99' },
    })
  })

  it('without having started gives the snapshot', async () => {
    const snapshot = await make().checkNow()
    expect(snapshot.overall).toBe('ready')
    expect(make().state()).toMatchObject({ checking: false })
  })

  it('runs once however often it is asked for meanwhile, and a round that begins after the asking', async () => {
    let proofs = 0
    let running = 0
    let most = 0
    const slow = async (): Promise<SshProof> => {
      proofs += 1
      running += 1
      most = Math.max(most, running)
      await sleep(20)
      running -= 1
      return proof()
    }
    let clock = 0
    const one = make({ prove: slow }, laptop, { monotonic: () => (clock += 6000) })
    await Promise.all([one.checkNow(), one.checkNow(), one.checkNow(), one.checkNow()])
    expect(proofs).toBe(2)
    expect(most).toBe(1)
  })

  it('is held to its time by a desktop that never answers, and the others are not delayed', async () => {
    const facts = manyBuilders(3)
    const cacheThen: (string | undefined)[] = []
    const started = performance.now()
    const one = make(
      {
        prove: async (target) => (target.displayHost === 'desktop1' ? never() : proof()),
        cacheInfo: never,
      },
      facts,
    )
    one.subscribe(({ snapshot }) => {
      const passed = snapshot.builders.filter((row) => row.checks[0]?.state === 'pass').length
      if (passed === 2) cacheThen.push(snapshot.caches[0]?.checks[0]?.state)
    })
    const snapshot = await one.checkNow()
    // They are shown while the silent cache is still waited for.
    expect(cacheThen[0]).toBe('unknown')
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(snapshot.builders.map((row) => row.checks[0]?.state)).toEqual(['pass', 'unknown', 'pass'])
    expect(snapshot.caches[0]?.checks[0]).toMatchObject({ state: 'fail', cause: 'cache.timeout' })
  })

  it('at a hundred desktops asks them all at once', async () => {
    let asked = 0
    let allAsked = () => {}
    const all = new Promise<void>((resolve) => {
      allAsked = resolve
    })
    const patient: Partial<Probes> = {
      prove: async () => {
        asked += 1
        if (asked === 100) allAsked()
        // One that waited for another's end would wait for ever.
        await all
        return proof()
      },
    }
    const snapshot = await make(patient, manyBuilders(100)).checkNow()
    expect(snapshot.builders.filter((row) => row.checks[2]?.state === 'pass')).toHaveLength(100)
  })

  it('asks once for rows that lead to the same login', async () => {
    let proofs = 0
    const row = builder()
    const both = [row, { ...row, id: `${row.id}#2`, systems: ['i686-linux'] }]
    const count = async () => {
      proofs += 1
      return proof()
    }
    const snapshot = await make({ prove: count }, () => laptop({ builders: both })).checkNow()
    expect(proofs).toBe(1)
    expect(snapshot.builders.map((one) => one.checks[2]?.state)).toEqual(['pass', 'pass'])
  })

  it('remembers the path that a cache was seen to have', async () => {
    const tried: string[] = []
    const verifyPath: Probes['verifyPath'] = async (_url, path) => {
      tried.push(path)
      return path === '/nix/store/shared' ? { state: 'valid', keyName: 'k', path } : { state: 'absent', path }
    }
    await make({ verifyPath }).checkNow()
    await make({ verifyPath }).checkNow()
    expect(tried).toEqual(['/nix/store/shared', '/nix/store/shared'])
  })

  it('survives what nobody expected, and says it', async () => {
    const boom = async () => {
      throw new Error('boom')
    }
    const snapshot = await make({ cacheInfo: boom }).checkNow()
    expect(snapshot.overall).toBe('checking')
    expect(said.join()).toContain('boom')
  })

  it('closes the session it was given', async () => {
    let closed = 0
    const session = {
      close: async () => {
        closed += 1
      },
    } as unknown as NonNullable<SshProof['session']>
    const snapshot = await make({ prove: async () => proof({ session }) }).checkNow()
    expect(closed).toBe(1)
    expect(snapshot.builders[0]?.checks[3]).toMatchObject({ state: 'pass' })
  })
})

describe('the watch', () => {
  it('looks at once and then at each heartbeat: an outage and a recovery are seen within one', async () => {
    let up = true
    let looks = 0
    const down = bad('ssh.port-closed')
    const one = make(
      {
        knock: async () => {
          looks += 1
          return up ? good({ ms: 1, ip: '' }) : down
        },
        prove: async () =>
          up
            ? proof()
            : proof({ connectMs: null, hostKey: null, key: 'untested', problem: problem('ssh.port-closed') }),
      },
      laptop,
      { config: { heartbeatSeconds: 0.1, sshProofSeconds: 1 }, monotonic: () => performance.now() * 100 },
    )
    const looksUntil = (overall: string) => {
      const from = looks
      return new Promise<number>((resolve) => {
        const end = one.subscribe(({ snapshot }) => {
          if (snapshot.overall !== overall) return
          end()
          resolve(looks - from)
        })
      })
    }
    const ready = looksUntil('ready')
    one.start()
    await ready
    up = false
    expect(await looksUntil('local')).toBeLessThan(3)
    up = true
    // A desktop is signed in to at most every 5.5 s: with ten looks a second, some 55 may come before the proof.
    expect(await looksUntil('ready')).toBeLessThan(60)
  })

  it('pauses and goes on', async () => {
    let looks = 0
    const one = make({
      cacheInfo: async () => {
        looks += 1
        return bad('cache.port-closed')
      },
    })
    one.pause()
    one.start()
    await sleep(50)
    expect([one.state().snapshot.overall, looks]).toEqual(['paused', 0])
    one.resume()
    await expect.poll(() => one.state().snapshot.overall).toBe('degraded')
    expect(looks).toBe(1)
  })

  it('ends: nothing looks any more', async () => {
    let looks = 0
    const one = make(
      {
        cacheInfo: async () => {
          looks += 1
          return bad('cache.port-closed')
        },
      },
      laptop,
      { config: { heartbeatSeconds: 0.02, sshProofSeconds: 1 } },
    )
    one.start()
    await expect.poll(() => looks).toBeGreaterThan(1)
    await one.stop()
    const after = looks
    await sleep(100)
    expect(looks).toBe(after)
  })

  it('counts nothing as proven after sleep, and proves it again', async () => {
    const one = make()
    one.start()
    await one.checkNow()
    one.woke()
    expect(one.state().snapshot.overall).toBe('checking')
  })
})

describe('a builder behind another machine', () => {
  it('is never asked at its address, whose answer would prove nothing; the others are', async () => {
    const asked: string[] = []
    const facts = () => laptop({ builders: [builder('near'), { ...builder('far'), proxied: true as const }] })
    const look = async (target: { displayHost: string }) => {
      asked.push(target.displayHost)
      return proof()
    }
    const { builders, overall } = await make({ prove: look }, facts).checkNow()
    expect(asked).toEqual(['near'])
    expect(builders[1]?.checks.map(({ state, note }) => [state, note])).toEqual(
      Array.from({ length: 4 }, () => ['unknown', 'through-a-proxy']),
    )
    expect(overall).toBe('ready')
  })
})

describe('a glance', () => {
  it('looks at once while it watches, and once only for many that come together', async () => {
    let proofs = 0
    let clock = 0
    const one = make(
      {
        prove: async () => {
          proofs += 1
          return proof()
        },
      },
      laptop,
      { monotonic: () => clock },
    )
    one.glanced()
    expect(proofs).toBe(0)
    one.start()
    await expect.poll(() => proofs).toBe(1)
    await expect.poll(() => one.state().checking).toBe(false)
    clock = 40_000
    for (let n = 0; n < 5; n += 1) one.glanced()
    await expect.poll(() => proofs).toBe(2)
    await sleep(100)
    expect(proofs).toBe(2)
  })
})

describe('trust in a host key', () => {
  const unknown = proof({ hostKey: { state: 'unknown', offered }, key: 'untested' })

  it('is given only to the fingerprint that the desktop shows', async () => {
    const trusted: string[] = []
    const trust: Probes['trust'] = async (file, address, key) => {
      trusted.push(`${file} ${address.host} ${key.fingerprint}`)
      return good(undefined)
    }
    const one = make({ prove: async () => unknown, trust })
    const { id } = builder()
    expect(await one.trustHostKey(id, offered.fingerprint)).toMatchObject({ ok: false })
    await one.checkNow()
    expect(await one.trustHostKey(id, 'SHA256:something-else')).toMatchObject({ ok: false })
    expect(await one.trustHostKey('nobody', offered.fingerprint)).toMatchObject({ ok: false })
    expect(trusted).toEqual([])
    expect(await one.trustHostKey(id, offered.fingerprint)).toEqual({ ok: true, value: undefined })
    expect(trusted).toEqual([`${join(folder, 'known_hosts')} desktop.lan SHA256:offered`])
  })
})

describe('a test build', () => {
  const passed = {
    ok: true,
    builder: builder().id,
    uri: builder().uri,
    ms: 1,
    stages: [],
    remote: { bootId: 'b', kernel: 'k' },
    outPath: '/nix/store/probe',
  } as const

  it('that passed makes every check pass, also in the next process', async () => {
    const one = make()
    await one.checkNow()
    one.noteTestBuild(passed)
    await expect
      .poll(() => one.state().snapshot.builders[0]?.checks[3])
      .toMatchObject({ state: 'pass', note: 'proven-by-test-build' })
    const next = await make().checkNow()
    expect(next.builders[0]?.checks.map((check) => check.state)).toEqual(['pass', 'pass', 'pass', 'pass'])
  })

  it('that failed shows at once', async () => {
    const one = make()
    await one.checkNow()
    const { outPath: _, remote: __, ...rest } = passed
    one.noteTestBuild({
      ...rest,
      ok: false,
      problem: problem('nix.not-trusted'),
      stage: 'upload',
      cancelled: false,
    })
    await expect.poll(() => one.state().snapshot.overall).toBe('local')
  })

  it('is kept in the state folder', () => {
    expect(monitorStateFile({ state: '/s' })).toBe('/s/monitor.json')
  })
})
