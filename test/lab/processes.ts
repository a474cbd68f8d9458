// Processes as /proc tells them: alive or not (told from a reused number), and their numbers inside a PID namespace.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that a reused number cannot be mistaken for: `start` is its start time in clock ticks since boot. */
export interface ProcessId {
  readonly pid: number
  readonly start: string
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** Fields of /proc/PID/stat after the name, which may hold anything: [state, ppid, …]; index 19 is the start time. */
function stat(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`)
  return text ? text.slice(text.lastIndexOf(')') + 2).split(' ') : null
}

/** The process of that number now; null where there is none. */
export function identify(pid: number): ProcessId | null {
  const fields = stat(pid)
  return fields?.[19] ? { pid, start: fields[19] } : null
}

/** Whether it still runs: no zombie, and no other process that got its number. */
export function alive(who: ProcessId): boolean {
  const fields = stat(who.pid)
  return fields !== null && fields[19] === who.start && fields[0] !== 'Z'
}

/** This process's PID namespace, e.g. `pid:[4026531836]`. */
export const ownPidNamespace = (): string => readlinkSync('/proc/self/ns/pid')

/** The numbers of a process from the reader's namespace inwards (proc(5), NSpid). */
export function namespacedPids(pid: number): readonly number[] {
  const line = /^NSpid:\s+(.*)$/m.exec(read(`/proc/${pid}/status`) ?? '')
  return line?.[1] ? line[1].split(/\s+/).map(Number) : []
}

function children(pid: number): readonly number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`)?.trim()
  return text ? text.split(' ').map(Number) : []
}

/** All processes below `pid`. */
export function descendants(pid: number): readonly number[] {
  return children(pid).flatMap((child) => [child, ...descendants(child)])
}

/** Every process that the reader’s /proc shows. */
export function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

export const pidNamespaceOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/pid`)
