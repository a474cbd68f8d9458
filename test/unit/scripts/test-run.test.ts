// How the test runner chooses suites, counts them and says the result.
import { describe, expect, it } from 'vitest'
import { type Entry, readJournal } from '../../../scripts/test/journal.ts'
import { chosenSuites, suites } from '../../../scripts/test/suites.ts'
import {
  countReport,
  failuresOf,
  judge,
  readReport,
  type SuiteResult,
  sum,
  table,
  toldFailure,
  totalsLine,
} from '../../../scripts/test/totals.ts'

const file = (status: string, ...tests: string[]) => ({
  name: 'x.test.ts',
  status,
  assertionResults: tests.map((it) => ({ status: it })),
})

describe('the choice of suites', () => {
  it('is all of them without a word', () => {
    expect(chosenSuites([])).toEqual({ chosen: suites })
  })

  it('follows --only in the order of the suites', () => {
    const names = (args: string[]) => {
      const choice = chosenSuites(args)
      return 'chosen' in choice ? choice.chosen.map((suite) => suite.name) : choice.wrong
    }
    expect(names(['--only', 'ui,unit'])).toEqual(['unit', 'ui'])
    expect(names(['--only=e2e'])).toEqual(['e2e'])
    expect(names(['--only', 'unti'])).toContain('unti')
    expect(names(['--onyl', 'unit'])).toContain('--onyl')
    expect(names(['--only'])).toContain('--only')
  })
})

describe('the count', () => {
  it('adds up tests; todo and skipped are skipped', () => {
    const report = {
      testResults: [file('passed', 'passed', 'passed', 'skipped', 'todo'), file('failed', 'failed')],
    }
    expect(countReport(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('counts a file that broke before its tests', () => {
    expect(countReport({ testResults: [file('passed', 'passed'), file('failed')] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
      why: expect.stringContaining('1 test files broke'),
    })
  })

  it('counts a crash, an unhandled error and an empty suite as a failure', () => {
    expect(countReport(undefined, 139)).toMatchObject({ failed: 1, why: expect.stringContaining('139') })
    expect(countReport({ testResults: [file('passed', 'passed')] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    })
    expect(countReport({ testResults: [] }, 0)).toMatchObject({ failed: 1, why: 'it has no tests' })
    expect(countReport(readReport('{"testResults":[{"na'), 143)).toMatchObject({ failed: 1 })
    expect(countReport(readReport(undefined), 143)).toMatchObject({ failed: 1 })
  })
})

describe('the failures', () => {
  it('are said again with their file and their first lines; what passed is not', () => {
    const failed = {
      status: 'failed',
      fullName: 'the row says so',
      failureMessages: [`AssertionError: 1 is not 2\n${'    at there\n'.repeat(100)}`],
    }
    const [only, ...more] = failuresOf({
      testResults: [
        { name: 'row.test.ts', status: 'failed', assertionResults: [{ status: 'passed' }, failed] },
      ],
    })
    expect(more).toEqual([])
    expect(only).toMatch(/^✗ the row says so\n\s+row\.test\.ts\n\s+AssertionError: 1 is not 2\n/)
    expect(only?.split('\n').length).toBeLessThan(30)
  })

  it('name a file that broke outside its tests', () => {
    const broken = { name: 'row.test.ts', status: 'failed', message: 'cannot find x', assertionResults: [] }
    expect(failuresOf({ testResults: [broken] })).toEqual([expect.stringContaining('cannot find x')])
    expect(failuresOf(undefined)).toEqual([])
  })
})

describe('a failure', () => {
  it('is told without colours and without the frames of Node and of packages', () => {
    const words =
      'Timeout\n\u001b[2m  - waiting\u001b[22m\n    at /a/row.test.ts:3:4\n    at async file:///a/node_modules/x.js:1:2\n    at Module.run (node:internal/x:1:2)'
    expect(toldFailure('the row', 'row.test.ts', words)).toBe(
      '✗ the row\n      row.test.ts\n    Timeout\n      - waiting\n        at /a/row.test.ts:3:4',
    )
  })
})

describe('the journal of a run', () => {
  const line = (entry: Entry) => `${JSON.stringify(entry)}\n`
  const about = (id: string) => ({ id, name: `test ${id}`, file: 'x.test.ts' })

  it('tells what was running when it was ended by force, and what broke outside every test', () => {
    const text = [
      line({ what: 'began', ...about('a') }),
      line({ what: 'began', ...about('b') }),
      line({ what: 'ended', ...about('a') }),
      line({ what: 'broke', words: 'Error: nobody caught me' }),
      '{"what":"beg',
    ].join('')
    expect(readJournal(text)).toEqual({
      broke: ['Error: nobody caught me'],
      running: [{ name: 'test b', file: 'x.test.ts' }],
    })
    expect(readJournal('')).toEqual({ broke: [], running: [] })
  })
})

describe('the judgement', () => {
  const ran: SuiteResult = { name: 'lab', state: 'ran', passed: 5, failed: 0, skipped: 2, seconds: 1 }
  const absent: SuiteResult = {
    name: 'e2e',
    state: 'not-run',
    passed: 0,
    failed: 0,
    skipped: 0,
    seconds: 0,
    why: 'no screen',
  }

  it('lets skips and absences pass on a desk', () => {
    expect(judge(ran, true, false)).toEqual(ran)
    expect(judge(absent, true, false)).toEqual(absent)
  })

  it('takes them for failures in CI', () => {
    expect(judge(ran, true, true)).toMatchObject({ failed: 2, skipped: 0 })
    expect(judge(ran, false, true)).toEqual(ran)
    expect(judge(absent, true, true)).toMatchObject({ failed: 1, state: 'not-run' })
  })

  it('says why a suite did not run, in its row', () => {
    expect(table([ran, absent])).toMatch(
      /^suite +passed +failed +skipped +seconds\nlab +5 +0 +2 +1\.0\ne2e .*NOT RUN: no screen$/,
    )
    expect(table([judge(absent, true, true)])).toContain('NOT RUN: no screen')
  })

  it('ends with a line a program can read', () => {
    expect(totalsLine(sum([ran, absent]))).toBe('5 passed, 0 failed, 2 skipped')
    expect(totalsLine({ passed: 3, failed: 1, skipped: 0 })).toBe('3 passed, 1 failed')
  })
})
