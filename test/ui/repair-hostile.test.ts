// A hostile desktop's words at every place of a repair: they stay text, break no layout, and hide nothing.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GuideState } from '../../src/shared/guide.ts'
import { type Browser, startBrowser } from './rig/browser.ts'
import * as guides from './rig/guides.ts'
import * as many from './rig/many-steps.ts'
import { appState } from './rig/states.ts'
import { openWindow, sidewaysOverflow } from './rig/window.ts'

const misleading = ['\u001b', '\u202e', '\u2066', '\u200b']
const texts = [
  {
    name: 'markup',
    text: '<img src=x onerror="window.pwned = true"><script>window.pwned = true</script>',
  },
  { name: 'terminal escapes', text: '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u0000\u0008' },
  { name: 'direction-changing and invisible characters', text: 'desk\u202etop\u2066\u200b' },
  { name: 'a line of 100 kB', text: 'x'.repeat(100_000) },
  { name: '5,000 lines', text: 'line of the answer\n'.repeat(5000) },
  { name: 'nothing', text: '' },
]

/** Names that are ids of ours, not words of the other side. */
const ours = new Set([
  'phase',
  'id',
  'cause',
  'state',
  'where',
  'risk',
  'key',
  'build',
  'at',
  'can',
  'skipped',
])

/** The guide with every text of the other side replaced. */
function filledWith<T>(value: T, text: string, name = ''): T {
  if (typeof value === 'string') return (ours.has(name) ? value : text) as T
  if (Array.isArray(value)) {
    return (ours.has(name) ? value : value.map((one) => filledWith(one, text, name))) as T
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledWith(one, text, key)])) as T
}

const places: readonly (readonly [string, GuideState])[] = [
  ['find', guides.notFound],
  ['missing key', guides.noKey],
  ['trust', guides.unknownKey],
  ['changed key', guides.changedKey],
  ['sign in', guides.wrongPassword],
  ['question', guides.asked],
  ['sudo', guides.sudoWrong],
  ['review', guides.review],
  ['repair', guides.running],
  ['not paired', guides.notPaired],
  ['failed', guides.failedRun],
  ['many steps', many.review],
  ['many running', many.running],
  ['many done', many.paired],
]

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.each(texts)('$name in every text', ({ text }) => {
  it('stays text at every place of a repair', async () => {
    const window = await openWindow(browser, appState(guides.repairView(guides.finding)), { width: 360 })
    for (const [place, guide] of places) {
      await window.push(appState(guides.repairView(filledWith(guide, text))))
      await window.page.locator('.repair-title').waitFor()
      await unfold(window.page)
      expect(await sidewaysOverflow(window.page), place).toBe(0)
      const shown = (await window.page.locator('body').textContent()) ?? ''
      for (const sign of misleading) expect(shown, place).not.toContain(sign)
    }
    expect(await window.page.evaluate(() => 'pwned' in window)).toBe(false)
    expect(await window.page.locator('main img, main script').count()).toBe(0)
    await window.close()
  })
})

/** Opens every fold, and those within. */
async function unfold(page: Page): Promise<void> {
  let opened: number
  do {
    opened = await page.evaluate(() => {
      const lines = document.querySelectorAll<HTMLElement>('.fold:not([open]) > summary')
      for (const line of lines) line.click()
      return lines.length
    })
  } while (opened > 0)
}
