// Asks dpkg and apt what is missing, and installs it: only as root, or through sudo when the person said yes.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { bothForms, candidates, installedNames, namesHere, readSystem, type System } from './names.ts'

/** Output of a program in the C locale; empty where it fails or is missing. */
function output(file: string, args: string[]): string {
  const env = { ...process.env, LC_ALL: 'C' }
  return spawnSync(file, args, { encoding: 'utf8', env, maxBuffer: 1 << 26 }).stdout ?? ''
}

/** This machine's release. Not Debian-like where os-release or apt-get is missing. */
export function thisSystem(): System {
  try {
    const system = readSystem(readFileSync('/etc/os-release', 'utf8'))
    const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
    return { ...system, debianLike: system.debianLike && apt }
  } catch {
    return { debianLike: false, t64: false }
  }
}

/** Of these packages the ones to install, under their names on this release. */
export function missingPackages(names: readonly string[], system = thisSystem()): string[] {
  const forms = bothForms(names)
  const format = `${'$'}{Package} ${'$'}{db:Status-Status}\n`
  const installed = installedNames(output('dpkg-query', ['-W', '-f', format, ...forms]))
  const wanted = names.filter((name) => !installed.has(name) && !installed.has(`${name}t64`))
  if (wanted.length === 0) return []
  return namesHere(wanted, candidates(output('apt-cache', ['policy', ...bothForms(wanted)])), system)
}

export const isRoot = () => process.getuid?.() === 0

/** The command a person would type; fresh lists first, because a new machine has none. */
export function installLine(names: readonly string[], root = isRoot()): string {
  const apt = `${root ? '' : 'sudo '}apt-get`
  return `${apt} update && ${apt} install -y --no-install-recommends ${names.join(' ')}`
}

/** Runs one program with our output; waits for apt's lock up to five minutes instead of failing. True where it went well. */
function run(words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const [file = '', ...args] = words
  return spawnSync(file, args, { stdio: 'inherit', env }).status === 0
}

/**
 * Updates apt's lists and installs the packages (with `sudo` first where asked). `names` are resolved again after the
 * update, because fresh lists may know other names. Gives undefined on success, else what went wrong.
 */
export function install(names: readonly string[], sudo: boolean): string | undefined {
  const apt = [...(sudo ? ['sudo'] : []), 'apt-get', '-o', 'DPkg::Lock::Timeout=300', '-q']
  if (!run([...apt, 'update'])) console.error('apt-get update failed; going on with the lists that are here.')
  const fresh = missingPackages(names.map((name) => name.replace(/t64$/, '')))
  if (fresh.length === 0) return undefined
  if (run([...apt, 'install', '-y', '--no-install-recommends', ...fresh])) return undefined
  return `apt-get could not install: ${fresh.join(' ')}`
}
