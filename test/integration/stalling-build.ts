// Runs on the lab's laptop as its unprivileged user: a test build with less patience than the commands have, so that a
// test need not wait. Takes the patience as JSON in STALLS, the payload's bytes in PAYLOAD; prints offload-test-build's events.

import { eventJson } from '../../src/cli/test-build/json.ts'
import { loadConfig } from '../../src/core/config/config.ts'
import { homeOf } from '../../src/core/config/home.ts'
import { appPaths } from '../../src/core/config/paths.ts'
import { laptopSource } from '../../src/core/laptop/source.ts'
import { knownHostsFiles } from '../../src/core/monitor/monitor.ts'
import { witness } from '../../src/core/test-build/explain.ts'
import { startTestBuild } from '../../src/core/test-build/run.ts'
import type { StallLimits } from '../../src/core/test-build/watchdog.ts'

const paths = appPaths(process.env)
const { config } = await loadConfig(paths)
const survey = await laptopSource({ env: process.env, config }).survey()
if (!survey.ok) throw new Error(survey.problem.cause)
const [builder] = survey.value.builders
if (builder === undefined) throw new Error('no builder')
const running = startTestBuild({
  builder,
  builders: survey.value.builders,
  payloadBytes: Number(process.env['PAYLOAD']),
  timeoutMs: 100_000,
  stalls: JSON.parse(process.env['STALLS'] ?? '{}') as Partial<StallLimits>,
  env: process.env,
  explain: witness(survey.value, knownHostsFiles(paths, homeOf(process.env))),
})
running.subscribe((event) => process.stdout.write(`${eventJson(event)}\n`))
await running.done
