#!/usr/bin/env node
// offload-status: the state in a terminal. Parses, looks, prints; nothing is decided here.
import '../core/desktop/lookup-threads.ts'
import { localeOfEnvironment } from '../shared/locale.ts'
import { main } from './status/main.ts'

main(process.argv.slice(2), localeOfEnvironment(process.env)).catch((error: unknown) => {
  process.stderr.write(`offload-status: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`)
  process.exit(70)
})
