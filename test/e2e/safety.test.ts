// What the window's page cannot do, tried in the real app: leave, reach out, ask for more, or speak another language.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appLog, type DrivenApp, quickSettings, startDriven, steadyMenu } from './fixture/app.ts'
import { type Desktop, startDesktop } from './fixture/desktop.ts'
import { patienceMs, until } from './fixture/processes.ts'
import { findTrayItem } from './fixture/tray-item.ts'

let desktop: Desktop
let app: DrivenApp
let page: Page

beforeAll(async () => {
  desktop = await startDesktop()
  quickSettings(desktop)
  await desktop.startPanel()
  app = await startDriven(desktop, '--demo')
  page = await app.window()
  await page.waitForSelector('#root > *')
  await findTrayItem(desktop.bus)
})
afterAll(async () => {
  await app?.close()
  await desktop?.stop()
})

const own = 'app://offload-tray/index.html'

describe('the window’s page', () => {
  it('runs in a sandbox, apart from its preload, without Node', async () => {
    const preferences = await app.electron.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents()
      // Not in the public types; the truth all the same.
      const read = contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
      return read.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    const globals = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    )
    expect(globals).toEqual([])
  })

  it('has exactly one object of ours, with the contract’s calls and nothing of Electron', async () => {
    const names = await page.evaluate(() => Object.keys(window.offloadTray).sort())
    expect(names).toContain('getState')
    expect(names).toContain('onStateChanged')
    expect(names).not.toContain('stateChanged')
    expect(await page.evaluate(() => typeof (window as { ipcRenderer?: unknown }).ipcRenderer)).toBe(
      'undefined',
    )
  })

  it('has a menu that zooms and closes, and offers no reload, no developer tools and no web site', async () => {
    const roles = await app.electron.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap((one) =>
        (one.submenu?.items ?? []).flatMap(({ role, type }) => (type === 'separator' ? [] : [role])),
      ),
    )
    // Electron gives each role in lower case.
    expect(new Set(roles)).toEqual(
      new Set(['zoomin', 'zoomout', 'resetzoom', 'togglefullscreen', 'close', 'quit']),
    )
  })

  it.each([
    'https://example.org/',
    'file:///etc/passwd',
    'data:text/html,hello',
    'app://elsewhere/index.html',
  ])('cannot go to %s', async (url) => {
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await page.evaluate((to) => {
      location.href = to
    }, url)
    // Refused by the app, or by the page's own engine before the app is asked.
    const isRefused = () =>
      appLog(desktop).includes(`navigate to ${url}`) ||
      said.some((line) => /^Not allowed to (load local resource|navigate top frame to data URL)/.test(line))
    await until(isRefused, patienceMs, `${url} is refused`)
    expect(page.url()).toBe(own)
    expect(await page.evaluate(() => document.querySelector('#root')?.childElementCount)).toBeGreaterThan(0)
  })

  it('cannot open a window', async () => {
    expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true)
    expect(app.electron.windows()).toHaveLength(1)
    await until(() => appLog(desktop).includes('refused the page: opening https://example.org/'))
  })

  it('cannot reach the network, nor run what it was not built with', async () => {
    const answers = await page.evaluate(async () => {
      const refused = async (work: () => Promise<unknown>) =>
        work().then(
          () => 'done',
          () => 'refused',
        )
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      return {
        fetched: await refused(() => fetch('http://127.0.0.1:9/')),
        own: await refused(() => fetch('app://offload-tray/index.html')),
        injected: 'injected' in window,
      }
    })
    expect(answers).toEqual({ fetched: 'refused', own: 'refused', injected: false })
  })

  it('gets no permission', async () => {
    const answers = await page.evaluate(async () => {
      const outcome = (work: Promise<unknown>) =>
        work.then(
          () => 'granted',
          () => 'refused',
        )
      return [
        await Notification.requestPermission(),
        await outcome(
          navigator.mediaDevices?.getUserMedia({ audio: true }) ?? Promise.reject(new Error('none')),
        ),
        await outcome(navigator.clipboard?.readText() ?? Promise.reject(new Error('none'))),
      ]
    })
    expect(answers).toEqual(['denied', 'refused', 'refused'])
  })

  it('is told no more than "refused" when it speaks against the contract', async () => {
    const error = await page.evaluate(() =>
      window.offloadTray.show('settings' as 'status').then(
        () => 'accepted',
        (reason: Error) => reason.message,
      ),
    )
    expect(error).toMatch(/show was refused/)
    await until(() => appLog(desktop).includes('refused a call: show: not as the contract says'))
  })

  it('has no file above its folder', async () => {
    const statuses = await app.electron.evaluate(async ({ net }) => {
      const paths = [
        'index.html',
        '..%2f..%2fpackage.json',
        '%2e%2e/%2e%2e/package.json',
        '../main/index.cjs',
      ]
      return Promise.all(paths.map(async (path) => (await net.fetch(`app://offload-tray/${path}`)).status))
    })
    expect(statuses).toEqual([200, 404, 404, 404])
  })

  it('is made again when its renderer dies, and the tray lives on', async () => {
    const fresh = await app.opened(() =>
      app.electron.evaluate(({ webContents }) =>
        webContents.getAllWebContents()[0]?.forcefullyCrashRenderer(),
      ),
    )
    await fresh.waitForSelector('#root > *')
    expect((await steadyMenu(await findTrayItem(desktop.bus))).length).toBeGreaterThan(3)
    page = fresh
  })

  it('shows an error of the app itself, which lives on', async () => {
    await app.electron.evaluate(() => {
      setTimeout(() => {
        throw new TypeError('made by a test')
      })
    })
    const shown = () => page.evaluate(async () => (await window.offloadTray.getState()).internalError)
    await until(async () => (await shown()) === 'TypeError: made by a test')
    const item = await findTrayItem(desktop.bus)
    await until(async () => (await item.menu()).some((one) => one.label.startsWith('Something went wrong')))
    await expect.poll(() => appLog(desktop)).toMatch(/uncaught exception TypeError: made by a test\n +at /)
  })
})
