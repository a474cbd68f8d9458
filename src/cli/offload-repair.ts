#!/usr/bin/env node
// offload-repair: what the repair window does, for machines without a screen. Parses, leads the guide, prints.
import { localeOfEnvironment } from '../shared/locale.ts'
import { main } from './repair/main.ts'

main(process.argv.slice(2), localeOfEnvironment(process.env)).catch((error: unknown) => {
  process.stderr.write(`offload-repair: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`)
  process.exit(70)
})
