// `npm test [-- --only unit,ui]`: provides what the suites need, builds, runs them, and ends with `N passed, N failed`.
import { build } from './start/build.ts'
import { providePackages, ready } from './test/needs.ts'
import { runSuite } from './test/run.ts'
import { chosenSuites, type Suite } from './test/suites.ts'
import { judge, type SuiteResult, sum, table, totalsLine } from './test/totals.ts'

const usage = `Usage: npm test [-- --only SUITE,…]
Suites: unit, ui (Chromium), lab and integration (root, a container), e2e (Electron, a panel).
As root on Debian it installs what they need. With CI=true a suite that cannot run is a failure.`

async function runOne(suite: Suite, ci: boolean): Promise<SuiteResult> {
  console.log(`\n=== ${suite.name} ===`)
  const is = await ready(suite)
  if (is.ok) return judge(await runSuite(suite, is.env), suite.strict, ci)
  console.log(`!!! The suite ${suite.name} CANNOT RUN here: ${is.why}`)
  return judge(
    { name: suite.name, state: 'not-run', passed: 0, failed: 0, skipped: 0, seconds: 0, why: is.why },
    true,
    ci,
  )
}

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage)
    return 0
  }
  const choice = chosenSuites(args)
  if ('wrong' in choice) {
    console.error(`${choice.wrong}\n${usage}`)
    return 2
  }
  const ci = process.env['CI'] === 'true'
  providePackages(choice.chosen)
  const results: SuiteResult[] = []
  if (choice.chosen.some((suite) => suite.built) && !build()) {
    results.push({
      name: 'build',
      state: 'ran',
      passed: 0,
      failed: 1,
      skipped: 0,
      seconds: 0,
      why: 'npm run build failed',
    })
  }
  for (const suite of choice.chosen) {
    if (process.exitCode) break // Interrupted.
    results.push(await runOne(suite, ci))
  }
  const totals = sum(results)
  for (const { name, failures = [] } of results)
    for (const failure of failures) console.log(`\n${name}: ${failure}`)
  console.log(`\n${table(results)}\n\n${totalsLine(totals)}`)
  return totals.failed > 0 ? 1 : Number(process.exitCode ?? 0)
}

process.exitCode = await main(process.argv.slice(2))
