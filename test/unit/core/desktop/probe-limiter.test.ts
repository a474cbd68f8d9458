// How often one host may be probed: never so that sshd counts it against this address.
import { describe, expect, it } from 'vitest'
import { createProbeLimiter } from '../../../../src/core/desktop/probe-limiter.ts'

/** A clock that only moves when somebody sleeps. */
function fakeClock() {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
}

const always = () => true
const never = () => false

describe('probes of one host', () => {
  it('start at most twice in any ten seconds', async () => {
    const clock = fakeClock()
    const limiter = createProbeLimiter(clock)
    const starts: number[] = []
    const probe = () => limiter.run('desk:22', async () => void starts.push(clock.now()), always)
    await Promise.all([probe(), probe(), probe(), probe(), probe()])
    expect(starts).toEqual([0, 0, 10_000, 10_000, 20_000])
  })

  it('never overlap', async () => {
    const limiter = createProbeLimiter()
    let running = 0
    let most = 0
    const probe = () =>
      limiter.run(
        'desk:22',
        async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 5))
          running -= 1
        },
        never,
      )
    await Promise.all([probe(), probe(), probe(), probe()])
    expect(most).toBe(1)
  })

  it('never overlap with one that comes while another already waits', async () => {
    const limiter = createProbeLimiter()
    const told: string[] = []
    const probe = (name: string, during?: () => void) =>
      limiter.run(
        'desk:22',
        async () => {
          told.push(`${name} begins`)
          during?.()
          await new Promise((resolve) => setTimeout(resolve, 5))
          told.push(`${name} ends`)
        },
        never,
      )
    let last: Promise<void> = Promise.resolve()
    await Promise.all([
      probe('first'),
      probe('second', () => {
        last = probe('third')
      }),
    ])
    await last
    expect(told).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it('cost no turn when they were full logins', async () => {
    const clock = fakeClock()
    const limiter = createProbeLimiter(clock)
    for (let n = 0; n < 10; n++) await limiter.run('desk:22', async () => {}, never)
    expect(clock.now()).toBe(0)
  })

  it('do not hold up another host, nor the next one after a crash', async () => {
    const clock = fakeClock()
    const limiter = createProbeLimiter(clock)
    const crash = limiter.run('desk:22', () => Promise.reject(new Error('crash')), always)
    await expect(crash).rejects.toThrow('crash')
    await limiter.run('desk:22', async () => {}, always)
    const [second, waiting] = [
      limiter.run('disk:22', () => Promise.reject(new Error('crash')), always),
      limiter.run('disk:22', async () => 'its own', always),
    ]
    await expect(second).rejects.toThrow('crash')
    expect(await waiting).toBe('its own')
    for (let n = 0; n < 2; n++) await limiter.run('nas:22', async () => {}, always)
    expect(clock.now()).toBe(0)
  })
})
