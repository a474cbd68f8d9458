// 100 MB of internal-json through our parser, beside JSON.parse alone of the same lines, in a process with a small heap.
// Alone: npx tsx bench/parser.ts [MB] [runs]
import { readdirSync, readFileSync } from 'node:fs'
import { createParser } from '../src/core/test-build/internal-json.ts'
import { byTurns } from './ratio.ts'

const megabytes = Number(process.argv[2] ?? 100)
const runs = Number(process.argv[3] ?? 3)
/** What a pipe gives at once. */
const pieceBytes = 65_536

const folder = new URL('../test/fixtures/internal-json/', import.meta.url)
/** What real Nixes wrote, old and new, over both kinds of stores. */
const lines = readdirSync(folder)
  .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
  .filter((line) => line.startsWith('@nix '))
  .map((line) => line.slice('@nix '.length))
const block = Buffer.from(lines.map((line) => `@nix ${line}\n`).join(''))
const times = Math.ceil((megabytes * 1e6) / block.length)

const ours = async () => {
  const parser = createParser()
  let events = 0
  for (let time = 0; time < times; time++)
    for (let from = 0; from < block.length; from += pieceBytes)
      events += parser.push(block.subarray(from, from + pieceBytes)).length
  events += parser.end().length
  if (events !== times * lines.length) throw new Error(`${events} events of ${times * lines.length} lines`)
}
const theirs = async () => {
  let parsed = 0
  for (let time = 0; time < times; time++) for (const line of lines) if (JSON.parse(line) !== null) parsed++
  if (parsed !== times * lines.length) throw new Error(`${parsed} of ${times * lines.length} lines`)
}

const measured = await byTurns(runs, { ours, theirs })
const heapLimitMB = /--max-old-space-size=(\d+)/.exec(process.execArgv.join(' '))?.[1] ?? null
const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ ...measured, runs, megabytes, peakMB, heapLimitMB }))
