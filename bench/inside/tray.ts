// Runs inside the lab's laptop as alice, in a desktop of its own: our tray, idle and without its window, beside a bare one.
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findElectron } from '../../scripts/electron-dist.ts'
import { type Desktop, startDesktop } from '../../test/e2e/fixture/desktop.ts'
import { groupMembers, until } from '../../test/e2e/fixture/processes.ts'
import { findTrayItem, registeredItems } from '../../test/e2e/fixture/tray-item.ts'
import { createProcessorClock, memoryOf } from '../proc.ts'
import { median } from '../ratio.ts'

const root = join(import.meta.dirname, '../..')
const app = process.argv[2] ?? root
const runs = Number(process.argv[3] ?? 5)
const idleSeconds = Number(process.argv[4] ?? 300)
/** After the icon stands there: the first looks are done, and the start's garbage is collected, in ms. */
const settleMs = 8_000

const icon = join(root, 'assets/tray/png/ready-24.png')
const apps = {
  ours: [app, '--hidden'],
  theirs: [join(root, 'bench/bare-tray'), icon],
} as const
type App = keyof typeof apps

const { executable } = await findElectron()

interface Running {
  readonly child: ChildProcess
  /** From the start of the process to the icon's registration with the panel, in ms. */
  readonly ms: number
}

async function start(desktop: Desktop, signals: readonly { member: string }[], app: App): Promise<Running> {
  const seen = () => signals.filter((one) => one.member === 'StatusNotifierItemRegistered').length
  const before = seen()
  const began = performance.now()
  // Both without Chromium's sandbox: it does not start in every container, and it would be the same for both.
  const child = desktop.processes.start(executable, ['--no-sandbox', ...apps[app]], { env: desktop.env })
  while (seen() === before) {
    if (performance.now() - began > 20_000) throw new Error(`${app}: no icon within 20 s`)
    await pause(1)
  }
  return { child, ms: performance.now() - began }
}

async function end(desktop: Desktop, { child }: Running): Promise<void> {
  child.kill('SIGTERM')
  const { pid } = child
  await until(() => pid === undefined || groupMembers(pid).length === 0, 10_000, 'the app has ended')
  await until(async () => (await registeredItems(desktop.bus)).length === 0, 5_000, 'the icon is gone')
}

const pidsOf = ({ child }: Running) => groupMembers(child.pid ?? -1)
const both = <T>(make: (app: App) => T): { readonly ours: T; readonly theirs: T } => ({
  ours: make('ours'),
  theirs: make('theirs'),
})

const desktop = await startDesktop()
try {
  await desktop.startPanel()
  const signals = await desktop.bus.watchSignals()
  const starts = both((): number[] => [])
  const memory = both((): number[] => [])
  const processes = both((): number[] => [])
  // The first of each fills the disk cache and makes the profile.
  for (let run = -1; run < runs; run++)
    for (const app of ['ours', 'theirs'] as const) {
      const running = await start(desktop, signals, app)
      await pause(run < 0 ? 2_000 : settleMs)
      if (run >= 0) {
        starts[app].push(running.ms)
        memory[app].push(memoryOf(pidsOf(running)))
        processes[app].push(pidsOf(running).length)
      }
      await end(desktop, running)
    }
  const idle = await start(desktop, signals, 'ours')
  await pause(settleMs)
  const tooltip = await (await findTrayItem(desktop.bus)).tooltip()
  const clock = createProcessorClock(pidsOf(idle))
  const began = performance.now()
  while (performance.now() - began < idleSeconds * 1000) {
    await pause(1_000)
    clock.look()
  }
  const idleCpu = (100_000 * clock.seconds()) / (performance.now() - began)
  await end(desktop, idle)
  console.log(
    JSON.stringify({
      start: both((app) => median(starts[app])),
      memory: both((app) => median(memory[app])),
      processes: both((app) => median(processes[app])),
      idleCpu,
      idleSeconds,
      tooltip,
      runs,
    }),
  )
} finally {
  await desktop.stop()
}
process.exit(0)
