// The Status view says the state in one sentence, and each row that fails says what to do next.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headline } from '../../src/shared/headline.ts'
import { overalls } from '../../src/shared/status.ts'
import { type Browser, startBrowser } from './rig/browser.ts'
import { appState, builder, cache, examples, laptop, snapshot, unreachable } from './rig/states.ts'
import { openWindow } from './rig/window.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe('the sentence on top', () => {
  for (const overall of overalls) {
    it(`says that the state is ${overall}, in words, with its own shape`, async () => {
      expect(examples[overall].overall).toBe(overall)
      const window = await openWindow(browser, appState({ snapshot: examples[overall] }))
      const sentence = await window.page.locator('h1').textContent()
      expect(sentence).toBe(headline(examples[overall], 'en'))
      expect(sentence).not.toContain('{')
      expect(await window.page.locator(`.headline .shape-${overall}`).count()).toBe(1)
      expect(await window.page.title()).toContain(sentence)
      await window.close()
    })
  }

  it('tells the age of the proof and keeps it current', async () => {
    const window = await openWindow(browser, appState())
    const proof = window.page.locator('.proof')
    expect(await proof.textContent()).toBe('Proven 12\u00a0s ago')
    await window.pass(60_000)
    expect(await proof.textContent()).toBe('Proven 1\u00a0min ago')
    await window.close()
  })

  it('never shows an old proof as a green light', async () => {
    const window = await openWindow(browser, appState())
    await window.pass(15 * 60_000)
    expect(await window.page.locator('.headline.is-stale').count()).toBe(1)
    expect(await window.page.locator('.headline .shape-ready').count()).toBe(0)
    expect(await window.page.locator('.proof').textContent()).toContain('15\u00a0min')
    await window.close()
  })

  it('says that there is no proof yet while there is none, and proves nothing where nothing is set up', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.checking }))
    expect(await window.page.locator('.proof').textContent()).toBe('No proof yet')
    await window.push(appState({ snapshot: examples.unconfigured }))
    await window.page.getByText('Checked 12\u00a0s ago').waitFor()
    await window.close()
  })
})

describe('a row', () => {
  it('that fails has exactly one button, which copies the command that mends it', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.local }))
    const row = window.page.locator('[data-check=reachable]')
    expect(await row.getByRole('button').count()).toBe(1)
    const before = await row.getByRole('button').evaluate((button) => button.clientWidth)
    await row.getByRole('button', { name: 'Copy command' }).click()
    expect(await window.calls('copy')).toEqual([{ name: 'copy', request: 'ping -c 3 desktop' }])
    const copied = row.getByRole('button', { name: 'Copied', exact: true })
    expect(await copied.evaluate((button) => button.clientWidth), 'as wide as before').toBe(before)
    await window.close()
  })

  it('whose next step is outside this app says what to do, once, open or not', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.local }))
    const row = window.page.locator('[data-check=reachable]')
    const todo = 'Wake desktop, and check that both machines are on the same network.'
    expect(await row.locator('.fix').allTextContents()).toEqual([todo])
    await row.locator('summary').click()
    await row.getByRole('button', { name: 'Copy details' }).waitFor()
    expect(await row.locator('.fix').allTextContents()).toEqual([todo])
    await window.close()
  })

  it.each([
    ['nix.stalled', 'Check again', 'checkNow'],
    ['nix.build-failed', 'Go to the test build', 'show'],
  ] as const)('of %s has a button, not a command of ours to copy: %s', async (cause, name, call) => {
    const failing = builder('desktop', { 'remote-nix': { state: 'fail', cause } })
    const window = await openWindow(browser, appState({ snapshot: snapshot({ builders: [failing] }) }))
    const row = window.page.locator('[data-check=remote-nix]')
    expect(await row.getByRole('button').count()).toBe(1)
    await row.getByRole('button', { name }).click()
    expect(await window.calls(call)).toHaveLength(1)
    await window.close()
  })

  it('that passes or was skipped has no button; one that advises has none but a change of this laptop’s own', async () => {
    const advising = laptop({ fallback: { state: 'warn', cause: 'laptop.no-fallback' } }, { fallback: false })
    const window = await openWindow(
      browser,
      appState({ snapshot: snapshot({ builders: [unreachable()], laptop: advising }) }),
    )
    for (const id of ['host-key', 'cache-info']) {
      expect(await window.page.locator(`[data-check=${id}]`).getByRole('button').count(), id).toBe(0)
    }
    expect(await window.page.locator('[data-check=fallback] .state').textContent()).toBe('Advice')
    const names = await window.page.locator('[data-check=fallback]').getByRole('button').allTextContents()
    expect(names).toEqual(['Show what this laptop needs'])
    expect(await window.page.locator('.button.main').count(), 'advice does not press').toBe(0)
    await window.close()
  })

  it('says its state in a word, not by colour alone', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.local }))
    expect(await window.page.locator('[data-check=reachable] .state').textContent()).toBe('Failed')
    expect(await window.page.locator('[data-check=host-key] .state').textContent()).toBe('Not checked')
    expect(await window.page.locator('[data-check=cache-info] .state').textContent()).toBe('OK')
    await window.close()
  })

  it('copies the whole check as text, raw words included', async () => {
    const failing = cache('desktop', {
      'cache-info': {
        state: 'fail',
        cause: 'cache.http-error',
        params: { url: 'http://desktop:5000', status: 502 },
        detail: 'HTTP/1.1 502 Bad Gateway\nServer: nginx',
      },
    })
    const window = await openWindow(browser, appState({ snapshot: snapshot({ caches: [failing] }) }))
    const row = window.page.locator('[data-check=cache-info]')
    await row.locator('summary').click()
    await row.getByRole('button', { name: 'Copy details' }).click()
    const [call] = await window.calls('copy')
    expect(call?.request).toContain('http://desktop:5000')
    expect(call?.request).toContain('Cache answers: Failed')
    expect(call?.request).toContain('cache.http-error')
    expect(call?.request).toContain('$ curl -i http://desktop:5000/nix-cache-info')
    expect(call?.request).toContain('HTTP/1.1 502 Bad Gateway\nServer: nginx')
    await window.close()
  })

  it('lines up the words of all states of a card, the long ones too', async () => {
    const window = await openWindow(browser, appState({ locale: 'pt-BR', snapshot: examples.local }))
    const edges = await leftEdges(window.page.locator('.card').first().locator('.row .state'))
    expect(edges).toHaveLength(4)
    expect(new Set(edges).size).toBe(1)
    await window.close()
  })

  it('lines up the units of all durations of a card', async () => {
    const window = await openWindow(browser, appState())
    const edges = await leftEdges(window.page.locator('.card').first().locator('.row .took .unit'))
    expect(edges).toHaveLength(4)
    expect(new Set(edges).size).toBe(1)
    await window.close()
  })
})

