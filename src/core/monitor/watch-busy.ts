// Follows builds as they start and end: Nix touches a slot's lock file when it takes it (build-remote.cc, futimens), which
// inotify tells; from then on the slots are read every two seconds until none is busy and nothing changed for a while.
import { watchFiles } from './watch-files.ts'

/** Where Nix's build hook keeps the slots' locks. */
const currentLoad = '/nix/var/nix/current-load'
const everyMs = 2000
/** After the last sign of a build the reading goes on this long, in ms. */
const lingerMs = 10_000
/** A slot that is free by then was given back as soon as it was taken, in ms: a refused key takes some 300. */
const settledMs = 1900

export interface BusyWatch {
  /** A build was seen running: read on until it ends. */
  poke(): void
  /** Takes the folder up again where it was missing. */
  renew(): void
  close(): void
}

/**
 * @param read reads the slots and says whether any is busy
 * @param settled is told the files of slots that Nix took some two seconds ago; the slots were read since
 */
export function watchBusy(
  read: () => Promise<boolean>,
  settled: (files: readonly string[]) => void = () => undefined,
  folder = currentLoad,
): BusyWatch {
  const taken = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let until = 0
  let closed = false
  const next = async () => {
    timer = undefined
    const busy = await read()
    if (busy) until = performance.now() + lingerMs
    const long = performance.now() - settledMs
    const files = [...taken].filter(([, at]) => at <= long).map(([file]) => file)
    for (const file of files) taken.delete(file)
    if (!closed && files.length > 0) settled(files)
    if (!closed && performance.now() < until) schedule(everyMs)
  }
  const schedule = (ms: number) => {
    timer ??= setTimeout(() => void next(), ms)
    timer.unref()
  }
  const poke = (firstMs: number) => {
    until = performance.now() + lingerMs
    schedule(firstMs)
  }
  const files = watchFiles([{ folder }], 50, (names) => {
    for (const name of names) taken.set(name, performance.now())
    poke(0)
  })
  return {
    poke: () => poke(everyMs),
    renew: files.renew,
    close() {
      closed = true
      clearTimeout(timer)
      files.close()
    },
  }
}
