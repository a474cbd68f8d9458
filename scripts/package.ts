// `npm run package [-- --tar]`: the unpacked app in dist/linux-unpacked (and a tarball of it), made without a network
// once an Electron is here. Then it looks into what came out: what must not ship fails the build.
import { spawn } from 'node:child_process'
import { chmod, cp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
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

/** What the app needs and the archive lacks: everything that was built, and what that opens by path. */
export function missing(files: readonly string[], built: readonly string[]): readonly string[] {
  const opened = ['/package.json', '/node_modules/node-notifier/package.json']
  const there = new Set(files)
  return [...opened, ...built].filter((file) => !there.has(file))
}

/** Files below folders of the checkout, as paths in the archive. */
async function filesBelow(...folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  )
  return found
    .flat()
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => `/${relative(root, join(entry.parentPath, entry.name))}`)
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
  await addBeside()
  const files = listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false })
  const built = await filesBelow('out', 'assets/tray/png', 'assets/app/png')
  const wrong = [...forbidden(files), ...missing(files, built).map((file) => `${file} (missing)`)]
  if (wrong.length > 0) throw new Error(`app.asar is not right:\n  ${wrong.join('\n  ')}`)
  console.log(`${files.length} files in app.asar, none that must not ship: ${unpacked}`)
  if (args.includes('--tar')) await tarball(version)
}

/** Beside the app: the command line tools (the fuse runAsNode is off, so they run on Node), the entry and its icon. */
async function addBeside(): Promise<void> {
  const tool = (source: string) => source.endsWith('main') || /chunks|offload-[a-z-]+\.cjs$/.test(source)
  const copies = [
    ['out/main', 'cli'],
    [
      'assets/io.github.offload_tray.OffloadTray.desktop',
      'share/applications/io.github.offload_tray.OffloadTray.desktop',
    ],
    ['assets/app/png/256x256.png', 'share/icons/hicolor/256x256/apps/offload-tray.png'],
    ['LICENSE', 'LICENSE.offload-tray'],
  ] as const
  for (const [from, to] of copies)
    await cp(join(root, from), join(unpacked, to), {
      recursive: true,
      ...(to === 'cli' ? { filter: tool } : {}),
    })
  const tools = await readdir(join(unpacked, 'cli'))
  for (const name of tools.filter((one) => one.endsWith('.cjs')))
    await chmod(join(unpacked, 'cli', name), 0o755)
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
