#!/usr/bin/env node
// offload-test-build: proves offloading with a real build. Parses, runs, prints; nothing is decided here.
// Nix comes first: the rest of this program is loaded while it works.
import type { Begun } from './test-build/at-once.ts'
import { startFirst } from './test-build/first.ts'
import { plainWishes, type Wishes } from './test-build/wishes.ts'

const args = process.argv.slice(2)
const givenUp = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => givenUp.abort())

/** Nix starts its hook and ssh now, and needs every core: the words and printers can come a moment later. In ms. */
const headStart = 80

/** Begins a build and resolves once Nix is on its way to the desktop, or there is nothing more to wait for. */
async function beginFirst(wishes: Wishes): Promise<Begun> {
  const ahead = startFirst(wishes, process.env)
  const { begin } = await import('./test-build/at-once.ts')
  // Not earlier: on two cores it would hold up the one that builds the payload. A chosen builder's row it must know.
  if (wishes.builder === null) ahead?.warm()
  return new Promise((resolve) => {
    const begun = begin(wishes, process.env, givenUp.signal, ahead, () => setTimeout(stopWaiting, headStart))
    const stopWaiting = () => resolve(begun)
    const over = begun.then((it) => (it.state === 'building' ? it.done : null))
    over.then(stopWaiting, stopWaiting)
  })
}

async function run(): Promise<void> {
  const wishes = plainWishes(args)
  const begun = wishes === null ? null : await beginFirst(wishes)
  const { main } = await import('./test-build/main.ts')
  await main(args, begun, givenUp.signal)
}

run().catch((error: unknown) => {
  process.stderr.write(
    `offload-test-build: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  )
  process.exit(70)
})
