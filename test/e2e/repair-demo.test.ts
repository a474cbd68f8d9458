// The ways into a repair, and all of it without a desktop of one's own: the demo's, in a real Electron.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clickLabel, steadyMenu } from './fixture/app.ts'
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

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor()
const labels = async () => (await item.menu()).map((one) => one.label)

/**
 * Runs in the page, where nothing is missed: a step of the demo takes 0.7 s, and whoever looks from outside now and then
 * may be late. Resolves once the step runs, or closes the window then.
 */
function whenRunning({ step, closes }: { readonly step: string; readonly closes: boolean }): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(`[data-step=${step}].is-running`) === null) return
      changes.disconnect()
      if (closes) window.close()
      resolve()
    }
    const changes = new MutationObserver(look)
    changes.observe(document.body, { subtree: true, childList: true, attributes: true })
    look()
  })
}

/** From the plan's question for a password to the plan. */
async function signIn(page: Page): Promise<void> {
  await page.getByLabel(/^Password of/).fill('demo')
  await page.keyboard.press('Enter')
  await page.getByLabel(/^sudo password/).fill('demo')
  await page.keyboard.press('Enter')
  await heading(page, /What will be changed/)
}

it('is led from the tray to the proof by the keyboard alone, and the tray then has no line for it', async () => {
  expect((await steadyMenu(item)).map((one) => one.label)).not.toContain('Repair…')
  await app.faults('bare-desktop')
  await (await app.window()).close()
  await until(async () => (await labels()).includes('Repair…'))
  const page = await app.opened(() => clickLabel(item, 'Repair…'))
  await page.getByRole('button', { name: /^Repair demo-desktop/ }).focus()
  await page.keyboard.press('Enter')
  await heading(page, /Sign in to/)
  await signIn(page)
  await page.getByText('7 things are wrong, 7 changes').waitFor()
  expect(await page.locator('.planned-step').count()).toBe(8)
  await page.getByRole('button', { name: 'Make these 7 changes' }).focus()
  const ran = page.evaluate(whenRunning, { step: 'trust-builder', closes: false })
  await page.keyboard.press('Enter')
  await ran
  await heading(page, 'Paired')
  expect(await page.locator('[data-done]').count()).toBe(7)
  await page.getByText('Undo by hand, as root on demo-desktop').waitFor()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('button', { name: 'Check now' }).waitFor()
  await until(async () => !(await labels()).includes('Repair…'))
})

it('is opened by a click on the notification of the outage', async () => {
  await app.faults('key-refused')
  await (await app.window()).close()
  await until(async () => (await desktop.shownNow()) > 0, patienceMs, 'the outage is told')
  const page = await app.opened(desktop.clickNotification)
  await page.getByRole('button', { name: /^Repair demo-desktop/ }).waitFor()
})

it('is stopped between two steps by the closing of its window; a click on the notification shows how far it came', async () => {
  await app.faults('key-refused')
  const page = await app.window()
  await page.getByRole('button', { name: 'Repair…' }).click()
  await heading(page, /Sign in to/)
  await signIn(page)
  // The outage is told some time: not later, for it is not the message to be clicked.
  await until(async () => (await desktop.notifications()).length > 0, patienceMs, 'the outage is told')
  const closed = page.waitForEvent('close')
  // With its window it hears no answer any more.
  page.evaluate(whenRunning, { step: 'create-ssh-folder', closes: true }).catch(() => {})
  await page.getByRole('button', { name: 'Make these 2 changes' }).click()
  await closed
  const cutOff = { summary: expect.stringMatching(/^Repair of demo-desktop/), body: expect.any(String) }
  await until(async () => (await desktop.shownNow()) > 0, patienceMs, 'the end is told')
  const again = await app.opened(desktop.clickNotification)
  await heading(again, 'Stopped')
  const steps = await again.locator('.run-line').allInnerTexts()
  expect(steps.map((line) => line.split('\n').slice(0, 2))).toEqual([
    ['Make the folder for keys', 'done'],
    ['Put this laptop’s key in place', 'not begun'],
  ])
  const told = (await desktop.notifications()).filter((one) => one.summary.startsWith('Repair of'))
  expect(told).toEqual([cutOff])
  expect(told[0]?.body).toBe('Done: Make the folder for keys. Not done: Put this laptop’s key in place.')
})

it('mends this laptop’s own settings from the failed row, proves it, and puts them back', async () => {
  await app.faults('no-substituter')
  const page = await app.window()
  await page.getByRole('button', { name: 'Show what this laptop needs' }).click()
  await heading(page, 'What this laptop still needs')
  await page.getByText('among the substituters').waitFor()
  await page.getByRole('button', { name: 'Change this laptop' }).focus()
  await page.keyboard.press('Enter')
  await heading(page, 'Paired')
  await page.getByRole('button', { name: 'Put this laptop’s files back' }).click()
  await page.getByText('This laptop’s files are as they were before').waitFor()
})
