// Prints how many times as long as JSON.parse alone the parser takes for 100 MB of recorded lines, and the memory it
// held. Run as a process of its own: vitest's module wrappers would slow down one side only.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createParser } from '../../../../src/core/test-build/internal-json.ts'

const folder = fileURLToPath(new URL('../../../fixtures/internal-json/', import.meta.url))
const chunkBytes = 65_536
const wantedBytes = 100_000_000

const text = readdirSync(folder)
  .map((name) => readFileSync(`${folder}${name}`, 'utf8'))
  .join('')
const lines = text.split('\n').filter((line) => line.startsWith('@nix '))
const jsons = lines.map((line) => line.slice(5))
const stream = Buffer.from(`${lines.join('\n')}\n`)
const rounds = Math.ceil(wantedBytes / stream.length)

function bare(): void {
  for (let round = 0; round < rounds; round += 1) for (const json of jsons) JSON.parse(json)
}

function parser(): void {
  const one = createParser()
  let count = 0
  for (let round = 0; round < rounds; round += 1)
    for (let at = 0; at < stream.length; at += chunkBytes)
      count += one.push(stream.subarray(at, at + chunkBytes)).length
  if (count !== rounds * lines.length) throw new Error(`${count} events of ${rounds * lines.length} lines`)
}

function timed(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

const before = process.memoryUsage().rss
const ratios = [1, 2, 3].map(() => {
  const theirs = timed(bare)
  return timed(parser) / theirs
})
const grownMb = Math.round((process.memoryUsage().rss - before) / 1e6)
process.stdout.write(`${JSON.stringify({ ratio: Math.min(...ratios), grownMb })}\n`)
