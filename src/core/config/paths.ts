// Where this app keeps what is its own: the XDG directories under the name offload-tray.
import { join } from 'node:path'
import { homeOf } from './home.ts'

export interface AppPaths {
  /** The user's settings, TOML. */
  readonly config: string
  /** Directory of what is remembered between runs. */
  readonly state: string
  readonly cache: string
  /** Host keys that the user trusted by a click. */
  readonly knownHosts: string
  /** Past test builds. */
  readonly history: string
  readonly log: string
}

const name = 'offload-tray'

/**
 * The paths for an environment. Source: XDG Base Directory Specification 0.8, which also says that a relative value
 * does not count.
 */
export function appPaths(env: NodeJS.ProcessEnv): AppPaths {
  const home = homeOf(env)
  const base = (variable: string, otherwise: string) => {
    const value = env[variable]
    return join(value?.startsWith('/') === true ? value : join(home, otherwise), name)
  }
  const config = base('XDG_CONFIG_HOME', '.config')
  const state = base('XDG_STATE_HOME', '.local/state')
  return {
    config: join(config, 'config.toml'),
    state,
    cache: base('XDG_CACHE_HOME', '.cache'),
    knownHosts: join(state, 'known_hosts'),
    history: join(state, 'test-builds.jsonl'),
    log: join(state, 'offload-tray.log'),
  }
}
