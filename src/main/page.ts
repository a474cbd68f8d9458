// The window's files, served as app://offload-tray/…: a fixed map made from the built renderer, so that no request can
// name a file outside of it, and file:// keeps no privileges (fuse grantFileProtocolExtraPrivileges).
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export const pageScheme = 'app'
const pageOrigin = `${pageScheme}://offload-tray`
export const pageUrl = `${pageOrigin}/index.html`

/** This app's own files, and nothing from anywhere else: no network, no inline script, no frames, no forms. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

/** URL path -> file, for every file of a known type below `folder`. */
export async function pageFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await filesBelow(folder)).filter((file) => extname(file) in types)
  return new Map(files.map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file]))
}

/** Walked by hand: `readdir` with `recursive` does not know what lies in an asar. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

/** Answers one request of the window: a file of the map, or 404. Never throws. */
export async function servePage(files: ReadonlyMap<string, string>, url: string): Promise<Response> {
  const file = files.get(pathOf(url) ?? '')
  if (file === undefined) return new Response('not found', { status: 404 })
  try {
    // An own copy: Response wants an ArrayBuffer view that no pool shares.
    const body = new Uint8Array(await readFile(file))
    return new Response(body, {
      headers: {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    })
  } catch {
    return new Response('unreadable', { status: 500 })
  }
}

/** Whether an address is one of our own pages. */
export function isOwnPage(url: string): boolean {
  return pathOf(url) !== undefined
}

function pathOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host, pathname, username, password, port } = new URL(url)
  if (protocol !== `${pageScheme}:` || host !== 'offload-tray') return undefined
  return username === '' && password === '' && port === '' ? pathname : undefined
}
