// What the numbers were measured on and with: a table without it is worth little.
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  /** YYYY-MM-DD */
  readonly date: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly kernel: string
  /** Of one minute, before the first run and after the last. */
  readonly load: readonly [number, number]
  /** Program and version. */
  readonly versions: Readonly<Record<string, string>>
}

/** This machine now; `versions` are those of the programs that took part. */
export function thisMachine(loadBefore: number, versions: Readonly<Record<string, string>>): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    load: [loadBefore, loadavg()[0] ?? 0],
    versions: { Node: process.versions.node, ...versions },
  }
}

/** Two lines of Markdown. */
export function machineText(machine: Machine): string {
  const { date, cpu, cores, memoryGB, kernel, load, versions } = machine
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `Measured on ${date}: ${cpu}, ${cores} cores, ${memoryGB} GB, Linux ${kernel}; load ${load.map((one) => one.toFixed(1)).join(' before, ')} after.`,
    `${programs.join(', ')}.`,
  ].join('\n')
}
