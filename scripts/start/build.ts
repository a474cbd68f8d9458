// Builds the app when what is in out/ is older than its sources.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../electron/places.ts'

const sources = [
  'src',
  'assets',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'tsconfig.json',
]
/** Each must be there and newer than every source. */
const results = [
  'out/main/index.cjs',
  'out/main/offload-status.cjs',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]

/** When the newest file at or below `path` was changed, ms since 1970; 0 where there is none. A removed file shows in its folder's time. */
function newest(path: string): number {
  const it = statSync(path, { throwIfNoEntry: false })
  if (!it) return 0
  if (!it.isDirectory()) return it.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), it.mtimeMs)
}

/** True where a result is missing or a source is newer than the oldest result. */
export function isStale(root = projectRoot): boolean {
  const oldest = Math.min(
    ...results.map((file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  )
  return oldest === 0 || sources.some((source) => newest(join(root, source)) > oldest)
}

/** Runs `npm run build` with its output shown. True where it went well. */
export function build(): boolean {
  return spawnSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot, stdio: 'inherit' }).status === 0
}
