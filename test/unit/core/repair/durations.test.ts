// What is remembered of how long steps take: the middle of the last runs, and nothing of a broken file.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { durationsFile, withSteps, withUsual } from '../../../../src/core/repair/durations.ts'
import type { StepProgress } from '../../../../src/shared/repair.ts'
import { barePlan } from '../../shared/plans.ts'

const took = (ms: number, state: StepProgress['state'] = 'done'): StepProgress => ({
  id: 'push-key',
  state,
  output: '',
  ms,
})
const usual = (known: Parameters<typeof withUsual>[1]) =>
  withUsual(barePlan, known).steps.find(({ id }) => id === 'push-key')?.usualSeconds

describe('the durations of earlier repairs', () => {
  it('give each step its middle time: one odd run is none', () => {
    const known = [900, 1000, 60_000, 1100, 950].reduce((before, ms) => withSteps(before, [took(ms)]), {})
    expect(usual(known)).toBe(1)
    expect(usual({})).toBeUndefined()
  })

  it('are of the last five that were done, and of no other', () => {
    const known = [1, 2, 3, 4, 5, 6].reduce((before, ms) => withSteps(before, [took(ms)]), {})
    expect(known).toEqual({ 'push-key': [6, 5, 4, 3, 2] })
    for (const state of ['failed', 'cancelled', 'rolled-back', 'unchanged', 'skipped'] as const)
      expect(withSteps(known, [took(7, state)])).toBe(known)
  })

  it('stand in a file of their own, and a broken one is as none', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'offload-durations-')), 'state')
    onTestFinished(() => rmSync(join(state, '..'), { recursive: true }))
    const file = durationsFile({ state })
    expect(await file.read()).toEqual({})
    file.add({}, [took(80.4)])
    expect(await file.read()).toEqual({ 'push-key': [80] })
    const path = join(state, 'repair-durations.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe('{"push-key":[80]}\n')
    for (const broken of ['{', '[]', '{"push-key":["80"]}', '{"push-key":[-1]}']) {
      writeFileSync(path, broken)
      expect(await file.read()).toEqual({})
    }
  })
})
