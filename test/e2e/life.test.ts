// The life of the real app: one of it, whatever panel there is or is not, and nothing left after its end.
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appLog,
  clickLabel,
  quickSettings,
  startBare,
  startDriven,
  steadyMenu,
  tooltipSays,
} from './fixture/app.ts'
import { type Desktop, startDesktop } from './fixture/desktop.ts'
import { groupMembers, patienceMs, until } from './fixture/processes.ts'
import { findTrayItem, registeredItems } from './fixture/tray-item.ts'

let desktop: Desktop

beforeEach(async () => {
  desktop = await startDesktop()
  quickSettings(desktop)
})
afterEach(() => desktop?.stop())

const ended = (child: { exitCode: number | null; signalCode: string | null }) =>
  child.exitCode !== null || child.signalCode !== null

describe('two starts', () => {
  it('give one app, and the second opens its window', async () => {
    await desktop.startPanel()
    const app = await startDriven(desktop, '--demo', '--hidden')
    await findTrayItem(desktop.bus)
    let second: ChildProcess | undefined
    await app.opened(async () => {
      second = await startBare(desktop, '--demo')
    })
    await until(() => second !== undefined && ended(second))
    expect(second?.exitCode).toBe(0)
    expect(await registeredItems(desktop.bus)).toHaveLength(1)
    expect(app.electron.windows()).toHaveLength(1)
    await app.close()
  })

  it('leave the window closed where the second was hidden', async () => {
    await desktop.startPanel()
    const app = await startDriven(desktop, '--demo', '--hidden')
    await findTrayItem(desktop.bus)
    const second = await startBare(desktop, '--demo', '--hidden')
    await until(() => ended(second))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(app.electron.windows()).toHaveLength(0)
    await app.close()
  })
})

describe('the end', () => {
  it.each(['Quit', 'SIGTERM', 'SIGINT'])('by %s leaves no process and no folder of the demo', async (how) => {
    await desktop.startPanel()
    const app = await startBare(desktop, '--demo', '--hidden')
    const item = await findTrayItem(desktop.bus)
    await tooltipSays(item, 'Builds run on')
    const group = app.pid ?? 0
    expect(groupMembers(group).length).toBeGreaterThan(2)
    expect(demoFolders()).toHaveLength(1)
    if (how === 'Quit') await clickLabel(item, 'Quit')
    else app.kill(how as NodeJS.Signals)
    await until(() => ended(app), patienceMs, 'the app ends')
    expect(app.exitCode).toBe(0)
    await until(() => groupMembers(group).length === 0, patienceMs, 'its helpers end')
    expect(demoFolders()).toEqual([])
    // The panel hears it from the bus.
    const isForgotten = async () => (await registeredItems(desktop.bus)).length === 0
    await until(isForgotten, patienceMs, 'the panel forgets it')
  })
})

function demoFolders(): readonly string[] {
  return readdirSync(desktop.env['TMPDIR'] ?? '').filter((name) => name.startsWith('offload-tray-demo-'))
}

describe('the panel', () => {
  it('may come late: the icon is there soon after it', async () => {
    await startBare(desktop, '--demo', '--hidden')
    await until(() => appLog(desktop).includes('started'))
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await desktop.startPanel()
    const item = await findTrayItem(desktop.bus)
    await tooltipSays(item, 'Builds run on')
  })

  it('may be none: then the window opens and says so, and closing it ends the app', async () => {
    const app = await startDriven(desktop, '--demo', '--hidden')
    const page = await app.firstWindow()
    const state = await page.evaluate(() => window.offloadTray.getState())
    expect(state.trayMissing).toBe(true)
    const process = app.electron.process()
    const pid = process.pid ?? 0
    await page.close()
    await until(() => ended(process), patienceMs, 'the app ends')
    await until(() => groupMembers(pid).length === 0, patienceMs, 'its helpers end')
  })

  it('may come after all: the icon is made then, and the window says so no more', async () => {
    const app = await startDriven(desktop, '--demo', '--hidden')
    const page = await app.firstWindow()
    await desktop.startPanel()
    await findTrayItem(desktop.bus)
    const missing = () => page.evaluate(async () => (await window.offloadTray.getState()).trayMissing)
    await until(async () => !(await missing()))
    await app.close()
  })

  it('may be restarted: the icon comes back by itself', async () => {
    const first = await desktop.startPanel()
    await startBare(desktop, '--demo', '--hidden')
    await findTrayItem(desktop.bus)
    first.kill('SIGKILL')
    await until(async () => (await registeredItems(desktop.bus)).length === 0)
    await desktop.startPanel()
    const item = await findTrayItem(desktop.bus)
    await tooltipSays(item, 'Builds run on')
    expect((await steadyMenu(item)).length).toBeGreaterThan(3)
  })
})

describe('start at login', () => {
  it('is switched from the menu, and only offered where the command is on PATH', async () => {
    await desktop.startPanel()
    const file = join(desktop.env['XDG_CONFIG_HOME'] ?? '', 'autostart', 'offload-tray.desktop')
    const without = await startBare(desktop, '--demo', '--hidden')
    const greyed = (await steadyMenu(await findTrayItem(desktop.bus))).find((one) =>
      one.label.startsWith('Start at'),
    )
    expect(greyed).toMatchObject({ enabled: false })
    without.kill('SIGTERM')
    await until(async () => (await registeredItems(desktop.bus)).length === 0)

    desktop.putOnPath('offload-tray', '#!/bin/sh\n')
    await startBare(desktop, '--demo', '--hidden')
    const item = await findTrayItem(desktop.bus)
    const entry = async () => (await item.menu()).find((one) => one.label.startsWith('Start at'))
    await steadyMenu(item)
    expect(await entry()).toMatchObject({ enabled: true, toggle: 0 })
    await clickLabel(item, 'Start at')
    // The line ticks itself at once, whatever will come of the click.
    await until(() => existsSync(file))
    expect(readFileSync(file, 'utf8')).toMatch(/^Exec=offload-tray --hidden$/m)
    await until(async () => (await entry())?.toggle === 1)
    await clickLabel(item, 'Start at')
    await until(() => !existsSync(file))
    await until(async () => (await entry())?.toggle === 0)
  })
})
