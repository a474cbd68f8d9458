// A host key is trusted only in the guide's Trust step, after its fingerprint was shown, and exactly that one is sent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
import { buildView, ended, failed } from './rig/builds.ts'
import * as guides from './rig/guides.ts'
import {
  appState,
  builder,
  changedHostKey,
  expectedKey,
  offeredKey,
  snapshot,
  unknownHostKey,
} from './rig/states.ts'
import { openWindow } from './rig/window.ts'

const waiting = snapshot({ builders: [builder('desktop', unknownHostKey)] })
const other = snapshot({ builders: [builder('desktop', changedHostKey)] })

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

const inGuide = (repair: Parameters<typeof guides.repairView>[0], more = {}) =>
  appState(guides.repairView(repair, { snapshot: waiting, ...more }))

describe('the way to Trust', () => {
  it.each([
    ['unknown', waiting],
    ['changed', other],
  ] as const)('is the one button of a row whose key is %s, by the keyboard too', async (_, state) => {
    const window = await openWindow(browser, appState({ snapshot: state }))
    const row = window.page.locator('[data-check=host-key]')
    expect(await row.locator('.next').getByRole('button').allTextContents()).toEqual(['Compare the host key'])
    await row.getByRole('button', { name: 'Compare the host key' }).press('Enter')
    expect(await window.calls('repairOpen')).toEqual([
      { name: 'repairOpen', request: { builder: guides.uri } },
    ])
    expect(await window.calls('trustHostKey')).toEqual([])
    await window.close()
  })

  it('is the button of a test build that ended in it, but not where the app trusts the key already', async () => {
    const problem = {
      cause: 'ssh.host-key-unknown',
      params: { host: 'desktop', offered: offeredKey },
    } as const
    const build = buildView(ended({ ...failed, builder: 'desktop', uri: guides.uri, problem }))
    const window = await openWindow(browser, appState({ ...build, snapshot: waiting }))
    const button = window.page.locator('.verdict').getByRole('button', { name: 'Compare the host key' })
    await button.click()
    expect(await window.calls('repairOpen')).toHaveLength(1)
    await window.push(appState({ ...build, snapshot: snapshot() }))
    await button.waitFor({ state: 'detached' })
    await window.close()
  })

  it('is in the navigation while a key waits', async () => {
    const window = await openWindow(browser, appState({ snapshot: waiting }))
    await window.page.getByRole('navigation').getByRole('button', { name: 'Repair' }).waitFor()
    await window.close()
  })

  it('leads back there from a later step', async () => {
    const window = await openWindow(browser, inGuide(guides.signIn))
    await window.page.getByRole('button', { name: 'Trust', exact: true }).click()
    expect(await window.calls('repairBack')).toEqual([{ name: 'repairBack', request: { phase: 'trust' } }])
    await window.close()
  })
})

describe('the row of a changed key', () => {
  it('shows both fingerprints and names the other machine', async () => {
    const window = await openWindow(browser, appState({ snapshot: other }))
    const row = window.page.locator('[data-check=host-key]')
    const fingerprints = await row.locator('.fingerprints code').allTextContents()
    expect(fingerprints).toEqual([expectedKey, offeredKey])
    await row.getByText('Another machine may be at that address').waitFor()
    await window.close()
  })
})

describe('a yes without a repair', () => {
  it('sends the fingerprint on the screen, and goes back to the state', async () => {
    const window = await openWindow(browser, inGuide(guides.unknownKey))
    await window.page.getByRole('button', { name: 'Trust it, repair nothing' }).click()
    expect(await window.calls('trustHostKey')).toEqual([
      { name: 'trustHostKey', request: { builder: guides.uri, fingerprint: offeredKey } },
    ])
    expect(await window.calls('repairClose')).toHaveLength(1)
    expect(await window.calls('repairTrust')).toEqual([])
    await window.close()
  })

  it('that could not be kept says why, and stays', async () => {
    const window = await openWindow(browser, inGuide(guides.unknownKey))
    await window.refuse('trustHostKey', 'no space left on device')
    await window.page.getByRole('button', { name: 'Trust it, repair nothing' }).click()
    await window.page.getByRole('alert').getByText('no space left on device').waitFor()
    expect(await window.calls('repairClose')).toEqual([])
    await window.close()
  })

  it('is offered only where a check waits for exactly this key', async () => {
    const window = await openWindow(browser, inGuide(guides.unknownKey, { snapshot: other }))
    const button = window.page.getByRole('button', { name: 'Trust it, repair nothing' })
    await window.page.getByRole('button', { name: 'They are the same: trust it' }).waitFor()
    expect(await button.count()).toBe(0)
    await window.push(inGuide(guides.changedKey, { snapshot: other }))
    await window.page.getByText('shows another key than before').waitFor()
    expect(await button.count()).toBe(0)
    await window.close()
  })
})

describe('the Trust step', () => {
  it('says where the machines file pins another key, and sends the yes to exactly the one on the screen', async () => {
    const window = await openWindow(browser, inGuide(guides.pinnedKey, { snapshot: other }))
    const { page } = window
    await page.getByText('/etc/nix/machines:3 names the old key').waitFor()
    const yes = page.getByRole('main').getByRole('button', { name: /trust the new key/ })
    expect(await yes.getAttribute('class')).toBe('button')
    expect(await window.calls('repairTrust')).toEqual([])
    await yes.press('Enter')
    expect(await window.calls('repairTrust')).toEqual([
      { name: 'repairTrust', request: { fingerprint: offeredKey } },
    ])
    await window.close()
  })

  it('shows a key that is trusted, with its place, and goes on', async () => {
    const window = await openWindow(browser, inGuide(guides.trustedKey, { snapshot: snapshot() }))
    const { page } = window
    await page.getByText('/home/ana/.ssh/known_hosts:7').waitFor()
    const buttons = page.getByRole('main').locator('.repair-card').getByRole('button')
    expect(await buttons.allTextContents()).toEqual(['Copy command', 'Go on to Sign in'])
    await page.getByRole('button', { name: 'Go on to Sign in' }).click()
    expect(await window.calls('repairTrust')).toHaveLength(1)
    await window.close()
  })
})
