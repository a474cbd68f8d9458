// Breaks and mends: a fault is two shell scripts and the resource they touch.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { desktopArgv, desktopEnv, laptopArgv, laptopEnv } from './enter.ts'
import { type Fault, faultNamed } from './faults/table.ts'
import { labDir, script } from './places.ts'
import { must } from './run.ts'
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

/** Runs a fault's script as root on its machine, with the helpers of sh/fault-*.sh in scope. Throws when it fails. */
async function act(state: LabState, fault: Fault, desktop: number, what: string): Promise<void> {
  const onLaptop = fault.on === 'laptop'
  const name = state.desktops[Math.max(desktop, 1) - 1]?.name ?? 'desktop'
  const address = state.desktops[Math.max(desktop, 1) - 1]?.address ?? ''
  const values = {
    desktop: name,
    address,
    laptop: state.laptop.address,
    lab: labDir(state.id),
    here: script(''),
  }
  const sets = Object.entries(values).map(([key, value]) => `${key}='${value}'\n`)
  const helpers = readFileSync(script(onLaptop ? 'fault-laptop.sh' : 'fault-desktop.sh'), 'utf8')
  const input = `set -eu\n${sets.join('')}${helpers}\n${what}\n`
  const argv = ['bash', '-s']
  await must(onLaptop ? laptopArgv(state, 'root', argv) : desktopArgv(state, desktop, argv), {
    env: onLaptop ? laptopEnv('root') : desktopEnv(),
    input,
    timeoutMs: 60_000,
  })
}

/** Breaks it (again). Throws on an unknown name, or when breaking failed: then nothing is noted as broken. */
export async function breakFault(state: LabState, name: string, desktop = 1): Promise<void> {
  const fault = faultNamed(name)
  const where = fault.on === 'laptop' && !fault.perDesktop ? 0 : desktop
  const others = activeFaults(state).filter((a) => a.name !== name || a.desktop !== where)
  remember(state, [...others, { name, desktop: where }]) // first: an interrupted break is mended too
  await act(state, fault, where, fault.break)
}

/** Mends it wherever it is active; mending brings back the healthy state, then other faults on the same thing return. */
export async function mendFault(state: LabState, name: string): Promise<void> {
  const fault = faultNamed(name)
  for (const { desktop } of activeFaults(state).filter((a) => a.name === name)) {
    await act(state, fault, desktop, fault.mend)
    const rest = activeFaults(state).filter((a) => a.name !== name || a.desktop !== desktop)
    remember(state, rest)
    for (const other of rest) {
      const same = faultNamed(other.name)
      if (same.resource === fault.resource && same.on === fault.on && other.desktop === desktop) {
        await act(state, same, desktop, same.break)
      }
    }
  }
}

export async function mendAll(state: LabState): Promise<void> {
  for (const { name, desktop } of [...activeFaults(state)].reverse()) {
    await act(state, faultNamed(name), desktop, faultNamed(name).mend)
  }
  remember(state, [])
}
