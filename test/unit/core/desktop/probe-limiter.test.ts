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
    for (let n = 0; n < 2; n++) await limiter.run('nas:22', async () => {}, always)
    expect(clock.now()).toBe(0)
  })
})
