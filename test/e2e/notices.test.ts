// Notifications of the real app, as a real notification daemon gets them.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tooltipSays } from './fixture/app.ts'
import { type DemoTray, startDemoTray } from './fixture/demo-tray.ts'
import { patienceMs, until } from './fixture/processes.ts'

let tray: DemoTray
let desktop: DemoTray['desktop']
let app: DemoTray['app']
let item: DemoTray['item']

beforeEach(async () => {
  tray = await startDemoTray()
  ;({ desktop, app, item } = tray)
})
afterEach(() => tray?.stop())

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('tells an outage once, and its end once', { timeout: 300_000 }, async () => {
  await app.faults('sshd-stopped')
  await until(async () => (await desktop.notifications()).length > 0, patienceMs, 'the outage is told')
  // Two more heartbeats of the same outage.
  await pause(11_000)
  expect(await desktop.notifications()).toEqual([
    {
      summary: 'Builds no longer reach your desktop',
      body: expect.stringMatching(/^Builds run on this laptop: /),
    },
  ])
  await app.faults()
  await until(async () => (await desktop.notifications()).length > 1, patienceMs, 'the recovery is told')
  await pause(11_000)
  const [newest, ...rest] = await desktop.notifications()
  expect(newest).toEqual({
    summary: 'Offloading works again',
    body: expect.stringMatching(/^Builds run on /),
  })
  expect(rest).toHaveLength(1)
})

it('keeps quiet about a blip', async () => {
  const page = await app.window()
  // In the page, in one go: what stands for ten seconds is no blip any more.
  const ms = await page.evaluate(async () => {
    const api = window.offloadTray
    const is = async (overall: string) => {
      while ((await api.getState()).snapshot.overall !== overall)
        await new Promise((look) => setTimeout(look, 20))
    }
    await api.setDemoFault({ id: 'sshd-stopped', on: true })
    await is('local')
    const began = performance.now()
    await api.setDemoFault({ id: 'sshd-stopped', on: false })
    await is('ready')
    return performance.now() - began
  })
  expect(ms, 'how long the desktop was away').toBeLessThan(10_000)
  await tooltipSays(item, /^Builds run on (?!this)/)
  await pause(12_000)
  expect(await desktop.notifications()).toEqual([])
})

it('opens the window when an outage is clicked', async () => {
  await app.faults('sshd-stopped')
  await (await app.window()).close()
  await until(() => app.electron.windows().length === 0)
  await until(async () => (await desktop.shownNow()) > 0, patienceMs, 'the outage is shown')
  await desktop.clickNotification()
  await until(() => app.electron.windows().length === 1, patienceMs, 'the window opens')
})
