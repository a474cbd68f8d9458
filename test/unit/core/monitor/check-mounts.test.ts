// A desktop's store that is mounted here: a check of its own only while it is, which never hides that builds work.
import { describe, expect, it } from 'vitest'
import type { LaptopSource, SeenMount } from '../../../../src/core/laptop/facts.ts'
import { nothingKept } from '../../../../src/core/monitor/kept-schema.ts'
import { runRound } from '../../../../src/core/monitor/round.ts'
import { createStore } from '../../../../src/core/monitor/store.ts'
import { good } from '../../../../src/shared/outcome.ts'
import { provenAt } from '../../../../src/shared/status.ts'
import { atMs, laptop, probes } from './fixtures.ts'

const mount: SeenMount = {
  id: '50',
  host: 'desktop',
  path: '/mnt/store',
  source: 'desktop:/nix/store',
  how: 'nfs4, ro, soft',
  automount: false,
  answers: true,
  said: '',
  ms: 1.24,
  ageMs: 0,
}

/** What rounds at the same laptop show, one after the other, of these mounts. */
async function rounds(...seen: readonly (readonly SeenMount[])[]) {
  const now = () => atMs
  const store = createStore({ heartbeatMs: 30_000, proofMs: 300_000 }, now)
  for (const [number, mounts] of seen.entries()) {
    const source: LaptopSource = {
      survey: async () => good(laptop()),
      busySlots: async () => new Map(),
      sharedPaths: async () => ['/nix/store/x'],
      storeMounts: async () => mounts,
    }
    await runRound({
      number,
      source,
      probes: async () => probes(),
      store,
      knownHosts: [],
      survey: true,
      isProofDue: () => true,
      kept: nothingKept,
      now,
    })
  }
  const { snapshot } = store.state()
  return { snapshot, check: snapshot.laptop.checks.find(({ id }) => id === 'nfs-mount') }
}

describe('the check of a mounted store', () => {
  it('is not there without a mount, and goes with it', async () => {
    expect((await rounds([])).check).toBeUndefined()
    const { snapshot, check } = await rounds([mount], [])
    expect(check).toBeUndefined()
    expect(snapshot.overall).toBe('ready')
  })

  it('passes where the mount answers, and leaves the age of the rest as it is', async () => {
    const { snapshot, check } = await rounds([{ ...mount, automount: true, ageMs: 60_000 }])
    expect(check).toMatchObject({
      state: 'pass',
      ms: 1.2,
      at: new Date(atMs - 60_000).toISOString(),
      detail: 'desktop:/nix/store /mnt/store (nfs4, ro, soft)',
    })
    expect(provenAt(snapshot)).toBe(new Date(atMs).toISOString())
  })

  it('warns of one that does not, and all is not well then', async () => {
    const dead = { ...mount, path: '/mnt/other', answers: false, said: 'Stale file handle' }
    const { snapshot, check } = await rounds([mount, dead])
    expect(check).toMatchObject({
      state: 'warn',
      cause: 'laptop.nfs-stale',
      params: { host: 'desktop', path: '/mnt/other' },
      detail: expect.stringContaining('Stale file handle'),
    })
    expect(snapshot.overall).toBe('degraded')
  })

  it('says nothing against one that could not be tried', async () => {
    const { snapshot, check } = await rounds([{ ...mount, answers: null }])
    expect(check?.state).toBe('unknown')
    expect(snapshot.overall).toBe('ready')
  })
})
