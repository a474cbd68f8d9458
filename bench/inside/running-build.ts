// A process that runs on, as the tray does: one test build from a click to its verdict for each line on stdin, by the code
// that the tray runs for it. Runs as the unprivileged user. Prints a line when it is ready, and one for each build.
import { createInterface } from 'node:readline'
import { appPaths } from '../../src/core/config/paths.ts'
import { laptopSource } from '../../src/core/laptop/source.ts'
import { beginOn } from '../../src/main/begin-build.ts'

const source = laptopSource({ config: { cache: 'auto' } })
const begin = beginOn({ source, paths: appPaths(process.env), payloadBytes: Number(process.argv[2]) })
// The tray has looked at the laptop before anybody clicks.
await source.survey()
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  const began = await begin(undefined, () => undefined)
  const result = began.ok ? await began.value.done : began
  console.log(result.ok ? 'built' : JSON.stringify(result))
}
