// Makes the PNGs of the icons from their SVGs: `npm run icons` writes them, `npm run icons -- --check` fails where
// one is missing or out of date. The PNGs are kept in the tree so that a build needs no renderer.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

const assets = join(dirname(dirname(fileURLToPath(import.meta.url))), 'assets')

/** Panels ask for 22 (Plasma) or 24 px (the rest), and for twice that on a doubled screen. */
export const traySizes = [22, 24, 44, 48] as const
/** The sizes of the hicolor icon theme. */
const appSizes = [16, 22, 24, 32, 48, 64, 128, 256, 512] as const

interface Picture {
  readonly svg: string
  readonly png: string
  /** Width and height in px. */
  readonly size: number
}

/** Every PNG there should be, with the SVG it is made from. */
async function pictures(): Promise<readonly Picture[]> {
  const tray = join(assets, 'tray')
  const states = (await readdir(tray)).filter((name) => name.endsWith('.svg')).sort()
  return [
    ...states.flatMap((name) =>
      traySizes.map((size) => ({
        svg: join(tray, name),
        png: join(tray, 'png', `${name.slice(0, -'.svg'.length)}-${size}.png`),
        size,
      })),
    ),
    ...appSizes.map((size) => ({
      svg: join(assets, 'app', 'icon.svg'),
      png: join(assets, 'app', 'png', `${size}x${size}.png`),
      size,
    })),
  ]
}

/** The PNG file's bytes for a picture; the same SVG gives the same bytes. */
async function render(picture: Pick<Picture, 'svg' | 'size'>): Promise<Buffer> {
  const svg = await readFile(picture.svg)
  return new Resvg(svg, { fitTo: { mode: 'width', value: picture.size } }).render().asPng()
}

/** The pictures whose file is missing or differs from what its SVG gives now. */
export async function outdated(): Promise<readonly Picture[]> {
  const all = await pictures()
  const stale = await Promise.all(
    all.map(async (picture) => {
      const kept = await readFile(picture.png).catch(() => undefined)
      return kept?.equals(await render(picture)) !== true
    }),
  )
  return all.filter((_, at) => stale[at])
}

async function main(args: readonly string[]): Promise<number> {
  const stale = await outdated()
  if (args.includes('--check')) {
    for (const picture of stale) console.error(`out of date: ${picture.png}`)
    if (stale.length > 0) console.error('Run: npm run icons')
    return stale.length === 0 ? 0 : 1
  }
  for (const picture of stale) {
    await mkdir(dirname(picture.png), { recursive: true })
    await writeFile(picture.png, await render(picture))
  }
  console.log(stale.length === 0 ? 'Icons are up to date.' : `Wrote ${stale.length} icons.`)
  return 0
}

if (import.meta.url === new URL(process.argv[1] ?? '', 'file:').href) {
  process.exitCode = await main(process.argv.slice(2))
}
