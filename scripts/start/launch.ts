// Starts the built app: Electron, its libraries, its sandbox, or the terminal's version where there is no screen.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { install, installLine, isRoot, missingPackages, thisSystem } from '../debian/install.ts'
import { projectRoot } from '../electron/places.ts'
import { progressPrinter } from '../electron/progress.ts'
import { type ElectronDist, reason } from '../electron/types.ts'
import { findElectron } from '../electron-dist.ts'
import { runInPlace } from './child.ts'
import { lacking, packagesWith } from './libraries.ts'
import { decideSandbox, sandboxFacts } from './sandbox.ts'

const say = (text: string) => console.error(text)

/** True where a window can be shown. */
export function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

async function electron(): Promise<ElectronDist | undefined> {
  const printer = progressPrinter(process.stderr)
  try {
    const found = await findElectron({ onProgress: printer.report })
    printer.end()
    if (found.source === 'official' || found.source === 'registry')
      say(`Electron ${found.version} is ready in ${found.dist}`)
    return found
  } catch (error) {
    printer.end()
    say(reason(error))
    return undefined
  }
}

/** Asks once, in the terminal; yes is the default. */
async function agrees(question: string): Promise<boolean> {
  const ask = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return !/^n/i.test((await ask.question(question)).trim())
  } finally {
    ask.close()
  }
}

/** Makes the libraries present, or says what is missing. True where Electron can load. */
async function libraries(executable: string): Promise<boolean> {
  const missing = lacking(executable)
  if (missing.length === 0) return true
  say(`Electron needs libraries that are not here: ${missing.join(' ')}`)
  const { packages, unknown } = packagesWith(missing)
  const system = thisSystem()
  if (!system.debianLike || unknown.length > 0) {
    say('Install the packages of your distribution that hold them, then run this again.')
    if (!system.debianLike) return false
  }
  const names = missingPackages(packages, system)
  if (names.length === 0) return false
  if (isRoot()) {
    say(`Installing them from Debian: ${names.join(' ')}`)
  } else if (process.stdin.isTTY && process.stderr.isTTY) {
    if (!(await agrees(`Install them with sudo apt-get install ${names.join(' ')}? [Y/n] `))) return false
  } else {
    say(`Run this, then start again:\n  ${installLine(names)}`)
    return false
  }
  const failed = install(names, !isRoot())
  if (failed !== undefined) say(failed)
  const still = failed === undefined ? lacking(executable) : missing
  if (still.length > 0 && failed === undefined) say(`Still missing: ${still.join(' ')}`)
  return still.length === 0
}

/** Of the window alone: offload-status does not know them. */
const windowOptions = ['--no-sandbox', '--hidden', '--test-build', '--repair']

/** Runs `offload-status` with the same arguments, and gives its exit code. */
async function statusInstead(args: readonly string[]): Promise<number> {
  say(
    'There is no display here (DISPLAY and WAYLAND_DISPLAY are empty), so this is offload-status, not the tray.',
  )
  const own = args.filter((arg) => !windowOptions.includes(arg))
  return runInPlace(process.execPath, [join(projectRoot, 'out', 'main', 'offload-status.cjs'), ...own])
}

/**
 * Starts the app that is in out/ with `args` and gives the exit code: the app's own, or 1 with the reason printed.
 * Without a display it is `offload-status` that runs.
 */
export async function launch(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  if (!existsSync(join(projectRoot, 'out', 'main', 'index.cjs'))) {
    say(`The app is not built yet. Run: npm run build (in ${projectRoot})`)
    return 1
  }
  if (!hasDisplay(env)) return statusInstead(args)
  const found = await electron()
  if (!found || !(await libraries(found.executable))) return 1
  const sandbox = decideSandbox(sandboxFacts(found.executable, args))
  if (sandbox.state === 'unusable') {
    say(sandbox.advice)
    return 1
  }
  if (sandbox.state === 'off') say(sandbox.warning)
  const own = args.filter((arg) => arg !== '--no-sandbox')
  const flags = sandbox.state === 'off' ? ['--no-sandbox'] : []
  return runInPlace(found.executable, [...flags, projectRoot, ...own], env)
}
