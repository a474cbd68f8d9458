// Where things are: this project, npm's Electron package, and our cache.
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** npm's `electron` package, which holds the wanted version, the checksums and (once downloaded) `dist`. */
export const electronPackage = join(projectRoot, 'node_modules', 'electron')

/** Where our Electrons are kept: `$XDG_CACHE_HOME/offload-tray/electron`. A relative XDG path counts as unset (XDG basedir spec). */
export function electronCache(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CACHE_HOME']
  const base = xdg && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.cache')
  return join(base, 'offload-tray', 'electron')
}
