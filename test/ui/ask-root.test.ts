// Asking root why Nix hides its reason: told before the click, one button for ask and stop, and every outcome.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestBuildState } from '../../src/shared/test-build.ts'
import { type Browser, startBrowser } from './rig/browser.ts'
import { buildView } from './rig/builds.ts'
import { command, explained, noWay, refused, unexplained } from './rig/hidden-builds.ts'
import { appState } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

async function see(build: TestBuildState) {
  const window = await openWindow(browser, appState(buildView(build)))
  const show = (next: TestBuildState) => window.push(appState(buildView(next)))
  return { ...window, show, button: (name: string) => window.page.getByRole('button', { name, exact: true }) }
}

describe('a hidden reason', () => {
  it('says what will be asked for and what runs, word by word, before anything does', async () => {
    const window = await see(unexplained())
    const block = window.page.locator('.ask-root')
    expect(await block.textContent()).toContain('asks for a password')
    expect(await block.locator('pre').textContent()).toBe(command)
    expect(await window.calls('askRoot')).toEqual([])
    await window.close()
  })

  it('is asked about with one press of the keyboard, stopped with another, and the focus stays', async () => {
    const window = await see(unexplained())
    await window.button('Ask as root').press('Enter')
    expect(await window.calls('askRoot')).toHaveLength(1)
    await window.show(unexplained(undefined, true))
    await window.page.getByText('Give your password where your system asks').waitFor()
    const stop = window.button('Stop asking')
    expect(await stop.evaluate((one) => one === document.activeElement)).toBe(true)
    await window.pass(499)
    await stop.press('Enter')
    expect(await window.calls('stopAskingRoot'), 'a double click').toEqual([])
    await window.pass(500)
    await stop.press('Enter')
    expect(await window.calls('stopAskingRoot')).toHaveLength(1)
    await window.close()
  })

  it('is not stopped by the second half of a double click', async () => {
    const window = await see(unexplained())
    await window.button('Ask as root').dblclick()
    expect(await window.calls('askRoot')).toHaveLength(1)
    await window.close()
  })

  it('becomes the cause with its repair, and the focus goes to the verdict', async () => {
    const window = await see(unexplained(undefined, true))
    await window.button('Stop asking').focus()
    await window.show(explained)
    const heading = window.page.getByRole('heading', {
      level: 2,
      name: /the Nix daemon on desktop does not answer/,
    })
    await heading.waitFor()
    expect(await heading.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await window.page.locator('.ask-root').count()).toBe(0)
    await window.page.locator('.verdict').getByRole('button', { name: 'Repair…' }).click()
    expect(await window.calls('repairOpen')).toHaveLength(1)
    await window.close()
  })

  it('is over where Nix answers now: only another build proves it', async () => {
    const window = await see(unexplained({ state: 'answers' }))
    await window.page.getByText('what was wrong is over').waitFor()
    expect(await window.page.locator('.ask-root').count()).toBe(0)
    await window.page.locator('.verdict').getByRole('button', { name: 'Run test build' }).click()
    expect(await window.calls('startTestBuild')).toHaveLength(1)
    await window.close()
  })

  it.each([
    [refused, /the administrator’s password was not given/, 0],
    // In a terminal sudo may do.
    [noWay, /cannot become an administrator/, 1],
    [{ state: 'unknown' } as const, /none that is known here/, 0],
  ])('can be asked about again after %j', async (said, text, commands) => {
    const window = await see(unexplained(said))
    await window.page.getByText(text).waitFor()
    expect(await window.page.getByText('offload-test-build --ask-root').count()).toBe(commands)
    await window.button('Ask as root').click()
    expect(await window.calls('askRoot')).toHaveLength(1)
    await window.close()
  })

  it('shows no button where there is nothing to ask', async () => {
    const { rootQuestion: _, ...state } = unexplained() as Extract<TestBuildState, { phase: 'ended' }>
    const window = await see(state)
    await window.page.locator('.verdict').waitFor()
    expect(await window.button('Ask as root').count()).toBe(0)
    await window.close()
  })
})
