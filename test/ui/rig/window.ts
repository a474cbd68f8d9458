// One window under test: opened on a state, watched for broken rules, asked and told things.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { AppState } from '../../../src/shared/app-state.ts'
import type { InvokeName } from '../../../src/shared/ipc.ts'
import type { Browser } from './browser.ts'
import { type Call, installFakeApi } from './fake-api.ts'
import { makeLate } from './late.ts'
import { now } from './states.ts'

/** Set by hand, to find tests that read too early: how late the page's tasks come. */
const lateMs = Number(process.env['UI_LATE_MS'] ?? '0')

export interface Look {
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
}

export interface TestWindow {
  readonly page: Page
  push(state: AppState): Promise<void>
  calls(name: InvokeName): Promise<readonly Call[]>
  refuse(name: InvokeName, message: string | null): Promise<void>
  /** The page's clock stands still, timers and all, until the test lets this many ms pass. */
  pass(ms: number): Promise<void>
  /** Gives the page another size, in CSS px, and waits until it has it. */
  resize(width: number, height: number): Promise<void>
  /** Fails where the page asked for anything outside, broke its content policy or logged an error; then closes it. */
  close(): Promise<void>
}

/** Opens the window on a state, at a moment that stands still. */
export async function openWindow(browser: Browser, state: AppState, look: Look = {}): Promise<TestWindow> {
  const context = await browser.chromium.newContext({
    viewport: { width: look.width ?? 960, height: look.height ?? 760 },
    colorScheme: look.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  // Before there is a page: one that is open would have to be brought to that moment.
  await context.clock.install({ time: new Date(now) })
  await context.clock.pauseAt(new Date(now))
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(browser.url)) complaints.push(`asked for ${request.url()}`)
  })
  if (lateMs > 0) await page.addInitScript(makeLate, lateMs)
  await page.addInitScript(installFakeApi, state)
  await page.goto(browser.url)
  await page.locator('h1:not(.waiting)').waitFor()
  // The title is the last effect of the first rendering: before it a new state or a shortcut would meet nobody.
  await expect.poll(() => page.title()).not.toBe('Offload Tray')
  return {
    page,
    push: async (next) => {
      await page.evaluate((message) => window.fakeMain.push(message), next)
    },
    calls: async (name) => {
      const calls = await page.evaluate(() => window.fakeMain.calls)
      return calls.filter((call) => call.name === name)
    },
    refuse: async (name, message) => {
      await page.evaluate(([which, why]) => window.fakeMain.refuse(which, why), [name, message] as const)
    },
    pass: (ms) => context.clock.fastForward(ms),
    resize: async (width, height) => {
      await page.setViewportSize({ width, height })
      await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
    },
    close: async () => {
      await context.close()
      expect(complaints, 'what the page complained about').toEqual([])
    },
  }
}

/** How many CSS px the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
