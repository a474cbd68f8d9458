// Everything that makes the monitor look before its time: files, the network, sleep, and builds that start.
import type { Snapshot } from '../../shared/status.ts'
import type { Known } from './compose.ts'
import { keyFolders } from './key-folders.ts'
import type { Trigger } from './schedule.ts'
import { watchBusy } from './watch-busy.ts'
import { watchClock } from './watch-clock.ts'
import { configFolders, type FileWatch, watchFiles } from './watch-files.ts'

export interface WatchOptions {
  readonly home: string
  /** Reads the busy slots and says whether any is busy. */
  readonly readSlots: () => Promise<boolean>
  readonly ask: (trigger: Trigger) => void
  readonly slept: () => void
  /** Every ten seconds. */
  readonly tick: () => void
}

export interface WatchAll {
  /** After a round: watches where the builders' keys stand, and the slots of builds that run. */
  follow(known: Known, snapshot: Snapshot): void
  close(): void
}

/** An edit is often several writes; the survey waits for this long a quiet, in ms. */
const quietMs = 500

export function watchAll(options: WatchOptions): WatchAll {
  let folders: readonly string[] = []
  const watchConfig = () =>
    watchFiles(configFolders(options.home, folders), quietMs, () => options.ask('config'))
  let files: FileWatch = watchConfig()
  const busy = watchBusy(options.readSlots)
  const stopClock = watchClock(({ network, slept }) => {
    if (slept) options.slept()
    else if (network) options.ask('network')
    files.renew()
    busy.renew()
    options.tick()
  })
  return {
    follow(known, snapshot) {
      if (snapshot.overall === 'building') busy.poke()
      const wanted = keyFolders(known.facts?.builders.map((builder) => builder.keyPath) ?? [])
      if (wanted.join('\n') === folders.join('\n')) return
      folders = wanted
      files.close()
      files = watchConfig()
    },
    close() {
      stopClock()
      files.close()
      busy.close()
    },
  }
}
