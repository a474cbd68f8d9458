// A host key is trusted only after its fingerprint was shown, and exactly that fingerprint is sent.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, startBrowser } from './rig/browser.ts'
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

const unknown = appState({ snapshot: snapshot({ builders: [builder('desktop', unknownHostKey)] }) })

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe('an unknown host key', () => {
  it('is not trusted by the first click: it shows the fingerprint and where to read the same', async () => {
    const window = await openWindow(browser, unknown)
    const row = window.page.locator('[data-check=host-key]')
    expect(await row.getByRole('button').count()).toBe(1)
    await row.getByRole('button', { name: 'Trust this host key' }).click()
    await row.getByText(offeredKey).waitFor()
    await row.getByText('ssh-keygen -lf').waitFor()
    expect(await window.calls('trustHostKey')).toEqual([])
    await window.close()
  })

  it('is trusted by the second click, with the fingerprint on the screen', async () => {
    const window = await openWindow(browser, unknown)
    const row = window.page.locator('[data-check=host-key]')
    await row.getByRole('button', { name: 'Trust this host key' }).click()
    const shown = await row.locator('.fingerprint').first().textContent()
    await row.getByRole('button', { name: 'They are the same: trust it' }).click()
    expect(await window.calls('trustHostKey')).toEqual([
      { name: 'trustHostKey', request: { builder: 'ssh-ng://nix-builder@desktop', fingerprint: shown } },
    ])
    expect(shown).toBe(offeredKey)
    await window.close()
  })

  it('that changes during the comparison cannot be trusted unseen', async () => {
    const window = await openWindow(browser, unknown)
    const row = window.page.locator('[data-check=host-key]')
    await row.getByRole('button', { name: 'Trust this host key' }).click()
    const other = {
      'host-key': {
        ...unknownHostKey['host-key'],
        params: { host: 'desktop', port: 22, offered: expectedKey },
      },
    }
    await window.push(
      appState({ snapshot: snapshot({ builders: [builder('desktop', { ...unknownHostKey, ...other })] }) }),
    )
    await row.getByRole('alert').waitFor()
    expect(await row.getByRole('button', { name: 'They are the same: trust it' }).count()).toBe(0)
    expect(await row.locator('.fingerprint').first().textContent()).toBe(offeredKey)
    await row.getByRole('button', { name: 'Check again' }).click()
    expect(await row.locator('.fingerprint').first().textContent()).toBe(expectedKey)
    await row.getByRole('button', { name: 'They are the same: trust it' }).click()
    const [call] = await window.calls('trustHostKey')
    expect(call?.request).toEqual({ builder: 'ssh-ng://nix-builder@desktop', fingerprint: expectedKey })
    await window.close()
  })

  it('stays untrusted by Escape, and the focus goes back to the button', async () => {
    const window = await openWindow(browser, unknown)
    const button = window.page.getByRole('button', { name: 'Trust this host key' })
    await button.click()
    await window.page.keyboard.press('Escape')
    await button.waitFor()
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await window.calls('trustHostKey')).toEqual([])
    await window.close()
  })

  it('that could not be kept says why, and stays open', async () => {
    const window = await openWindow(browser, unknown)
    await window.refuse('trustHostKey', 'no space left on device')
    await window.page.getByRole('button', { name: 'Trust this host key' }).click()
    await window.page.getByRole('button', { name: 'They are the same: trust it' }).click()
    await window.page.getByRole('alert').getByText('no space left on device').waitFor()
    expect(await window.page.getByText('Compare before you trust').isVisible()).toBe(true)
    await window.close()
  })
})

describe('a changed host key', () => {
  it('shows both fingerprints, names the other machine, and cannot be trusted by a click', async () => {
    const state = appState({ snapshot: snapshot({ builders: [builder('desktop', changedHostKey)] }) })
    const window = await openWindow(browser, state)
    const row = window.page.locator('[data-check=host-key]')
    const fingerprints = await row.locator('.fingerprints code').allTextContents()
    expect(fingerprints).toEqual([expectedKey, offeredKey])
    await row.getByText('Another machine may be at that address').waitFor()
    expect(await row.getByRole('button').count()).toBe(1)
    expect(await window.page.getByRole('button', { name: /trust/i }).count()).toBe(0)
    await window.close()
  })
})
