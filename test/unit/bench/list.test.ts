// Which benchmarks are run, and the page that keeps them.
import { describe, expect, it } from 'vitest'
import { benchmarksPage } from '../../../bench/doc.ts'
import { benchmarks, chooseBenchmarks } from '../../../bench/list.ts'
import { thisMachine } from '../../../bench/machine.ts'
import type { Row } from '../../../bench/ratio.ts'

const row: Row = {
  kind: 'ratio',
  name: 'a',
  ours: 2,
  theirs: 1,
  unit: 'ms',
  beside: 'b',
  limit: 1,
  runs: 3,
}

describe('chooseBenchmarks', () => {
  it('takes all where none is named', () => {
    expect(chooseBenchmarks(null)).toEqual({ chosen: benchmarks })
  })

  it('takes the named ones in their own order', () => {
    const choice = chooseBenchmarks('tray, key-proof')
    expect('chosen' in choice && choice.chosen.map((one) => one.name)).toEqual(['key-proof', 'tray'])
  })

  it('says which name it does not know', () => {
    expect(chooseBenchmarks('status,speed')).toEqual({ wrong: 'speed' })
  })
})

describe('benchmarksPage', () => {
  const machine = thisMachine(0.5, { Electron: '45.4.1' })

  it('says how many limits are missed', () => {
    expect(benchmarksPage(machine, [row, { ...row, ours: 1 }])).toContain('**1 limit is missed.**')
    expect(benchmarksPage(machine, [{ ...row, ours: 1 }])).toContain('All limits are kept.')
  })

  it('names the day, the processor and the programs', () => {
    const today = () => `Measured on ${new Date().toISOString().slice(0, 10)}`
    const before = today()
    const page = benchmarksPage(machine, [row])
    // It may be midnight.
    expect(page.includes(before) || page.includes(today())).toBe(true)
    expect(page).toContain(machine.cpu)
    expect(page).toContain(`Node ${process.versions.node}, Electron 45.4.1.`)
  })
})
