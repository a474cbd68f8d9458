// The official download: the zip of Electron's release, checked against the checksums inside npm's `electron` package.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { download } from './download.ts'
import { electronPackage } from './places.ts'
import type { OnProgress } from './types.ts'
import { unzip } from './zip.ts'

/** The release that npm's `electron` package stands for, and where its zip is. */
export interface Release {
  version: string
  file: string
  sha256: string
  url: string
}

const RELEASES = 'https://github.com/electron/electron/releases/download/'

/** The mirror a person set, by the same names as @electron/get (npm config `electron_mirror` or ELECTRON_MIRROR). */
export function mirror(env: NodeJS.ProcessEnv): string {
  const set = env['npm_config_electron_mirror'] || env['NPM_CONFIG_ELECTRON_MIRROR'] || env['ELECTRON_MIRROR']
  return set ? `${set.replace(/\/+$/, '')}/` : RELEASES
}

/** The wanted release for this processor; undefined where npm's package is missing or has no build for it. */
export async function wantedRelease(env: NodeJS.ProcessEnv = process.env): Promise<Release | undefined> {
  const names = [join(electronPackage, 'package.json'), join(electronPackage, 'checksums.json')]
  if (!names.every((name) => existsSync(name))) return undefined
  const [pkg, sums] = await Promise.all(names.map(async (name) => JSON.parse(await readFile(name, 'utf8'))))
  const version: string = pkg.version
  const file = `electron-v${version}-linux-${process.arch === 'arm' ? 'armv7l' : process.arch}.zip`
  const sha256: unknown = sums[file]
  if (typeof sha256 !== 'string') return undefined
  return { version, file, sha256, url: `${mirror(env)}v${version}/${file}` }
}

/**
 * Downloads and unpacks the release into `<cache>/<version>/dist`. Call it under the cache's lock.
 * Says no within 6 s where no server answers. Gives the reason as text on failure.
 */
export async function makeOfficial(
  release: Release,
  cache: string,
  onProgress: OnProgress,
): Promise<string | undefined> {
  const zip = join(cache, 'downloads', release.file)
  onProgress({ step: 'look', text: `Asking ${new URL(release.url).host} for Electron ${release.version}` })
  const got = await download({
    url: release.url,
    file: zip,
    algorithm: 'sha256',
    digest: release.sha256,
    encoding: 'hex',
    onBytes: (done, total) =>
      onProgress({
        step: 'download',
        text: `Electron ${release.version}`,
        done,
        ...(total ? { total } : {}),
      }),
    onRetry: (why) => onProgress({ step: 'note', text: `The download broke off: ${why}.` }),
  })
  if (!got.ok) return `${new URL(release.url).host}: ${got.why}`
  const folder = join(cache, release.version)
  const temp = join(folder, 'unpacking')
  await rm(temp, { recursive: true, force: true })
  await mkdir(temp, { recursive: true })
  await unzip(
    zip,
    temp,
    (name) => name,
    (done, total) => onProgress({ step: 'unpack', text: 'Unpacking', done, total }),
  )
  await rm(join(folder, 'dist'), { recursive: true, force: true })
  await rename(temp, join(folder, 'dist'))
  await rm(zip, { force: true })
  return undefined
}