describe('the cards', () => {
  it('show each builder and cache by the names the user gave them, with the slots in use', async () => {
    const two = [builder('desktop', {}, { busy: 1, max: 4 }), builder('attic', {}, { busy: 0, max: 64 })]
    const window = await openWindow(browser, appState({ snapshot: snapshot({ builders: two }) }))
    expect(await window.page.locator('.card h2').allTextContents()).toEqual([
      'desktop',
      'attic',
      'Binary cache',
      'This laptop',
    ])
    expect(await window.page.locator('.slots').allTextContents()).toEqual([
      '1 of 4 slots busy',
      'no build running, 64 slots',
    ])
    await window.close()
  })

  it('explain how to get a builder where there is none', async () => {
    const window = await openWindow(browser, appState({ snapshot: examples.unconfigured }))
    const first = window.page.locator('.first').getByRole('button', { name: 'Show what is needed' })
    expect(await window.page.locator('.button.main').count(), 'one thing to do').toBe(1)
    expect(await first.isVisible()).toBe(true)
    expect(await window.page.locator('.command').count()).toBe(0)
    await window.page.getByText('The same by hand').click()
    const copies = window.page.getByRole('button', { name: 'Copy configuration' })
    await copies.first().click()
    await copies.last().click()
    await window.page.getByRole('button', { name: 'Copy line' }).click()
    const copied = (await window.calls('copy')).map((call) => String(call.request))
    expect(copied[0]).toContain('services.offload-client')
    expect(copied[1]).toContain('nix.buildMachines')
    expect(copied[1]).toContain('trusted-public-keys')
    expect(copied[2]).toBe('ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 - - -')
    await window.close()
  })
})

describe('the rest of the view', () => {
  it('tells calmly of a missing tray and of problems in the settings file', async () => {
    const state = appState({ trayMissing: true, configProblems: ['config.toml, line 3: not a number'] })
    const window = await openWindow(browser, state)
    await window.page.getByText('config.toml, line 3: not a number').waitFor()
    await window.page.getByText('No place for a tray icon').waitFor()
    await window.page.getByText('closing it ends the app').waitFor()
    await window.close()
  })

  it('checks now, unless a check is under way', async () => {
    const window = await openWindow(browser, appState())
    await window.page.getByRole('button', { name: 'Check now' }).click()
    expect(await window.calls('checkNow')).toHaveLength(1)
    await window.push(appState({ checking: true }))
    const button = window.page.getByRole('button', { name: 'Check now' })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await window.page.getByText('Checking…').waitFor()
    expect(await button.getAttribute('title')).toBe('a check is under way')
    await button.click({ force: true })
    expect(await window.calls('checkNow')).toHaveLength(1)
    await window.close()
  })

  it('shows why a call failed, until it is dismissed', async () => {
    const window = await openWindow(browser, appState())
    await window.refuse('checkNow', 'the monitor has stopped')
    await window.page.getByRole('button', { name: 'Check now' }).click()
    const alert = window.page.getByRole('alert')
    await alert.getByText('the monitor has stopped').waitFor()
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    expect(await alert.count()).toBe(0)
    await window.close()
  })

  it('in the demo, switches faults and shows what main says is on', async () => {
    const faults = [
      { id: 'sshd-stopped', on: false },
      { id: 'cache-stopped', on: true },
    ]
    const window = await openWindow(browser, appState({ demo: { faults } }))
    await window.page.getByText('Demo', { exact: true }).waitFor()
    await window.page.getByText('Break the demo desktop').click()
    const switches = window.page.getByRole('switch')
    expect(await switches.nth(0).isChecked()).toBe(false)
    expect(await switches.nth(1).isChecked()).toBe(true)
    await switches.nth(0).click()
    expect(await window.calls('setDemoFault')).toEqual([
      { name: 'setDemoFault', request: { id: 'sshd-stopped', on: true } },
    ])
    expect(await switches.nth(0).isChecked()).toBe(false)
    await window.push(appState({ demo: { faults: faults.map((fault) => ({ ...fault, on: true })) } }))
    expect(await switches.nth(0).isChecked()).toBe(true)
    await window.close()
  })
})

/** Where each begins, in whole CSS px. */
function leftEdges(all: Locator): Promise<readonly number[]> {
  return all.evaluateAll((ones) => ones.map((one) => Math.round(one.getBoundingClientRect().left)))
}
