// What the kernel says of processes: their proportional memory and the processor time they used.
import { readFileSync } from 'node:fs'

/** USER_HZ: the unit of /proc/PID/stat on every Linux that Node and Electron run on. */
const ticksPerSecond = 100

/** Pss of a smaps_rollup, in MB (1,000,000 bytes). Throws where there is none. Source: proc(5). */
export function pssOf(rollup: string): number {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]
  if (kib === undefined) throw new Error('no Pss in smaps_rollup')
  return (Number(kib) * 1024) / 1e6
}

/** utime + stime of a /proc/PID/stat, in seconds. The name in parentheses may hold spaces and parentheses. */
export function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  if (!Number.isFinite(ticks)) throw new Error('no times in stat')
  return ticks / ticksPerSecond
}

/** The proportional memory of all of them together, in MB. */
export function memoryOf(pids: readonly number[]): number {
  return sum(pids.map((pid) => pssOf(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))))
}

/** Children that were waited for (cutime + cstime of a /proc/PID/stat), in seconds. */
export function childrenCpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond
}

export interface ProcessorClock {
  /** Takes the times of the processes that live now. */
  look(): void
  /** Processor time used since the clock was made, in seconds, also by helpers that came and went meanwhile. */
  seconds(): number
}

/**
 * Counts what these processes use, and the helpers that they start: one that was waited for stands in its parent's
 * account. Of a process that ended meanwhile the last look counts.
 */
export function createProcessorClock(
  pids: readonly number[],
  readStat = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8'),
): ProcessorClock {
  const read = (pid: number): number | null => {
    try {
      const stat = readStat(pid)
      return cpuOf(stat) + childrenCpuOf(stat)
    } catch {
      return null
    }
  }
  const accounts = pids.map((pid) => {
    const first = read(pid) ?? 0
    return { pid, first, last: first }
  })
  const look = () => {
    for (const account of accounts) account.last = read(account.pid) ?? account.last
  }
  return {
    look,
    seconds() {
      look()
      return sum(accounts.map(({ first, last }) => last - first))
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0)
}
