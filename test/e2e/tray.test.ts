// The icon of the real app in a real panel: it shows each Overall, follows what happens, and stays still otherwise.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoFaultId } from '../../src/shared/demo-faults.ts'
import { type Overall, overalls } from '../../src/shared/status.ts'
import {
  clickLabel,
  type DrivenApp,
  quickSettings,
  startDriven,
  steadyMenu,
  tooltipSays,
} from './fixture/app.ts'
import { type Desktop, startDesktop } from './fixture/desktop.ts'
import { likeness, seenIn } from './fixture/picture.ts'
import { patienceMs, until } from './fixture/processes.ts'
import { findTrayItem, type TrayItem } from './fixture/tray-item.ts'

const shots = join(import.meta.dirname, 'screenshots', 'actual')
const grounds = { light: '#f6f5f4', dark: '#31363b' } as const

/** How the demo desktop is brought into each state. */
const ways: Readonly<Record<Exclude<Overall, 'paused' | 'checking'>, readonly DemoFaultId[]>> = {
  ready: [],
  building: ['builds-running'],
  degraded: ['cache-stopped'],
  local: ['sshd-stopped'],
  blocked: ['sshd-stopped', 'max-jobs-0'],
  unconfigured: ['no-builder'],
}

describe.each(['light', 'dark'] as const)('the tray icon on a %s panel', (colour) => {
  let desktop: Desktop
  let app: DrivenApp
  let item: TrayItem

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    desktop = await startDesktop()
    // Each fault is looked at as it is switched; a heartbeat would end `checking` early.
    quickSettings(desktop, 20)
    await desktop.startPanel(colour)
    app = await startDriven(desktop, '--demo', '--hidden')
    item = await findTrayItem(desktop.bus)
  })
  afterAll(async () => {
    await app?.close()
    await desktop?.stop()
  })

  /** Whether the panel was told of this icon, which is like no other, and draws it. */
  async function isDrawn(overall: Overall): Promise<boolean> {
    const icon = await item.icon()
    if (likeness(icon, overall) <= 0.95) return false
    for (const other of overalls.filter((one) => one !== overall)) {
      expect(likeness(icon, other), `as like as ${other}`).toBeLessThan(0.9)
    }
    const shot = join(shots, `${overall}-${colour}.png`)
    await desktop.screenshot(shot, '120x30+0+0')
    return (await seenIn(shot, overall, grounds[colour])) > 0.9
  }

  const showsAs = (overall: Overall) =>
    until(() => isDrawn(overall), patienceMs, `the panel is told of ${overall}, and draws it`)

  it.each(Object.entries(ways))('shows %s', async (overall, faults) => {
    await app.faults(...faults)
    await showsAs(overall as Overall)
  })

  it('shows paused, and goes on', async () => {
    await app.faults()
    await showsAs('ready')
    await clickLabel(item, 'Pause')
    await showsAs('paused')
    await clickLabel(item, 'Pause')
    await showsAs('ready')
  })

  it('shows checking', async () => {
    const holds = (look: () => Promise<boolean>, ms: number) =>
      until(look, ms).then(
        () => true,
        () => false,
      )
    const isSeen = async () => likeness(await item.icon(), 'checking') > 0.95
    // Back within 5.5 s of its last proof, the desktop is only knocked at, and proven no sooner than at the next heartbeat.
    // Back later, it is told of for the moment of its proof alone.
    const backAgain = async () => {
      await app.faults('sshd-stopped')
      await app.faults()
      return (await holds(isSeen, 1_000)) && holds(() => isDrawn('checking'), 4_000)
    }
    await until(backAgain, 60_000, 'the desktop was back before it could be asked again')
  })
})

/**
 * Waits for a time of `ms` in which the told time of proof does not change: it is told in steps of five minutes, and a new
 * step shows with the next proof, up to 30 s after it began.
 */
async function amidstAStep(ms: number): Promise<void> {
  const step = 300_000
  const settled = 35_000
  const into = Date.now() % step
  const wait = into < settled ? settled - into : into + ms > step ? step - into + settled : 0
  await new Promise((resolve) => setTimeout(resolve, wait))
}

describe('the tray', () => {
  let desktop: Desktop
  let app: DrivenApp
  let item: TrayItem
  let windowsAtStart: number

  beforeAll(async () => {
    desktop = await startDesktop()
    quickSettings(desktop)
    await desktop.startPanel()
    app = await startDriven(desktop, '--demo', '--hidden')
    item = await findTrayItem(desktop.bus)
    await tooltipSays(item, 'Builds run on')
    windowsAtStart = app.electron.windows().length
  })
  afterAll(async () => {
    await app?.close()
    await desktop?.stop()
  })

  it('starts without a window, and the first menu line is the headline', async () => {
    expect(windowsAtStart).toBe(0)
    const [first] = await steadyMenu(item)
    expect(await item.tooltip()).toBe(`${first?.label}\n${(await item.tooltip()).split('\n')[1]}`)
    expect(first).toMatchObject({ enabled: true, label: expect.stringMatching(/^Builds run on /) })
  })

  it('stays still while nothing changes: over seven heartbeats and a proof the panel hears nothing', {
    timeout: 180_000,
  }, async () => {
    await amidstAStep(36_000)
    const signals = await desktop.bus.watchSignals()
    await new Promise((resolve) => setTimeout(resolve, 36_000))
    const heard = signals.filter((signal) => signal.sender === item.owner)
    expect(await item.tooltip()).toMatch(/:\d[05]$/)
    expect(heard).toEqual([])
  })

  it('tells the panel of a change once', { timeout: 180_000 }, async () => {
    await app.window()
    await amidstAStep(15_000)
    const signals = await desktop.bus.watchSignals()
    await app.faults('sshd-stopped')
    await tooltipSays(item, 'Builds run on this laptop')
    const heard = (member: string) =>
      signals.filter((one) => one.sender === item.owner && one.member === member)
    await until(() => heard('NewToolTip').length > 0 && heard('NewIcon').length > 0)
    // What would be told twice comes soon after.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(heard('NewIcon')).toHaveLength(1)
    expect(heard('NewToolTip')).toHaveLength(1)
    // Electron renews the menu's layout for the tooltip too.
    expect(heard('LayoutUpdated').length).toBeLessThanOrEqual(2)
    await app.faults()
    await tooltipSays(item, /^Builds run on (?!this)/)
  })

  it('opens the window from its first line, and destroys it on close', async () => {
    const page = await app.window()
    expect(page.url()).toBe('app://offload-tray/index.html')
    await page.close()
    await until(() => app.electron.windows().length === 0)
    const pages = () =>
      app.electron.evaluate(
        ({ app: electron }) => electron.getAppMetrics().filter(({ type }) => type === 'Tab').length,
      )
    await until(async () => (await pages()) === 0, patienceMs, 'no process of a page is left')
    await app.window()
    expect(app.electron.windows()).toHaveLength(1)
  })

  it('opens the window on a left click where the panel sends one', async () => {
    await (await app.window()).close()
    await until(() => app.electron.windows().length === 0)
    await item.activate()
    await until(() => app.electron.windows().length === 1)
  })
})
