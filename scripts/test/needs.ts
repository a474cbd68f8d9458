// Whether a suite can run on this machine, and what the tests find in their environment.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { missing as labLacks } from '../../test/lab/need.ts'
import { install, installLine, isRoot, missingPackages, thisSystem } from '../debian/install.ts'
import { packagesFor } from '../debian/packages.ts'
import { progressPrinter } from '../electron/progress.ts'
import { reason } from '../electron/types.ts'
import { findElectron } from '../electron-dist.ts'
import { lacking } from '../start/libraries.ts'
import type { Suite } from './suites.ts'

/** What a suite needs is here (with the environment to add), or not. */
export type Ready = { ok: true; env: Record<string, string> } | { ok: false; why: string }

/** True where a program is on PATH or in the folders of root's. */
function has(program: string): boolean {
  const folders = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Installs the Debian packages the suites need, as root; otherwise says which command would. Never ends the run. */
export function providePackages(chosen: readonly Suite[]): void {
  const purposes = [...new Set(chosen.flatMap((suite) => suite.packages))]
  const system = thisSystem()
  if (purposes.length === 0 || !system.debianLike) return
  const names = missingPackages(packagesFor(purposes), system)
  if (names.length === 0) return
  if (!isRoot()) {
    console.log(`Some suites need Debian packages that are not here:\n  ${installLine(names)}`)
    return
  }
  console.log(`Installing Debian packages for the tests: ${names.join(' ')}`)
  const failed = install(names, false)
  if (failed !== undefined) console.log(failed)
}

async function electronReady(): Promise<Ready> {
  const lacks = ['Xvfb', 'dbus-run-session', 'xfce4-panel', 'import'].filter((program) => !has(program))
  if (lacks.length > 0) return { ok: false, why: `needs ${lacks.join(', ')}: npm run debian -- test` }
  const printer = progressPrinter(process.stdout)
  try {
    const found = await findElectron({ onProgress: printer.report })
    printer.end()
    const libraries = lacking(found.executable)
    if (libraries.length > 0)
      return { ok: false, why: `Electron lacks ${libraries.join(', ')}: npm run debian -- app` }
    console.log(`Electron ${found.version} (${found.source}): ${found.dist}`)
    return { ok: true, env: { ELECTRON_OVERRIDE_DIST_PATH: found.dist } }
  } catch (error) {
    printer.end()
    return { ok: false, why: reason(error) }
  }
}

/** Looks at this machine for what the suite needs. */
export async function ready(suite: Suite): Promise<Ready> {
  switch (suite.name) {
    case 'ui':
      return ['chromium', 'chromium-browser', 'google-chrome'].some(has)
        ? { ok: true, env: {} }
        : { ok: false, why: 'needs Chromium: npm run debian -- test' }
    case 'lab':
    case 'integration': {
      const why = labLacks()
      return why === null ? { ok: true, env: {} } : { ok: false, why: why.replaceAll(/\s*\n\s*/g, ' ') }
    }
    case 'e2e':
      return electronReady()
    default:
      return { ok: true, env: {} }
  }
}
