// The window as it ships, in a real Chromium: built once a test file, served from 127.0.0.1, driven by Playwright.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import react from '@vitejs/plugin-react'
import { type BrowserContext, chromium } from 'playwright-core'
import { build } from 'vite'

const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface Browser {
  readonly context: BrowserContext
  readonly url: string
  close(): Promise<void>
}

/** Builds the renderer, serves it and starts a Chromium with a fresh profile. Throws where there is no Chromium. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath)) {
    throw new Error(
      `The ui suite needs Chromium: none at ${chromiumPath}. Install it (apt install chromium) or name one in CHROMIUM.`,
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'offload-tray-ui-'))
  const pages = join(folder, 'pages')
  await buildRenderer(pages)
  const server = await serve(pages)
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: chromiumPath,
    args: switches,
    viewport: { width: 960, height: 760 },
  })
  return {
    context,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      await context.close()
      await new Promise((done) => server.close(done))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function buildRenderer(outDir: string): Promise<void> {
  // vitest sets NODE_ENV to test; what ships is built for production.
  process.env['NODE_ENV'] = 'production'
  await build({
    configFile: false,
    root: 'src/renderer',
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir, emptyOutDir: true },
  })
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(folder, path === '/' ? 'index.html' : path)
    readFile(file).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
          .end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
