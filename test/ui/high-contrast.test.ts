// High contrast, where the system takes every background away: what is on, busy, current or done is still told apart.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import { repairView, running } from './rig/guides.ts'
import { appState, builder, snapshot } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe('in high contrast', () => {
  it('the current view, a busy slot and a switch that is on look other than the rest', async () => {
    const faults = [
      { id: 'sshd-stopped', on: false },
      { id: 'cache-stopped', on: true },
    ]
    const busy = builder('desktop', {}, { busy: 1, max: 4 })
    const state = appState({ demo: { faults }, snapshot: snapshot({ builders: [busy] }) })
    const window = await openWindow(browser, state)
    await window.page.emulateMedia({ forcedColors: 'active' })
    await window.page.getByText('Break the demo desktop').click()
    expect(await differ(window.page, '.tab', 'borderBottomColor')).toBe(true)
    expect(await differ(window.page, '.meter i', 'backgroundColor')).toBe(true)
    expect(await differ(window.page, '.switches input', 'backgroundColor')).toBe(true)
    await window.close()
  })

  it('the step that a repair is at, and how far it has come, stand out', async () => {
    const window = await openWindow(browser, appState(repairView(running)))
    await window.page.emulateMedia({ forcedColors: 'active' })
    expect(await differ(window.page, '.step-mark', 'borderTopColor')).toBe(true)
    const { page } = window
    const bar = page.locator('.progress progress')
    await bar.waitFor()
    const frame = await bar.evaluate((element) => {
      const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(element)
      return { drawn: borderTopWidth === '1px' && borderTopColor !== backgroundColor }
    })
    expect(frame).toEqual({ drawn: true })
    await window.close()
  })
})

/** Whether the first two kinds of what matches are drawn in more than one colour. */
function differ(
  page: Page,
  selector: string,
  what: 'backgroundColor' | 'borderBottomColor' | 'borderTopColor',
) {
  return page
    .locator(selector)
    .evaluateAll((all, name) => new Set(all.map((element) => getComputedStyle(element)[name])).size > 1, what)
}
