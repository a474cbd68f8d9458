// Where the app's own files are: what is shipped, and what is kept for this user.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { type AppPaths, appPaths } from '../core/config/paths.ts'
import { profileFolder } from './profile.ts'

export interface Places {
  readonly paths: AppPaths
  readonly assets: string
  readonly renderer: string
  readonly appIcon: string
  readonly windowSize: string
  /** Chromium's own profile: nothing of ours is in it. */
  readonly profile: string
}

/** The places of this user. */
export function findPlaces(demo: boolean, env: NodeJS.ProcessEnv = process.env): Places {
  const paths = appPaths(env)
  const assets = join(app.getAppPath(), 'assets')
  return {
    paths,
    assets,
    renderer: join(app.getAppPath(), 'out', 'renderer'),
    appIcon: join(assets, 'app', 'png', '256x256.png'),
    windowSize: join(paths.state, 'window.json'),
    // The demo is an app of its own: it runs beside the real one, and two demos are one.
    profile: profileFolder(join(paths.state, demo ? 'electron-demo' : 'electron'), env),
  }
}

/** A demo keeps its state in a folder of its own, which the caller removes; the user's settings count all the same. */
export async function demoPaths(real: AppPaths): Promise<{ paths: AppPaths; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-tray-demo-'))
  const own = { knownHosts: join(folder, 'known_hosts'), history: join(folder, 'test-builds.jsonl') }
  return { paths: { ...real, state: folder, cache: folder, ...own }, folder }
}
