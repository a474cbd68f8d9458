// Follows builds as they start and end: Nix touches a slot's lock file when it takes it (build-remote.cc, futimens), which
// inotify tells; from then on the slots are read every two seconds until none is busy and nothing changed for a while.
import { watchFiles } from './watch-files.ts'

/** Where Nix's build hook keeps the slots' locks. */
const currentLoad = '/nix/var/nix/current-load'
const everyMs = 2000
/** After the last sign of a build the reading goes on this long, in ms. */
const lingerMs = 10_000

export interface BusyWatch {
  /** A build was seen running: read on until it ends. */
  poke(): void
  /** Takes the folder up again where it was missing. */
  renew(): void
  close(): void
}

/** @param read reads the slots and says whether any is busy */
export function watchBusy(read: () => Promise<boolean>, folder = currentLoad): BusyWatch {
  let timer: NodeJS.Timeout | undefined
  let until = 0
  let closed = false
  const next = async () => {
    timer = undefined
    const busy = await read()
    if (busy) until = performance.now() + lingerMs
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
  const files = watchFiles([{ folder }], 50, () => poke(0))
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
