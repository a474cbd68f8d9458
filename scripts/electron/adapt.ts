// Turns an Electron that was packed for another app into a plain one: fuses, our default app, modes.
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { projectRoot } from './places.ts'

/**
 * Makes `dist` usable like the official one: Playwright needs the inspect fuse, the other app's snapshot is left out,
 * and `resources/default_app.asar` loads the app folder named on the command line. Throws where a file is missing.
 */
export async function adapt(dist: string): Promise<void> {
  const executable = join(dist, 'electron')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  await mkdir(join(dist, 'resources'), { recursive: true })
  await createPackage(
    join(projectRoot, 'scripts', 'electron', 'default-app'),
    join(dist, 'resources', 'default_app.asar'),
  )
  for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'])
    await chmod(join(dist, name), 0o755)
}
