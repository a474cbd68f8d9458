// 100 MB of internal-json through our parser, beside JSON.parse alone of the same lines, in a process with a small heap.
// Alone: npx tsx bench/parser.ts [MB] [runs]
import { createParser } from '../src/core/test-build/internal-json.ts'
import { byTurns } from './ratio.ts'

const megabytes = Number(process.argv[2] ?? 100)
const runs = Number(process.argv[3] ?? 3)
/** What a pipe gives at once. */
const pieceBytes = 65_536

/** Lines in the proportions of a real build: mostly progress, then log lines, then activities with ids above 2^53. */
function someLines(): readonly string[] {
  const lines: string[] = []
  for (let at = 0; at < 20_000; at++) {
    const id = 6_013_849_812_041_728 + at * 512
    const kind = at % 10
    if (kind < 5) lines.push(JSON.stringify({ action: 'result', fields: [at, 40_000, 1, 0], id, type: 105 }))
    else if (kind < 8)
      lines.push(
        JSON.stringify({
          action: 'result',
          fields: [`[${at}/20000] Compiling "crate-${at}" (lib) é \u001b[32mok\u001b[0m`],
          id,
          type: 101,
        }),
      )
    else if (kind < 9)
      lines.push(
        JSON.stringify({
          action: 'start',
          fields: [`/nix/store/${'0123456789abcdfghijklmnpqrsvwxyz'.slice(at % 8)}-package-${at}.drv`, '', 1, 1],
          id,
          level: 3,
          parent: 0,
          text: `building '/nix/store/package-${at}.drv' on 'ssh-ng://nix-builder@desktop'`,
          type: 105,
        }),
      )
    else lines.push(JSON.stringify({ action: 'stop', id }))
  }
  return lines
}

const lines = someLines()
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

const measured = await byTurns(runs, ours, theirs)
const heapLimitMB = /--max-old-space-size=(\d+)/.exec(process.execArgv.join(' '))?.[1] ?? null
const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ ...measured, runs, megabytes, peakMB, heapLimitMB }))
