// Everything that makes the monitor look before its time: files, the network, sleep, and builds that start.
import { dirname } from 'node:path'
import type { Snapshot } from '../../shared/status.ts'
import type { Known } from './compose.ts'
import type { Trigger } from './schedule.ts'
import { watchBusy } from './watch-busy.ts'
import { watchClock } from './watch-clock.ts'
import { configFolders, watchFiles } from './watch-files.ts'

export interface WatchOptions {
  readonly home: string
  /** Reads the busy slots and says whether any is busy. */
  readonly readSlots: () => Promise<boolean>
  /** The files of slots that were taken some two seconds ago. */
  readonly slotsSettled: (files: readonly string[]) => void
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

/** Watches configuration, slots, network, sleep and clock until `close`, and asks for the look that each calls for. */
export function watchAll(options: WatchOptions): WatchAll {
  const files = watchFiles(configFolders(options.home), quietMs, () => options.ask('config'))
  const busy = watchBusy(options.readSlots, options.slotsSettled)
  const stopClock = watchClock(({ network, slept, setBack }) => {
    // Both ways the times of what was seen mean nothing any more: it is seen anew.
    if (slept || setBack) options.slept()
    else if (network) options.ask('network')
    files.renew()
    busy.renew()
    options.tick()
  })
  return {
    follow(known, snapshot) {
      if (snapshot.overall === 'building') busy.poke()
      for (const builder of known.facts?.builders ?? []) {
        if (builder.keyPath !== null) files.also({ folder: dirname(builder.keyPath) })
      }
    },
    close() {
      stopClock()
      files.close()
      busy.close()
    },
  }
}
