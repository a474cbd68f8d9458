// Waiting for the panel that shows the tray, as a slow login brings it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askTrayHost, type HostAnswer, waitForTrayHost } from '../../../src/main/tray-host.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched(answerAt: (ms: number) => HostAnswer) {
  const began = Date.now()
  const events: string[] = []
  let asked = 0
  const at = () => Date.now() - began
  const watch = waitForTrayHost({
    ask: async () => {
      asked += 1
      return answerAt(at())
    },
    onHost: () => events.push(`host ${at()}`),
    onNone: () => events.push(`none ${at()}`),
  })
  return { events, watch, asked: () => asked }
}

describe('waiting for a panel', () => {
  it('is over at once where a panel is there', async () => {
    const { events, asked } = watched(() => 'yes')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(events).toEqual(['host 0'])
    expect(asked()).toBe(1)
  })

  it('finds a panel that a slow login brings', async () => {
    const { events } = watched((ms) => (ms < 4_000 ? 'no' : 'yes'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(events).toEqual(['host 4200'])
  })

  it('says after 15 s that there is none, once, and still finds one later', async () => {
    const { events } = watched((ms) => (ms < 60_000 ? 'no' : 'yes'))
    await vi.advanceTimersByTimeAsync(120_000)
    expect(events).toHaveLength(2)
    expect(events[0]).toBe('none 15000')
    expect(events[1]).toMatch(/^host 6[0-5]/)
  })

  it('takes a panel for granted where nothing can be asked', async () => {
    const { events } = watched(() => 'unknown')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(events).toEqual(['host 0'])
  })

  it('ends when it is stopped', async () => {
    const { events, watch, asked } = watched(() => 'no')
    await vi.advanceTimersByTimeAsync(1_000)
    watch.stop()
    const before = asked()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked()).toBe(before)
    expect(events).toEqual([])
  })
})

describe('asking for a panel', () => {
  it('cannot know without any tool to ask with', async () => {
    vi.useRealTimers()
    expect(await askTrayHost({ PATH: '/nowhere' })).toBe('unknown')
  })
})
