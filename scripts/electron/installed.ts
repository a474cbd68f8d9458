// Electrons that are already on this machine: named by the environment, installed by npm, in our cache, or on PATH.
import { execFile } from 'node:child_process'
import { access, constants, readFile, realpath } from 'node:fs/promises'
import { delimiter, dirname, join, sep } from 'node:path'
import { electronPackage } from './places.ts'
import { RECIPE, recipeFile } from './registry.ts'
import type { Answer } from './types.ts'

async function canRun(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function text(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** The version a dist's own `version` file gives, without `v`. */
async function versionOf(dist: string): Promise<string> {
  return (await text(join(dist, 'version')))?.trim().replace(/^v/, '') || 'unknown'
}

/** ELECTRON_OVERRIDE_DIST_PATH: the person's own choice, so a wrong one ends the search. */
export async function fromOverride(env: NodeJS.ProcessEnv): Promise<Answer> {
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH']
  if (!dist) return { ok: false, why: 'ELECTRON_OVERRIDE_DIST_PATH is not set' }
  const executable = join(dist, 'electron')
  if (!(await canRun(executable))) {
    return {
      ok: false,
      fatal: true,
      why: `ELECTRON_OVERRIDE_DIST_PATH names ${dist}, which has no program "electron"`,
    }
  }
  return { ok: true, found: { dist, executable, version: await versionOf(dist), source: 'override' } }
}

/** The dist that npm's `electron` package downloaded, where it is whole and of the wanted version. */
export async function fromPackage(folder = electronPackage): Promise<Answer> {
  const dist = join(folder, 'dist')
  const executable = join(dist, 'electron')
  if (!(await canRun(executable))) return { ok: false, why: 'node_modules/electron has no dist' }
  const version = await versionOf(dist)
  const wanted = JSON.parse((await text(join(folder, 'package.json'))) ?? '{}').version
  if (version !== wanted) return { ok: false, why: `node_modules/electron/dist is ${version}, not ${wanted}` }
  return { ok: true, found: { dist, executable, version, source: 'installed' } }
}

/** A dist we made earlier. One from the registry counts only if this version of the script made it. */
export async function fromCache(cache: string, version: string): Promise<Answer> {
  const dist = join(cache, version, 'dist')
  const executable = join(dist, 'electron')
  if (!(await canRun(executable))) return { ok: false, why: `no Electron ${version} in ${cache}` }
  const made = await text(join(dist, recipeFile))
  if (made !== undefined && JSON.parse(made).recipe !== RECIPE) {
    return {
      ok: false,
      why: `the Electron ${version} in ${cache} was made by another version of this script`,
    }
  }
  return { ok: true, found: { dist, executable, version: await versionOf(dist), source: 'cache' } }
}

/** Asks a program for its version, as plain Node: that needs no display and no sandbox. Undefined after 10 s or an odd answer. */
function askVersion(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const options = { timeout: 10_000, env: { ...env, ELECTRON_RUN_AS_NODE: '1' } }
  return new Promise((resolve) => {
    execFile(file, ['-p', 'process.versions.electron'], options, (error, stdout) =>
      resolve(error ? undefined : /^\d+\.\d+\.\d+\S*$/.exec(stdout.trim())?.[0]),
    )
  })
}

/**
 * `electron` on PATH, as on NixOS. Those inside a node_modules folder are npm's launcher, which would start a download,
 * so they do not count; neither does one that does not say its version.
 */
export async function fromPath(env: NodeJS.ProcessEnv): Promise<Answer> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((it) => it.startsWith('/'))) {
    const executable = join(folder, 'electron')
    if (!(await canRun(executable))) continue
    const real = await realpath(executable)
    if ([executable, real].some((it) => it.split(sep).includes('node_modules'))) continue
    const version = await askVersion(executable, env)
    if (version)
      return { ok: true, found: { dist: dirname(executable), executable, version, source: 'path' } }
  }
  return { ok: false, why: 'no electron on PATH' }
}

/** True where programs made for other Linuxes do not start: NixOS without nix-ld. */
export async function foreignProgramsFail(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['NIX_LD']) return false
  return /^ID=nixos$/m.test((await text('/etc/os-release')) ?? '')
}
