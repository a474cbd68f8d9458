// Every face of the window, light and dark, wide and narrow, in both languages: accessible, and never wider than the window.
import { mkdir } from 'node:fs/promises'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import { scenes } from './rig/scenes.ts'
import { now } from './rig/states.ts'
import { openWindow, sidewaysOverflow } from './rig/window.ts'

const pictures = 'test/ui/screenshots/actual'
const looks = [
  { name: 'light', dark: false, width: 960, locale: 'en' },
  { name: 'dark', dark: true, width: 960, locale: 'en' },
  { name: 'light-pt', dark: false, width: 960, locale: 'pt-BR' },
  { name: 'dark-narrow', dark: true, width: 360, locale: 'en' },
  { name: 'light-narrow-pt', dark: false, width: 360, locale: 'pt-BR' },
] as const

let browser: Browser
beforeAll(async () => {
  await mkdir(pictures, { recursive: true })
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.each(scenes)('$name', ({ name, state, click }) => {
  it('is accessible and fits, in every look', async () => {
    const window = await openWindow(browser, state)
    const { page } = window
    // axe-core waits by the page's timers.
    await page.clock.resume()
    await page.clock.setFixedTime(now)
    for (const selector of click) await page.locator(selector).first().click()
    await page.evaluate(axe.source)
    for (const look of looks) {
      await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' })
      await window.resize(look.width, 760)
      await window.push({ ...state, locale: look.locale })
      await page.locator(`html[lang=${look.locale}]`).waitFor()
      await page.evaluate(() => scrollTo(0, 0))
      await page.screenshot({ path: `${pictures}/${name}-${look.name}.png`, fullPage: true })
      expect(await sidewaysOverflow(page), `${look.name}: wider than the window`).toBe(0)
      expect(await violations(page), `${look.name}: axe`).toEqual([])
    }
    await window.close()
  })
})

/** What axe-core finds, each as "rule: element". */
async function violations(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import('axe-core') }
    const { violations: found } = await checker.run(document, { resultTypes: ['violations'] })
    return found.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`))
  })
}
