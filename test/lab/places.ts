// Where the lab keeps things on this machine, and the few settings it takes from the environment.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const releases = ['trixie', 'bookworm', 'sid'] as const
/** A Debian release: bookworm has OpenSSH 9.2 and Nix 2.8.0, trixie 10.0 and 2.26.3, sid whatever is newest (2.34 in 2026). */
export type Release = (typeof releases)[number]

/** The folder of the lab's own sources (shell scripts, the cache stand-in). */
export const sourceDir = dirname(fileURLToPath(import.meta.url))
/** The checkout: visible at the same path inside the laptop. */
export const repoDir = resolve(sourceDir, '../..')
/** Everything of running labs; one folder a lab, gone after `down`. */
export const labsDir = '/var/lib/offload-tray-lab'

export const labDir = (id: string): string => join(labsDir, id)
export const script = (name: string): string => join(sourceDir, 'sh', name)

/** Kept between labs: the root file systems (OFFLOAD_LAB_CACHE, else XDG_CACHE_HOME, else /var/cache). */
export function cacheDir(): string {
  const own = process.env['OFFLOAD_LAB_CACHE']
  return own ? resolve(own) : join(process.env['XDG_CACHE_HOME'] || '/var/cache', 'offload-tray-lab')
}

/** A base is named after what made it: a changed build script makes a new one. */
export function baseDir(release: Release): string {
  const hash = createHash('sha256')
    .update(readFileSync(script('base.sh')))
    .digest('hex')
    .slice(0, 12)
  return join(cacheDir(), `${release}-${hash}`)
}

/** OFFLOAD_LAB_MIRROR, else the mirror this machine's own apt reads. Throws where it reads none. */
export function mirror(): string {
  const named = process.env['OFFLOAD_LAB_MIRROR']
  if (named) return named
  const sites = execFileSync('apt-get', ['indextargets', '--format', '$(ORIGIN) $(SITE)'], {
    encoding: 'utf8',
  })
  // Debian's updates of security stand in an archive of their own, which is no whole Debian.
  const own = sites.split('\n').find((line) => line.startsWith('Debian ') && !line.includes('security'))
  if (own === undefined) throw new Error('apt reads no Debian mirror here: name one by OFFLOAD_LAB_MIRROR')
  return own.slice('Debian '.length)
}

/** LAB_ID or `lab`. Throws on a name that could not stand in a path or an interface. */
export function labId(given = process.env['LAB_ID'] || 'lab'): string {
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(given))
    throw new Error(`"${given}" is no lab name: a-z, 0-9 and - only`)
  return given
}
