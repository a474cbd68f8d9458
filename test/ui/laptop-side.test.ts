// What this laptop itself needs: each button asks main for exactly what it says, by the keyboard, and nothing that was
// typed wrong leaves the window.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import * as guides from './rig/guides.ts'
import * as laptops from './rig/laptops.ts'
import { appState, cache, examples, laptop, snapshot } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

const inGuide = (guide: Parameters<typeof guides.repairView>[0]) => appState(guides.repairView(guide))

describe('the way there', () => {
  it('is the one button of a row that this laptop’s settings mend', async () => {
    const faults = snapshot({
      caches: [
        cache('desktop', {
          'cache-signature': {
            state: 'fail',
            cause: 'cache.signature-invalid',
            params: { name: 'desktop-1' },
          },
        }),
      ],
      laptop: laptop({ fallback: { state: 'warn', cause: 'laptop.no-fallback' } }),
    })
    const window = await openWindow(browser, appState({ snapshot: faults }))
    for (const check of ['cache-signature', 'fallback']) {
      const next = window.page.locator(`[data-check=${check}] .next`)
      expect(await next.getByRole('button').allTextContents()).toEqual(['Show what this laptop needs'])
      await next.getByRole('button').press('Enter')
    }
    const calls = await window.calls('laptopOpen')
    expect(calls.map((call) => call.request)).toEqual([{}, {}])
    await window.close()
  })

  it('asks for the first desktop, and sends nothing that is no address', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.unconfigured }))
    const { page } = window
    const host = page.getByLabel('Address or name')
    const go = () => page.getByRole('button', { name: 'Show what is needed' }).press('Enter')
    for (const wrong of ['', 'http://desktop', 'me@desktop', '-oProxyCommand=x', 'a b']) {
      await host.fill(wrong)
      await go()
      await page.getByText('That is no address or name').waitFor()
    }
    await host.fill('192.168.15.7')
    await page.getByLabel('User that builds there').fill('no user')
    await go()
    await page.getByText('That is no user name').waitFor()
    expect(await window.calls('laptopOpen')).toEqual([])
    await page.getByLabel('User that builds there').fill('builder')
    await go()
    const first = { host: '192.168.15.7', user: 'builder' }
    expect(await window.calls('laptopOpen')).toEqual([{ name: 'laptopOpen', request: { first } }])
    await window.close()
  })
})

describe('the screen', () => {
  it('changes this laptop at the yes alone, and goes on at a no', async () => {
    const window = await openWindow(browser, inGuide(laptops.many))
    const { page } = window
    expect(await page.locator('[data-need]').count()).toBe(7)
    expect(await window.calls('laptopApply')).toEqual([])
    await page.getByRole('button', { name: 'Change this laptop' }).press('Enter')
    expect(await window.calls('laptopApply')).toHaveLength(1)
    await page.getByRole('button', { name: 'Go on without' }).press('Enter')
    expect(await window.calls('laptopSkip')).toHaveLength(1)
    await window.push(inGuide(laptops.applying))
    await page.getByText('your system may ask for a password').waitFor()
    expect(await page.getByRole('button', { name: 'Change this laptop' }).count()).toBe(0)
    await window.push(inGuide(laptops.refusedPassword))
    await page.locator('[data-cause="laptop.pkexec-refused"]').waitFor()
    await window.close()
  })

  it('gives NixOS its snippet and no button that changes files', async () => {
    const window = await openWindow(browser, inGuide(laptops.onNixos))
    await window.page.getByText('services.offload-client = {').waitFor()
    expect(await window.page.getByRole('button', { name: 'Change this laptop' }).count()).toBe(0)
    await window.page.getByRole('button', { name: /I have switched/ }).click()
    expect(await window.calls('repairRetry')).toHaveLength(1)
    await window.close()
  })

  it('takes the cache’s key and a new address only where they can be meant', async () => {
    const window = await openWindow(browser, inGuide(laptops.unknownKey))
    const { page } = window
    await page.getByLabel('Public key of the cache').fill('cache.local-1:short')
    await page.getByRole('button', { name: 'Use this key' }).click()
    await page.getByText('That is no public key').waitFor()
    await page.getByLabel('New address').fill('10.0.0.7:22/')
    await page.getByRole('button', { name: 'Look there' }).click()
    await page.getByText('That is no address').waitFor()
    expect(await window.calls('laptopOpen')).toEqual([])
    const cacheKey = `cache.local-1:${'A'.repeat(43)}=`
    await page.getByLabel('Public key of the cache').fill(cacheKey)
    await page.getByRole('button', { name: 'Use this key' }).click()
    await page.getByLabel('New address').fill('10.0.0.7')
    await page.getByRole('button', { name: 'Look there' }).click()
    const calls = await window.calls('laptopOpen')
    expect(calls.map((call) => call.request)).toEqual([
      { builder: guides.uri, cacheKey },
      { builder: guides.uri, newAddress: '10.0.0.7' },
    ])
    await window.close()
  })

  it('changes a pinned host key at a yes of its own, and leads back to the comparison', async () => {
    const window = await openWindow(browser, inGuide(laptops.newHostKey))
    const { page } = window
    expect(await page.locator('.fingerprint').count()).toBe(2)
    expect(await page.locator('[aria-current=step]').innerText()).toContain('Trust')
    expect(await page.getByRole('button', { name: 'Go on without' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Change this laptop' }).press('Enter')
    expect(await window.calls('laptopApply')).toHaveLength(1)
    await page.getByRole('button', { name: 'Back to the comparison' }).press('Enter')
    expect(await window.calls('repairBack')).toEqual([{ name: 'repairBack', request: { phase: 'trust' } }])
    await window.push(inGuide(laptops.newHostKeyNixos))
    await page.getByRole('button', { name: /I have switched/ }).press('Enter')
    expect(await window.calls('repairRetry')).toHaveLength(1)
    expect(await page.getByRole('button', { name: 'Change this laptop' }).count()).toBe(0)
    await window.close()
  })

  it('changes nothing for a host key that nobody compared: it leads to where that is done', async () => {
    const window = await openWindow(browser, inGuide(laptops.notCompared))
    const { page } = window
    expect(await page.getByRole('button', { name: 'Change this laptop' }).count()).toBe(0)
    expect(await page.getByText('Public key of the cache').count()).toBe(0)
    await page.getByRole('button', { name: 'Compare the host key' }).press('Enter')
    expect(await window.calls('repairOpen')).toEqual([
      { name: 'repairOpen', request: { builder: guides.uri } },
    ])
    await window.close()
  })

  it('puts the files back at the end', async () => {
    const done = { changed: [], restartNeeded: false, undo: 'can', problem: null } as const
    const window = await openWindow(browser, inGuide({ ...guides.paired, laptop: done }))
    await window.page.getByRole('button', { name: 'Put this laptop’s files back' }).press('Enter')
    expect(await window.calls('laptopUndo')).toHaveLength(1)
    await window.push(inGuide({ ...guides.paired, laptop: { ...done, undo: 'done' } }))
    await window.page.getByText('as they were before').waitFor()
    await window.close()
  })
})
