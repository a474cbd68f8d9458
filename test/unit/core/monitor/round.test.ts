// When a look loads the probes (ssh2 above all): while Nix is at work, never before it was started.
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { SshProof } from '../../../../src/core/desktop/results.ts'
import type { LaptopSource } from '../../../../src/core/laptop/facts.ts'
import { nothingKept } from '../../../../src/core/monitor/kept-schema.ts'
import type { Probes } from '../../../../src/core/monitor/probes.ts'
import { runRound } from '../../../../src/core/monitor/round.ts'
import { createStore } from '../../../../src/core/monitor/store.ts'
import { good, problem } from '../../../../src/shared/outcome.ts'
import { atMs, laptop, offered, probes, proof } from './fixtures.ts'

/** A look at a laptop whose survey goes through `steps`, and what happened in which order. */
function lookAt(
  steps: (happened: string[], waiting: () => void) => Promise<void>,
  change: Partial<Probes> = {},
) {
  const happened: string[] = []
  const now = () => atMs
  const source: LaptopSource = {
    survey: async (waiting = () => undefined) => {
      await steps(happened, waiting)
      happened.push('surveyed')
      return good(laptop())
    },
    busySlots: async () => new Map(),
    sharedPaths: async () => [],
  }
  const done = runRound({
    number: 1,
    source,
    probes: async () => {
      happened.push('loaded')
      return probes(change)
    },
    store: createStore({ heartbeatMs: 30_000, proofMs: 300_000 }, now),
    knownHosts: [],
    survey: true,
    isProofDue: () => true,
    kept: nothingKept,
    now,
  })
  return { happened, done }
}

describe('the first look', () => {
  it('loads the probes while Nix answers, not before it runs', async () => {
    const { happened, done } = lookAt(async (so, waiting) => {
      await turn()
      so.push('Nix runs')
      waiting()
      await turn()
    })
    await done
    expect(happened).toEqual(['Nix runs', 'loaded', 'surveyed'])
  })

  it('loads them after a survey that started no program', async () => {
    const { happened, done } = lookAt(() => turn())
    await done
    expect(happened).toEqual(['surveyed', 'loaded'])
  })
})

describe('the end of a look', () => {
  it.each<[string, Partial<SshProof>, string]>([
    ['is good where the key was accepted', {}, 'good'],
    [
      'discourages after a refused key',
      { key: 'refused', problem: problem('ssh.key-refused') },
      'discouraged',
    ],
    ['asks for another soon after an unknown host key', { hostKey: { state: 'unknown', offered } }, 'failed'],
  ])('%s', async (_, change, result) => {
    const { done } = lookAt(() => turn(), { prove: async () => proof(change) })
    expect((await done).proofs).toMatchObject([{ spoke: true, result }])
  })
})
