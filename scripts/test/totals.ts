// Counts what vitest reports, and prints the table and the last line that CI reads.
import { stripVTControlCharacters } from 'node:util'
import { projectRoot } from '../electron/places.ts'

/** The part of vitest's JSON report (jest's format) that is counted. */
interface Report {
  testResults: {
    name: string
    status: string
    /** What broke the file outside a test. */
    message?: string
    assertionResults: { status: string; fullName?: string; failureMessages?: string[] }[]
  }[]
}

/** The report as it stands on the disk; undefined where there is none, or where its writer was ended in the middle. */
export function readReport(text: string | undefined): Report | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Report)
  } catch {
    return undefined
  }
}

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** How a suite ended. `why` explains what the numbers do not show. */
export interface SuiteResult extends Counts {
  name: string
  seconds: number
  state: 'ran' | 'not-run'
  why?: string
  /** Each failed test with its words, to be said again at the end. */
  failures?: readonly string[]
}

/**
 * Counts a report. A file that broke before its tests, a run that ended badly without a failed test (an unhandled
 * error, a crash) and a suite without any test each count as one failure.
 */
export function countReport(report: Report | undefined, exitCode: number): Counts & { why?: string } {
  if (!report)
    return { passed: 0, failed: 1, skipped: 0, why: `vitest ended with ${exitCode} and left no report` }
  const counts = { passed: 0, failed: 0, skipped: 0 }
  let broken = 0
  for (const file of report.testResults) {
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++
      else if (status === 'failed') counts.failed++
      else counts.skipped++
    }
    if (file.status === 'failed' && !file.assertionResults.some((it) => it.status === 'failed')) broken++
  }
  if (broken > 0)
    return { ...counts, failed: counts.failed + broken, why: `${broken} test files broke outside a test` }
  if (counts.passed + counts.failed + counts.skipped === 0)
    return { ...counts, failed: 1, why: 'it has no tests' }
  if (exitCode !== 0 && counts.failed === 0)
    return { ...counts, failed: 1, why: `vitest ended with ${exitCode}` }
  return counts
}

/** Lines of a failure that are said again at the end: what was expected and where, not the whole trace. */
const failureLines = 25

/** A failure as it is said again: name, file, and the first lines of why, without colours and without others' frames. */
export function toldFailure(name: string, file: string, words: string): string {
  const lines = stripVTControlCharacters(words)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*[/(]node[_:]/.test(line))
  return [`✗ ${name}`, `  ${file}`, ...lines.slice(0, failureLines)]
    .join('\n    ')
    .replaceAll(projectRoot, '.')
}

/** Each failed test of a report, and each file that broke outside its tests. */
export function failuresOf(report: Report | undefined): readonly string[] {
  return (report?.testResults ?? []).flatMap((file) => {
    const tests = file.assertionResults
      .filter((it) => it.status === 'failed')
      .map((it) => toldFailure(it.fullName ?? 'a test', file.name, (it.failureMessages ?? []).join('\n')))
    return file.status === 'failed' && tests.length === 0
      ? [toldFailure('outside a test', file.name, file.message ?? '')]
      : tests
  })
}

/** In CI a suite that could not run is a failure, and so is each skipped test of a strict suite. */
export function judge(result: SuiteResult, strict: boolean, ci: boolean): SuiteResult {
  if (!ci) return result
  if (result.state === 'not-run') return { ...result, failed: result.failed + 1 }
  if (!strict || result.skipped === 0) return result
  const why = `${result.skipped} skipped, which CI does not accept here`
  return {
    ...result,
    failed: result.failed + result.skipped,
    skipped: 0,
    why: [result.why, why].filter(Boolean).join('; '),
  }
}

/** The sum of all suites. */
export function sum(results: readonly Counts[]): Counts {
  return results.reduce(
    (all, it) => ({
      passed: all.passed + it.passed,
      failed: all.failed + it.failed,
      skipped: all.skipped + it.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

/** `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export function totalsLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`
}

/** One row a suite: passed, failed, skipped, seconds, and the reason where there is one. */
export function table(results: readonly SuiteResult[]): string {
  const row = (cells: readonly string[]) =>
    `${cells[0]?.padEnd(12)}${cells
      .slice(1, 5)
      .map((cell) => cell.padStart(9))
      .join('')}  ${cells[5] ?? ''}`.trimEnd()
  const rows = results.map((it) =>
    it.state === 'not-run' && it.failed === 0
      ? row([it.name, '-', '-', '-', '-', `NOT RUN: ${it.why ?? ''}`])
      : row([
          it.name,
          String(it.passed),
          String(it.failed),
          String(it.skipped),
          it.seconds.toFixed(1),
          it.state === 'not-run' ? `NOT RUN: ${it.why ?? ''}` : (it.why ?? ''),
        ]),
  )
  return [row(['suite', 'passed', 'failed', 'skipped', 'seconds']), ...rows].join('\n')
}
