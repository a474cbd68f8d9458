// The very first thing: Nix is started before the rest of offload-test-build is even loaded.
import { type Ahead, startAhead } from '../../core/test-build/ahead.ts'
import type { Wishes } from './wishes.ts'

/** Begins the payload. null: no temporary folder; the test build tries again, and says so in the words of its verdict. */
export function startFirst({ payloadBytes }: Wishes, env: NodeJS.ProcessEnv): Ahead | null {
  try {
    return startAhead(env, payloadBytes)
  } catch {
    return null
  }
}
