// What offload-status stands on: this laptop and its settings, or the demo desktop.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, defaultConfig, loadConfig } from '../../core/config/config.ts'
import { type AppPaths, appPaths } from '../../core/config/paths.ts'
import type { LaptopSource } from '../../core/laptop/facts.ts'
import { laptopSource } from '../../core/laptop/source.ts'
import type { Problem } from '../../shared/outcome.ts'

export interface Ground {
  readonly source: LaptopSource
  readonly config: Config
  readonly paths: Pick<AppPaths, 'state' | 'knownHosts'>
  /** What is wrong with the settings file. */
  readonly problems: readonly Problem[]
  /** Leaves nothing behind. */
  stop(): Promise<void>
}

/** This laptop. */
export async function laptopGround(env: NodeJS.ProcessEnv): Promise<Ground> {
  const paths = appPaths(env)
  const { config, problems } = await loadConfig(paths)
  return { source: laptopSource({ env, config }), config, paths, problems, stop: async () => undefined }
}

/** The demo desktop with these faults; its state lives and dies in a temporary folder. Loaded only when asked for. */
export async function demoGround(faults: readonly string[]): Promise<Ground> {
  const { startDemo } = await import('../../core/demo/demo.ts')
  const demo = await startDemo()
  for (const fault of faults) await demo.setFault(fault, true)
  const state = await mkdtemp(join(tmpdir(), 'offload-tray-demo-'))
  return {
    source: demo.source,
    config: defaultConfig,
    paths: { state, knownHosts: join(state, 'known_hosts') },
    problems: [],
    stop: async () => {
      await demo.stop()
      // A round that was given up may still be writing there.
      await rm(state, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
