// `npm run package [-- --tar]`: the unpacked app in dist/linux-unpacked (and a tarball of it), made without a network
// once an Electron is here. Then it looks into what came out: what must not ship fails the build.
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listPackage } from '@electron/asar'
import { findElectron } from './electron-dist.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const unpacked = join(root, 'dist', 'linux-unpacked')
const require = createRequire(import.meta.url)

/** Files of the archive that must not ship, each with the reason; empty when all is well. */
export function forbidden(files: readonly string[]): readonly string[] {
  const rules: readonly (readonly [RegExp, string])[] = [
    [/\.node$/, 'native code'],
    [/^\/node_modules\/(ssh2|cpu-features|nan|buildcheck)\//, 'bundled already, with native parts'],
    [/^\/node_modules\/node-notifier\/vendor\//, 'programs for other systems'],
    [/^\/(test|scripts|bench|docs|src)\//, 'not part of the app'],
  ]
  return files.flatMap((file) =>
    rules.filter(([pattern]) => pattern.test(file)).map(([, why]) => `${file} (${why})`),
  )
}

/** What the app cannot start without. */
export function missing(files: readonly string[]): readonly string[] {
  const needed = [
    '/package.json',
    '/out/main/index.cjs',
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
    '/assets/tray/png/ready-24.png',
    '/node_modules/node-notifier/package.json',
  ]
  return needed.filter((file) => !files.includes(file))
}

async function main(args: readonly string[]): Promise<void> {
  const { dist, version } = await findElectron()
  console.log(`Packing with Electron ${version} from ${dist}`)
  const builder = join(require.resolve('electron-builder/package.json'), '..', 'cli.js')
  const config = [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`]
  await run(process.execPath, [builder, '--linux', 'dir', '--publish', 'never', ...config])
  // Parts of a dist made for development: the app has no use for them.
  for (const name of ['resources/default_app.asar', 'offload-tray.json'])
    await rm(join(unpacked, name), { force: true })
  const files = listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false })
  const wrong = [...forbidden(files), ...missing(files).map((file) => `${file} (missing)`)]
  if (wrong.length > 0) throw new Error(`app.asar is not right:\n  ${wrong.join('\n  ')}`)
  console.log(`${files.length} files in app.asar, none that must not ship: ${unpacked}`)
  if (args.includes('--tar')) await tarball(version)
}

/** With the system's tar: electron-builder would download 7-Zip for it. */
async function tarball(version: string): Promise<void> {
  const file = join(root, 'dist', `offload-tray-linux-${process.arch}.tar.gz`)
  await run('tar', ['-C', join(root, 'dist'), '--owner=0', '--group=0', '-czf', file, 'linux-unpacked'])
  console.log(`${file} (with Electron ${version})`)
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${signal ?? code}`)),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
