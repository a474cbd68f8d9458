// Store paths of this laptop that its desktop may well have too, to try a cache's signature on.
import { opendir, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { homeOf } from '../config/home.ts'
import type { LaptopFiles } from './files.ts'

/** A store may hold 100,000 entries; this many are enough to find common ones. */
const maxEntries = 4_000
const maxPaths = 16

/** What almost every closure holds: where both machines follow the same channel, the desktop has it as well. */
const common =
  /^[0-9a-z]{32}-(glibc|bash|coreutils|gcc|gcc-lib|xz|zlib|openssl|linux|systemd|nix|libidn2|attr|acl)-\d[\w.+-]*$/
const storeName = /^[0-9a-z]{32}-[\w.+?=-]+$/

/**
 * At most 16 paths, likeliest first: what this system runs (its desktop often built it), Nix itself, the profiles, then
 * common libraries, then the newest of a handful of entries. The store's directory is read only so far.
 */
export async function findSharedPaths(
  files: LaptopFiles,
  storeDir: string,
  nixPath: string | null,
): Promise<readonly string[]> {
  const links = [
    files.currentSystem,
    join(files.nixStateDir, 'profiles/system'),
    join(files.currentSystem, 'sw/bin/bash'),
    ...(nixPath === null ? [] : [nixPath]),
    join(files.nixStateDir, 'profiles/default'),
    join(homeOf(process.env), '.nix-profile'),
    ...(await perUserProfiles(files)),
  ]
  const targets = await Promise.all(links.map((link) => storePathOf(link, storeDir)))
  const entries = await someEntries(storeDir)
  const known = entries.filter((name) => common.test(name)).map((name) => join(storeDir, name))
  const recent = await newest(storeDir, entries.filter((name) => !common.test(name)).slice(0, 64))
  const all = [...targets.flatMap((path) => path ?? []), ...known.slice(0, 6), ...recent.slice(0, 4)]
  return [...new Set(all)].slice(0, maxPaths)
}

/** The store path that a link leads into, or null. */
async function storePathOf(link: string, storeDir: string): Promise<string | null> {
  // A store path's own links (a profile's bin/bash) lead further; the first one inside the store is asked for last.
  const real = await realpath(link).catch(() => readlink(link).catch(() => null))
  if (real === null || !real.startsWith(`${storeDir}/`)) return null
  const name = real.slice(storeDir.length + 1).split('/', 1)[0] ?? ''
  return storeName.test(name) ? join(storeDir, name) : null
}

async function perUserProfiles(files: LaptopFiles): Promise<readonly string[]> {
  const directory = join(files.nixStateDir, 'profiles/per-user')
  const users = await readdir(directory).catch(() => [] as string[])
  return users.slice(0, 8).map((user) => join(directory, user, 'profile'))
}

/** Up to 4,000 finished entries, in the order the file system gives them. */
async function someEntries(storeDir: string): Promise<readonly string[]> {
  const names: string[] = []
  try {
    const directory = await opendir(storeDir, { bufferSize: 512 })
    for await (const entry of directory) {
      // Derivations are not served as such; locks and temporary roots are no paths.
      if (storeName.test(entry.name) && !/\.(drv|lock|chroot|check|tmp)$/.test(entry.name))
        names.push(entry.name)
      if (names.length >= maxEntries) break
    }
  } catch {
    // No store, or not ours to list: then there are no candidates here.
    return names
  }
  return names
}

/** By time of change: the modification time of everything in a store is 1. */
async function newest(storeDir: string, names: readonly string[]): Promise<readonly string[]> {
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(storeDir, name)
      return { path, at: (await stat(path).catch(() => null))?.ctimeMs ?? 0 }
    }),
  )
  return dated.sort((a, b) => b.at - a.at).map((one) => one.path)
}
