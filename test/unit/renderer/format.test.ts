// Numbers carry units, and say no more than is known.
import { describe, expect, it } from 'vitest'
import {
  age,
  bytes,
  bytesIn,
  duration,
  moment,
  scaleTime,
  seconds,
  shortMoment,
  text,
} from '../../../src/renderer/format.ts'

const plain = (quantity: { value: string; unit: string }) => `${quantity.value} ${quantity.unit}`

describe('duration', () => {
  it('chooses the unit that keeps three digits', () => {
    const told = [0.04, 9.94, 9.96, 999.4, 999.6, 99_940, 99_960, 600_000].map((ms) =>
      plain(duration(ms, 'en')),
    )
    expect(told).toEqual(['0.0 ms', '9.9 ms', '10 ms', '999 ms', '1.0 s', '99.9 s', '1.7 min', '10.0 min'])
  })

  it('writes numbers as the language does', () => {
    expect(plain(duration(1500, 'pt-BR'))).toBe('1,5 s')
  })

  it('shows a clock that ran backwards, or no number at all, as nothing', () => {
    expect(plain(duration(-5, 'en'))).toBe('0.0 ms')
    expect(plain(duration(Number.NaN, 'en'))).toBe('0.0 ms')
  })
})

describe('seconds', () => {
  it('tells a verdict in seconds, but not one of less than a tenth', () => {
    expect([874, 99, 2100].map((ms) => plain(seconds(ms, 'en')))).toEqual(['0.9 s', '99 ms', '2.1 s'])
  })
})

describe('age', () => {
  it('counts whole units and never rounds up', () => {
    const told = [0, 59_999, 60_000, 3_599_999, 3_600_000, 86_399_999, 86_400_000].map((ms) =>
      plain(age(ms, 'en')),
    )
    expect(told).toEqual(['0 s', '59 s', '1 min', '59 min', '1 h', '23 h', '1 d'])
  })

  it('is nothing for a proof from the future', () => {
    expect(plain(age(-1000, 'en'))).toBe('0 s')
  })
})

describe('bytes', () => {
  it('chooses the largest unit that fits', () => {
    const told = [0, 1023, 1024, 1024 ** 2, 1.5 * 1024 ** 3, 1024 ** 6].map((count) =>
      plain(bytes(count, 'en')),
    )
    expect(told).toEqual(['0 B', '1,023 B', '1.0 KiB', '1.0 MiB', '1.5 GiB', '1,048,576.0 TiB'])
  })

  it('tells a part in the unit of the whole', () => {
    expect(bytesIn(614_400, 1024 ** 2, 'en')).toBe('0.6')
  })
})

describe('text and moment', () => {
  it('keep a number and its unit on one line', () => {
    expect(text({ value: '12', unit: 's' })).toBe('12\u00a0s')
  })

  it('show what is no date as it stands', () => {
    expect(moment('yesterday', 'en')).toBe('yesterday')
  })
})

describe('a short moment', () => {
  const now = new Date(2026, 2, 14, 15, 9).getTime()

  it('leaves out the seconds, and the year while it is this one', () => {
    const told = shortMoment(new Date(2026, 2, 1, 9, 5, 26).toISOString(), now, 'pt-BR')
    expect(told).toContain('mar')
    expect(told).toMatch(/\b09:05$/)
    expect(told).not.toContain('2026')
  })

  it('names another year', () => {
    expect(shortMoment(new Date(2025, 2, 1, 9, 5).toISOString(), now, 'en')).toContain('2025')
  })

  it('leaves what is no date as it stands', () => {
    expect(shortMoment('yesterday', now, 'en')).toBe('yesterday')
  })
})

describe('a time on a scale', () => {
  it('has the unit and the digits that its step needs', () => {
    const told = [
      [0, 500],
      [50, 50],
      [1000, 500],
      [3000, 1000],
      [90_000, 30_000],
      [180_000, 60_000],
    ] as const
    expect(told.map(([ms, step]) => scaleTime(ms, step, 'en'))).toEqual([
      '0',
      '50\u00a0ms',
      '1.0\u00a0s',
      '3\u00a0s',
      '90\u00a0s',
      '3\u00a0min',
    ])
  })
})
