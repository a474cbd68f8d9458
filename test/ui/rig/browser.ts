// A real Chromium for one test file, on the window as it ships, which rig/pages.ts serves.
import { existsSync } from 'node:fs'
import { type Browser as Chromium, chromium } from 'playwright-core'
import { inject } from 'vitest'

const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser {
  readonly chromium: Chromium
  readonly url: string
  close(): Promise<void>
}

/** Starts a Chromium that keeps nothing. Throws where there is none. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(chromiumPath)) {
    throw new Error(
      `The ui suite needs Chromium: none at ${chromiumPath}. Install it (apt install chromium) or name one in CHROMIUM.`,
    )
  }
  // Its profile is Playwright's own: removed when the last of its processes has ended, however it ends.
  const started = await chromium.launch({ executablePath: chromiumPath, args: switches })
  return { chromium: started, url: inject('pages'), close: () => started.close() }
}
