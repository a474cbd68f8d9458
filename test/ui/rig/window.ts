// One window under test: opened on a state, watched for broken rules, asked and told things.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { AppState } from '../../../src/shared/app-state.ts'
import type { InvokeName } from '../../../src/shared/ipc.ts'
import type { Browser } from './browser.ts'
import { type Call, installFakeApi } from './fake-api.ts'
import { now } from './states.ts'

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
  /** Stops the page's clock for presses at this time, in ms: how far apart two presses are is then the test's to say. */
  pressAt(ms: number): Promise<void>
  /** Fails where the page asked for anything outside, broke its content policy or logged an error; then closes it. */
  close(): Promise<void>
}

/** Opens the window on a state, at a fixed moment. */
export async function openWindow(browser: Browser, state: AppState, look: Look = {}): Promise<TestWindow> {
  const page = await browser.context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(browser.url)) complaints.push(`asked for ${request.url()}`)
  })
  await page.setViewportSize({ width: look.width ?? 960, height: look.height ?? 760 })
  await page.emulateMedia({ colorScheme: look.dark === true ? 'dark' : 'light', reducedMotion: 'reduce' })
  await page.clock.setFixedTime(new Date(now))
  await page.addInitScript(installFakeApi, state)
  await page.goto(browser.url)
  await page.locator('h1:not(.waiting)').waitFor()
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
    pressAt: async (ms) => {
      await page.evaluate((time) => {
        performance.now = () => time
      }, ms)
    },
    close: async () => {
      await page.close()
      expect(complaints, 'what the page complained about').toEqual([])
    },
  }
}

/** How many CSS px the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
