// Breaks and mends: a fault is two shell scripts and the resource they touch.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { desktopArgv, desktopEnv, laptopArgv, laptopEnv } from './enter.ts'
import type { Fault } from './faults/fault.ts'
import { faultNamed } from './faults/table.ts'
import { labDir, script } from './places.ts'
import { run } from './run.ts'
import type { LabState } from './state.ts'

interface Active {
  readonly name: string
  /** 0 = on the laptop. */
  readonly desktop: number
}

const file = (state: LabState): string => join(labDir(state.id), 'faults.json')

/** What is broken now, in the order it was broken. */
export function activeFaults(state: LabState): readonly Active[] {
  try {
    return JSON.parse(readFileSync(file(state), 'utf8')) as Active[]
  } catch {
    return [] // no fault was ever made
  }
}

function remember(state: LabState, active: readonly Active[]): void {
  writeFileSync(`${file(state)}.new`, JSON.stringify(active))
  renameSync(`${file(state)}.new`, file(state))
}

/** Runs a script as root on one machine, with the helpers of sh/fault-*.sh in scope. Throws when it fails. */
async function act(state: LabState, on: Fault['on'], desktop: number, what: string): Promise<void> {
  const about = state.desktops[Math.max(desktop, 1) - 1]
  if (!about) throw new Error(`there is no desktop ${desktop}: the lab has ${state.desktops.length}`)
  const here = script('').replace(/\/$/, '')
  const values = { desktop: about.name, address: about.address, laptop: state.laptop.address, here }
  const sets = Object.entries(values).map(([key, value]) => `${key}='${value}'\n`)
  const helpers = readFileSync(script(on === 'laptop' ? 'fault-laptop.sh' : 'fault-desktop.sh'), 'utf8')
  const input = `set -eu\n${sets.join('')}${helpers}\n${what}\n`
  const argv = ['bash', '-s']
  const ran = await run(
    on === 'laptop' ? laptopArgv(state, 'root', argv) : desktopArgv(state, desktop, argv),
    {
      env: on === 'laptop' ? laptopEnv('root') : desktopEnv(),
      input,
      timeoutMs: 60_000,
    },
  )
  if (ran.code !== 0) {
    const where = on === 'laptop' ? 'the laptop' : about.name
    throw new Error(`this failed on ${where} (exit ${ran.code}): ${ran.stderr.trim() || ran.stdout.trim()}`)
  }
}

async function doBreak(state: LabState, fault: Fault, desktop: number): Promise<void> {
  await act(state, fault.on, desktop, fault.break)
  if (fault.afterOnLaptop) await act(state, 'laptop', desktop, fault.afterOnLaptop)
}

/** Do they touch the same thing of the same machine? */
const related = (fault: Fault, desktop: number, other: Active): boolean => {
  const that = faultNamed(other.name)
  const machine = fault.on === 'laptop' || other.desktop === desktop
  return that.on === fault.on && that.resource === fault.resource && machine
}

/** Breaks it (again). Throws on an unknown name or desktop, and when breaking fails: noted as broken, so `mend` cleans up. */
export async function breakFault(state: LabState, name: string, desktop = 1): Promise<void> {
  const fault = faultNamed(name)
  if (!state.desktops[desktop - 1])
    throw new Error(`there is no desktop ${desktop}: the lab has ${state.desktops.length}`)
  const where = fault.on === 'laptop' && !fault.perDesktop ? 0 : desktop
  const others = activeFaults(state).filter((a) => a.name !== name || a.desktop !== where)
  remember(state, [...others, { name, desktop: where }]) // first: an interrupted break is mended too
  await doBreak(state, fault, where)
}

/** Mends it wherever it is active; mending brings back the healthy state, then other faults on the same thing return. */
export async function mendFault(state: LabState, name: string): Promise<void> {
  const fault = faultNamed(name)
  const mended = activeFaults(state).filter((a) => a.name === name)
  for (const { desktop } of mended) {
    await act(state, fault.on, desktop, fault.mend)
    const rest = activeFaults(state).filter((a) => a.name !== name || a.desktop !== desktop)
    remember(state, rest)
    for (const other of rest.filter((one) => related(fault, desktop, one))) {
      await doBreak(state, faultNamed(other.name), other.desktop)
    }
  }
  if (mended.length > 0 && fault.penalised) await forgive(state)
}

/** Mends all that is broken, by the lab’s own state, what was broken last first. */
export async function mendAll(state: LabState): Promise<void> {
  const active = [...activeFaults(state)].reverse()
  for (const { name, desktop } of active) {
    await act(state, faultNamed(name).on, desktop, faultNamed(name).mend)
  }
  remember(state, [])
  if (active.some(({ name }) => faultNamed(name).penalised)) await forgive(state)
}

/**
 * Makes every desktop's sshd forget the refused logins it counted against the laptop (PerSourcePenalties), which in real
 * life takes up to half a minute. Sessions that are open stay open. A desktop whose sshd is broken on purpose is left so.
 */
export async function forgive(state: LabState): Promise<void> {
  for (const [index] of state.desktops.entries()) {
    const desktop = index + 1
    const onPurpose = activeFaults(state).some(
      (a) => a.desktop === desktop && faultNamed(a.name).resource === 'sshd',
    )
    if (!onPurpose) await act(state, 'desktop', desktop, 'restart ssh; await 22')
  }
}
