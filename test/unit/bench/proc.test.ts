// Reading the kernel's accounts of memory and processor time.
import { describe, expect, it } from 'vitest'
import { childrenCpuOf, cpuOf, createProcessorClock, pssOf } from '../../../bench/proc.ts'

const rollup = `55b0c0000000-7ffd000000 ---p 00000000 00:00 0    [rollup]
Rss:              104000 kB
Pss:               50000 kB
Pss_Dirty:         20000 kB
`
/** utime 300, stime 200, cutime 10, cstime 5 ticks. */
const stat = (user: number, children = 10) =>
  `42 (a (strange) name) S 1 42 42 0 -1 4194304 100 0 0 0 ${user} 200 ${children} 5 20 0 1 0 100 1000 10`

describe('pssOf', () => {
  it('gives the proportional share in MB, not the whole and not the dirty part', () => {
    expect(pssOf(rollup)).toBe(51.2)
  })

  it('throws where the kernel gave none', () => {
    expect(() => pssOf('')).toThrow('no Pss')
  })
})

describe('cpuOf', () => {
  it('adds user and system time in seconds, whatever the name holds', () => {
    expect(cpuOf(stat(300))).toBe(5)
    expect(childrenCpuOf(stat(300))).toBe(0.15)
  })

  it('throws on what is no stat', () => {
    expect(() => cpuOf('')).toThrow('no times')
  })
})

describe('a processor clock', () => {
  it('counts from its making on, with helpers that were waited for', () => {
    const stats = new Map([
      [1, stat(300)],
      [2, stat(0, 0)],
    ])
    const clock = createProcessorClock([1, 2], (pid) => stats.get(pid) ?? '')
    stats.set(1, stat(400, 60))
    stats.set(2, stat(10, 0))
    expect(clock.seconds()).toBeCloseTo(1 + 0.5 + 0.1)
  })

  it('keeps the last account of a process that ended', () => {
    const stats = new Map([[1, stat(300)]])
    const clock = createProcessorClock([1], (pid) => {
      const found = stats.get(pid)
      if (found === undefined) throw new Error('ENOENT')
      return found
    })
    stats.set(1, stat(350))
    clock.look()
    stats.clear()
    expect(clock.seconds()).toBeCloseTo(0.5)
  })
})
