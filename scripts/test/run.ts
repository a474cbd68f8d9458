// Runs one vitest project: its output goes through, its numbers come back.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../electron/places.ts'
import { journalVariable, readJournal } from './journal.ts'
import type { Suite } from './suites.ts'
import { countReport, failuresOf, readReport, type SuiteResult, toldFailure } from './totals.ts'

/** Ends the whole process group, gently and after 10 s for good: a hanging browser must not outlive its suite. */
function endGroup(pid: number): void {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name)
    } catch {
      // Gone already, which is what we want.
    }
  }
  signal('SIGTERM')
  setTimeout(() => signal('SIGKILL'), 10_000).unref()
}

function vitest(
  suite: Suite,
  report: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; late: boolean }> {
  const args = [
    'run',
    '--project',
    suite.name,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    `--reporter=${join(projectRoot, 'scripts', 'test', 'journal.ts')}`,
  ]
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs'), ...args],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env,
      detached: true,
    },
  )
  let late = false
  const stop = () => child.pid && endGroup(child.pid)
  const timer = setTimeout(() => {
    late = true
    stop()
  }, suite.minutes * 60_000)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const onSignal = (signal: NodeJS.Signals) => {
    stop()
    process.exitCode = signal === 'SIGINT' ? 130 : 143
  }
  for (const signal of signals) process.once(signal, onSignal)
  return new Promise((resolve) => {
    const end = (code: number) => {
      clearTimeout(timer)
      for (const signal of signals) process.off(signal, onSignal)
      resolve({ code, late })
    }
    child.on('error', () => end(127))
    child.on('close', (code) => end(code ?? 1))
  })
}

/** Runs the suite and counts it. Never throws for a test's sake: whatever goes wrong is a failure in the numbers. */
export async function runSuite(suite: Suite, extra: Record<string, string>): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-tray-test-'))
  const file = join(folder, 'report.json')
  const start = performance.now()
  const journal = join(folder, 'journal')
  const { code, late } = await vitest(suite, file, { ...process.env, ...extra, [journalVariable]: journal })
  const seconds = (performance.now() - start) / 1000
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const { broke, running } = readJournal(await readFile(journal, 'utf8').catch(() => ''))
  await rm(folder, { recursive: true, force: true })
  const parsed = readReport(text)
  const failures = [
    ...failuresOf(parsed),
    ...broke.map((words) => toldFailure('outside every test', suite.name, words)),
    ...running.map((it) => toldFailure(it.name, it.file, 'was still running when the suite ended')),
  ]
  const result: SuiteResult = {
    ...countReport(parsed, code),
    name: suite.name,
    state: 'ran',
    seconds,
    failures,
  }
  return late ? { ...result, why: `stopped after ${suite.minutes} minutes` } : result
}
