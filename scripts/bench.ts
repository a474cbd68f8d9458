// `npm run bench [-- --only NAME,…] [--quick] [--write]`: what is fast, measured beside what you would use instead, in one run.
// Opens a lab of its own (root, Debian's packages); exits with 1 where a limit is missed, with 2 on wrong usage.
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchmarksPage } from '../bench/doc.ts'
import { createGround } from '../bench/ground.ts'
import { type Benchmark, benchmarks, chooseBenchmarks } from '../bench/list.ts'
import { machineText, thisMachine } from '../bench/machine.ts'
import { isMet, type Row, table } from '../bench/ratio.ts'
import { build, isStale } from './start/build.ts'

const usage = `Usage: npm run bench [-- --only NAME,…] [--quick] [--write]
Benchmarks: ${benchmarks.map((one) => one.name).join(', ')}
  --quick  fewer runs, and one idle minute in place of five: for a first look, not for the record
  --write  keeps the table in docs/benchmarks.md (all benchmarks, not quick)`

const page = join(import.meta.dirname, '../docs/benchmarks.md')

async function main(): Promise<number> {
  const options = {
    only: { type: 'string' },
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ options })
  const choice = chooseBenchmarks(values.only ?? null)
  if ('wrong' in choice) return refuse(`There is no benchmark ${choice.wrong}.`)
  if (values.write && (values.quick || values.only !== undefined))
    return refuse('--write keeps a whole, slow run only.')
  if (isStale() && !build()) return 1
  return measure(choice.chosen, values.quick === true, values.write === true)
}

async function measure(chosen: readonly Benchmark[], quick: boolean, write: boolean): Promise<number> {
  const ground = createGround(quick)
  // At once: whoever builds meanwhile is not measured.
  ground.app()
  const loadBefore = loadavg()[0] ?? 0
  const rows: Row[] = []
  const failed: string[] = []
  try {
    for (const one of chosen) {
      console.error(`measuring ${one.name} …`)
      try {
        rows.push(...(await one.run(ground)))
      } catch (error) {
        failed.push(one.name)
        console.error(`${one.name} could not be measured: ${error instanceof Error ? error.message : error}`)
      }
    }
    const machine = thisMachine(loadBefore, await ground.versions())
    console.log(`${machineText(machine)}\n\n${table(rows)}`)
    if (write && failed.length === 0) writeFileSync(page, benchmarksPage(machine, rows))
  } finally {
    await ground.close()
  }
  return failed.length === 0 && rows.every(isMet) ? 0 : 1
}

function refuse(why: string): number {
  console.error(`${why}\n${usage}`)
  return 2
}

try {
  process.exitCode = await main()
} catch (error) {
  if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    process.exitCode = refuse((error as Error).message)
  } else throw error
}
