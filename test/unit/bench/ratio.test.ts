// The benchmark's own arithmetic: medians, limits, and the table that is kept.
import { describe, expect, it } from 'vitest'
import { byTurns, isMet, median, type Ratio, table } from '../../../bench/ratio.ts'

const row: Ratio = {
  kind: 'ratio',
  name: 'a proof',
  ours: 50,
  theirs: 200,
  unit: 'ms',
  beside: '`ssh`',
  limit: 0.3,
  runs: 5,
}

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('is not moved by one slow run', () => {
    expect(median([10, 11, 12, 13, 9000])).toBe(12)
  })

  it('refuses to make a number of nothing', () => {
    expect(() => median([])).toThrow('nothing was measured')
  })
})

describe('byTurns', () => {
  it('alternates, and leaves the first turn out', async () => {
    const order: string[] = []
    let turn = 0
    const slowFirst = async () => {
      order.push('ours')
      if (turn++ === 0) await new Promise((resolve) => setTimeout(resolve, 200))
    }
    const medians = await byTurns(2, { ours: slowFirst, theirs: async () => void order.push('theirs') })
    expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs'])
    expect(medians.ours).toBeLessThan(100)
  })

  it('does not hide a run that failed', async () => {
    const broken = () => Promise.reject(new Error('not ready'))
    await expect(byTurns(1, { ours: broken, theirs: async () => undefined })).rejects.toThrow('not ready')
  })
})

describe('isMet', () => {
  it('compares a ratio with its limit', () => {
    expect(isMet(row)).toBe(true)
    expect(isMet({ ...row, ours: 60 })).toBe(true)
    expect(isMet({ ...row, ours: 61 })).toBe(false)
  })

  it('compares an absolute limit with ours alone', () => {
    const most = { ...row, kind: 'most', theirs: null, limit: 0.2, unit: '% of a core' } as const
    expect(isMet({ ...most, ours: 0.2 })).toBe(true)
    expect(isMet({ ...most, ours: 0.21 })).toBe(false)
  })

  it('takes no number for a miss', () => {
    expect(isMet({ ...row, ours: Number.NaN })).toBe(false)
    expect(isMet({ ...row, theirs: Number.NaN })).toBe(false)
  })
})

describe('table', () => {
  it('names what was missed', () => {
    const text = table([row, { ...row, name: 'slow', ours: 123.4 }])
    expect(text.split('\n').slice(2)).toEqual([
      '| a proof | 50.0 ms | `ssh` | 200 ms | 0.25 | ≤ 0.3 | 5 | met |',
      '| slow | 123 ms | `ssh` | 200 ms | 0.62 | ≤ 0.3 | 5 | **missed** |',
    ])
  })

  it('shows an absolute limit with its unit', () => {
    const text = table([{ ...row, kind: 'most', theirs: null, ours: 0.05, limit: 0.2, unit: '% of a core' }])
    expect(text).toContain('| a proof | 0.050 % of a core | `ssh` |  |  | ≤ 0.2 % of a core | 5 | met |')
  })
})
