#!/usr/bin/env node
// offload-test-build: proves offloading with a real build. Parses, runs, prints; nothing is decided here.
import { localeOfEnvironment } from '../shared/locale.ts'
import { main } from './test-build/main.ts'

main(process.argv.slice(2), localeOfEnvironment(process.env)).catch((error: unknown) => {
  process.stderr.write(
    `offload-test-build: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  )
  process.exit(70)
})
