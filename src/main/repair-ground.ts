// The guided repair on the ground the app stands on: this laptop and its real desktops, or the demo's.

import type { RepairEngine } from '../core/repair/engine.ts'
import type { Guide } from '../core/repair/guide.ts'
import type { Outcome } from '../shared/outcome.ts'
import { proveByBuild } from './repair-proof.ts'
import { createRepairs, type Repairs } from './repairs.ts'
import type { TestBuilds } from './test-builds.ts'

interface Parts {
  /** Loaded only when a repair begins: it brings SSH and the scripts. */
  readonly loadEngine: (testBuild: RepairEngine['testBuild']) => Promise<RepairEngine>
  readonly makeKey: (path: string) => Promise<Outcome<void>>
  readonly testBuilds: TestBuilds
  readonly checkNow: () => Promise<unknown>
  readonly say: (line: string) => void
}

/** The window's repairs: its test builds prove them, and the checks look again when one has ended. */
export function repairsOn({ loadEngine, makeKey, testBuilds, checkNow, say }: Parts): Repairs {
  const makeGuide = async (): Promise<Guide> => {
    const { createGuide } = await import('../core/repair/guide.ts')
    return createGuide(
      await loadEngine((target, signal) => proveByBuild(testBuilds, target.builder.id, signal)),
    )
  }
  const onEnd = () => {
    checkNow().catch((error: unknown) => say(`after a repair: ${String(error)}`))
  }
  return createRepairs({ makeGuide, makeKey, onEnd, say })
}
