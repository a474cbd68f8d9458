// The demo desktop: an SSH server and a signed cache inside this process, and a laptop whose facts point at them.
// The real core/desktop and core/monitor talk to it, so what a newcomer sees is the product and no film of it.
import type { DemoFault } from '../../shared/app-state.ts'
import { type DemoFaultId, demoFaultIds, isDemoFault } from '../../shared/demo-faults.ts'
import { good } from '../../shared/outcome.ts'
import type { LaptopSource } from '../laptop/facts.ts'
import type { TestBuild } from '../test-build/run.ts'
import { startCacheServer } from './cache-server.ts'
import { combinedEffect } from './faults.ts'
import { makeDemoKeys } from './keys.ts'
import { type DemoWorld, demoBusySlots, demoFacts, demoUser } from './laptop.ts'
import { type Listener, startListener } from './listener.ts'
import { demoPath } from './signed-path.ts'
import { startSshServer } from './ssh-server.ts'
import { type DemoTestBuildOptions, startDemoTestBuild } from './test-build.ts'

export interface Demo {
  readonly source: LaptopSource
  faults(): readonly DemoFault[]
  /** Resolves once the fault holds; an id that is no fault changes nothing. */
  setFault(id: string, on: boolean): Promise<void>
  /** An open simulation; see test-build.ts. */
  startTestBuild(options: DemoTestBuildOptions): TestBuild
  /** Closes the servers and every connection. Nothing was written anywhere. */
  stop(): Promise<void>
}

/**
 * How often the monitor looks at a demo: as often as settings may ask. With the usual pace, a switch that is turned
 * within seconds of a proof would show only half a minute later.
 */
export const demoPace = { heartbeatSeconds: 5, sshProofSeconds: 30 } as const

/** Starts healthy, writes no file, on random ports of 127.0.0.1. Rejects where no port can be had. */
export async function startDemo(): Promise<Demo> {
  const keys = makeDemoKeys()
  const paths = [
    demoPath('offload-tray-probe', 'built on the demo desktop\n'),
    demoPath('hello-2.12.1', 'Hello, world!\n'),
    demoPath('zlib-1.3.1', 'a small library\n'),
  ]
  const ssh = await startSshServer(demoUser, keys.ssh)
  const cache = await startCacheServer(paths, keys.cache)
  const dead = await deadPort()
  const world: DemoWorld = {
    sshPort: ssh.port,
    deadPort: dead.port,
    cacheUrl: cache.url,
    hostKeyLine: keys.hostKeyLine,
    builderPublicKey: keys.ssh.builderPublicKey,
    cachePublicLine: keys.cache.trusted.publicLine,
  }
  const on = new Set<DemoFaultId>()
  let lastChange: Promise<void> = Promise.resolve()
  const inTurn = (change: () => Promise<void>) => {
    // A change that failed was reported to whoever asked for it; the next one still gets its turn.
    lastChange = lastChange.catch(() => {}).then(change)
    return lastChange
  }
  const twist = () => combinedEffect(on).laptop

  return {
    source: {
      survey: async () => good(demoFacts(world, twist())),
      busySlots: async (builders) => demoBusySlots(builders, twist()),
      sharedPaths: async () => paths.map((path) => path.storePath),
    },
    faults: () => demoFaultIds.map((id) => ({ id, on: on.has(id) })),
    setFault: (id, wanted) =>
      inTurn(async () => {
        if (!isDemoFault(id)) return
        if (wanted) on.add(id)
        else on.delete(id)
        const effect = combinedEffect(on)
        await ssh.behave(effect.ssh)
        await cache.behave(effect.cache)
      }),
    startTestBuild: (options) =>
      startDemoTestBuild(options, {
        facts: demoFacts(world, twist()),
        hostKeyLine: keys.hostKeyLine,
        outPath: paths[0]?.storePath ?? '',
      }),
    stop: () =>
      inTurn(async () => {
        await Promise.all([ssh.stop(), cache.stop(), dead.stop()])
      }),
  }
}

/** A port where nobody listens, and nobody else will. */
async function deadPort(): Promise<Listener> {
  const listener = await startListener((socket) => socket.destroy())
  await listener.set('closed')
  return listener
}
