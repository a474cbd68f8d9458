// Finds the nix program and its version, without starting it where the path already tells.
import { access, constants, realpath, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { homeOf } from '../config/home.ts'
import type { LaptopFiles } from './files.ts'
import { run } from './run.ts'

export interface NixLocation {
  readonly path: string
  /** Where the links end: /nix/store/…-nix-2.28.4/bin/nix. */
  readonly realPath: string
  /** The store the program itself lives in, or the usual one. */
  readonly storeDir: string
  /** "2.28.4" of the path above, or null. */
  readonly namedVersion: string | null
}

export interface NixBinary extends NixLocation {
  /** "2.26.3" */
  readonly version: string
}

/** The nix of PATH, else of the usual places; null where there is none. */
export async function findNix(env: NodeJS.ProcessEnv, files: LaptopFiles): Promise<string | null> {
  const home = homeOf(env)
  const places = [
    ...(env['PATH'] ?? '').split(delimiter).filter((place) => place.startsWith('/')),
    ...files.nixPlaces,
    join(home, '.nix-profile/bin'),
    join(home, '.local/state/nix/profile/bin'),
  ]
  for (const place of new Set(places)) {
    const path = join(place, 'nix')
    if (await isProgram(path)) return path
  }
  return null
}

/** Where this nix really stands. Packages of Nix carry the version in their store path, which spares a process. */
export async function locateNix(path: string): Promise<NixLocation> {
  const realPath = await realpath(path).catch(() => path)
  const storeDir = /^(\/.*)\/[0-9a-z]{32}-[^/]+\/bin\/nix$/.exec(realPath)?.[1] ?? '/nix/store'
  const named = /-nix(?:-cli)?-(\d+\.\d+(?:\.\d+)?)[^/]*\/bin\/nix$/.exec(realPath)?.[1]
  return { path, realPath, storeDir, namedVersion: named ?? null }
}

/**
 * What `nix --version` says; null where it does not answer with a version within `deadlineMs`. Nix does not even tell its
 * version with a broken nix.conf (seen with 2.8.0), so this question is asked without one.
 */
export async function askVersion(
  path: string,
  env: NodeJS.ProcessEnv,
  deadlineMs: number,
): Promise<string | null> {
  const answer = await run(path, ['--version'], {
    env: { ...env, NIX_CONF_DIR: '/nonexistent' },
    deadlineMs,
  })
  return answer.state === 'done' ? parseVersion(answer.stdout) : null
}

/** "nix (Nix) 2.26.3" -> "2.26.3"; also Lix and Determinate Nix, which put more words before it. */
export function parseVersion(text: string): string | null {
  const line = text.split('\n', 1)[0] ?? ''
  return /(\d+\.\d+(?:\.\d+)?)\S*\s*$/.exec(line)?.[1] ?? null
}

/** Whether `version` is at least major.minor.patch. */
export function versionAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
