// The whole window without a mouse, and nothing lost when a new state arrives meanwhile.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import { buildView, ended, passed } from './rig/builds.ts'
import { appState, builder, examples, snapshot } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe('the keyboard', () => {
  it('walks through the view in the order it is read', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.local }))
    const walked: string[] = []
    for (let step = 0; step < 7; step += 1) {
      await window.page.keyboard.press('Tab')
      walked.push(await focused(window.page))
    }
    expect(walked).toEqual([
      'button: Status',
      'button: Test build',
      'button: Check now',
      'summary: reachable',
      'button: Copy command',
      'summary: host-key',
      'summary: builder-key',
    ])
    await window.close()
  })

  it('shows where it is', async () => {
    const window = await openWindow(browser, appState())
    for (let step = 0; step < 4; step += 1) {
      await window.page.keyboard.press('Tab')
      const width = await window.page.evaluate(() =>
        document.activeElement === null ? '' : getComputedStyle(document.activeElement).outlineWidth,
      )
      expect(width).toBe('2px')
    }
    await window.close()
  })

  it('never hides it below the bar on top, walking back up either', async () => {
    const window = await openWindow(browser, appState(), { width: 720, height: 400 })
    const { page } = window
    await page.locator('summary').last().focus()
    const hidden: string[] = []
    for (let step = 0; step < 9; step += 1) {
      await page.keyboard.press('Shift+Tab')
      const covered = await page.evaluate(() => {
        const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0
        return (document.activeElement?.getBoundingClientRect().top ?? 0) < bar
      })
      if (covered) hidden.push(await focused(page))
    }
    expect(hidden).toEqual([])
    await window.close()
  })

  it('opens a fold with Enter and closes it with Escape from inside, keeping its place', async () => {
    const window = await openWindow(browser, appState())
    const row = window.page.locator('[data-check=host-key]')
    await row.locator('summary').focus()
    await window.page.keyboard.press('Enter')
    await row.getByRole('button', { name: 'Copy details' }).focus()
    await window.page.keyboard.press('Escape')
    expect(await row.getByRole('button').count()).toBe(0)
    expect(await focused(window.page)).toBe('summary: host-key')
    await window.close()
  })

  it('checks now with Ctrl+R without reloading, and changes the view with Ctrl+1 and Ctrl+2', async () => {
    const window = await openWindow(browser, appState())
    await window.page.keyboard.press('Control+r')
    await window.page.keyboard.press('Control+2')
    await window.page.keyboard.press('Control+1')
    await window.page.keyboard.press('Control+3')
    expect(await window.calls('checkNow')).toHaveLength(1)
    expect((await window.calls('show')).map((call) => call.request)).toEqual(['test-build', 'status'])
    await window.push(appState({ checking: true }))
    await window.page.getByText('Checking…').waitFor()
    await window.page.keyboard.press('Control+r')
    expect(await window.calls('checkNow')).toHaveLength(1)
    await window.close()
  })

  it('shows the view that main says, and keeps the focus in the window', async () => {
    const window = await openWindow(browser, appState())
    await window.page.getByRole('button', { name: 'Check now' }).focus()
    await window.push(appState(buildView(ended(passed))))
    await window.page.getByRole('heading', { name: 'Test build', level: 1 }).waitFor()
    expect(await focused(window.page)).toBe('main: ')
    const tab = window.page.getByRole('navigation').getByRole('button', { name: 'Test build' })
    expect(await tab.getAttribute('aria-current')).toBe('page')
    await window.close()
  })
})

describe('a new state', () => {
  it('keeps the focus, the open folds and the scrolling', async () => {
    const window = await openWindow(browser, appState(), { height: 400 })
    const row = window.page.locator('[data-check=remote-nix]')
    await row.locator('summary').click()
    await row.getByRole('button', { name: 'Copy details' }).focus()
    const before = await window.page.evaluate(() => scrollY)
    for (const busy of [1, 2, 0]) {
      await window.push(
        appState({ snapshot: snapshot({ builders: [builder('desktop', {}, { busy, max: 4 })] }) }),
      )
    }
    await window.page.getByText('no build running').waitFor()
    expect(await focused(window.page)).toBe('button: Copy details')
    expect(await window.page.evaluate(() => scrollY)).toBe(before)
    await window.close()
  })

  it('is announced by its sentence only', async () => {
    const window = await openWindow(browser, appState())
    const live = window.page.locator('[aria-live=polite]')
    expect(await live.count()).toBe(1)
    await window.push(appState({ snapshot: examples.local }))
    await expect.poll(() => live.textContent()).toContain('Builds run on this laptop')
    expect(await live.textContent()).not.toContain('ago')
    await window.close()
  })
})

/** The focused element: "button: Check now", or "summary: host-key" for the line of a check. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null) return 'nothing'
    const check = element.closest<HTMLElement>('[data-check]')?.dataset['check']
    const name = element.localName
    if (name === 'summary' && check !== undefined) return `summary: ${check}`
    return `${name}: ${name === 'main' ? '' : (element.textContent ?? '').trim()}`
  })
}
