// This laptop's own part of the guide, over an engine that is played: when it stands still, and what each yes leads to.
import { describe, expect, it } from 'vitest'
import { planLaptop } from '../../../../src/core/laptop-side/plan.ts'
import type { LaptopSide } from '../../../../src/core/laptop-side/side.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import { bad, good } from '../../../../src/shared/outcome.ts'
import { cacheKey, ground, known, nixConf } from '../laptop-side/ground.ts'
import { withSettings } from '../monitor/fixtures.ts'
import { factsOf } from './facts.ts'
import { playedEngine } from './played-engine.ts'
import { repairTarget } from './target.ts'

function planned(fallback: boolean, sshGivesUp = true) {
  const facts = withSettings({ fallback })
  return planLaptop(known(), ground({ [nixConf]: '' }, { seen: { facts, connectTimeout: '5', sshGivesUp } }))
}
const did = {
  placed: [{ path: nixConf, backup: `${nixConf}.old`, sha256: 'x' }],
  restart: true,
  restartNeeded: false,
}

function play(side: Partial<LaptopSide> = {}, over: Partial<RepairEngine> = {}) {
  const calls: string[] = []
  const engine = playedEngine({
    find: async (id) => {
      calls.push(`find ${id}`)
      return good(repairTarget(22))
    },
    prove: async () => {
      calls.push('prove')
      return null
    },
    laptop: {
      needs: async (wish, desktop) => {
        calls.push(`needs ${JSON.stringify(wish)} ${desktop.cacheKey}`)
        return good(planned(false))
      },
      apply: async () => {
        calls.push('apply')
        return good(did)
      },
      undo: async () => {
        calls.push('undo')
        return good(undefined)
      },
      ...side,
    },
    ...over,
  })
  return { guide: createGuide(engine), calls }
}

async function repaired(side: Partial<LaptopSide> = {}) {
  const played = play(side)
  await played.guide.open('desktop')
  await played.guide.signIn('admin', { kind: 'agent' })
  await played.guide.apply()
  return played
}

describe('the laptop after a repair', () => {
  it('stands still before the proof where builds need something of it, and goes on at the yes', async () => {
    const { guide, calls } = await repaired()
    expect(guide.state()).toMatchObject({
      phase: 'laptop',
      alone: false,
      laptopPlan: { needs: [{ id: 'fallback' }] },
    })
    expect(calls).not.toContain('prove')
    await guide.applyLaptop()
    expect(guide.state()).toMatchObject({
      phase: 'done',
      paired: true,
      laptop: { undo: 'can', changed: [{ path: nixConf, backup: `${nixConf}.old` }] },
    })
    await guide.undoLaptop()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: false, laptop: { undo: 'done' } })
    expect(calls.slice(-4)).toEqual(['apply', 'find ssh-ng://nix-builder@desktop', 'prove', 'undo'])
  })

  it('is passed by where nothing is needed, or only advice is there', async () => {
    for (const plan of [planned(true), planned(true, false)]) {
      const { guide } = await repaired({ needs: async () => good(plan) })
      expect(guide.state()).toMatchObject({ phase: 'done', paired: true })
      expect(guide.state()).not.toHaveProperty('laptop')
    }
  })

  it('is left out at a no, and the proof comes all the same', async () => {
    const { guide, calls } = await repaired()
    await guide.skipLaptop()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: true })
    expect(calls).not.toContain('apply')
  })

  it('stays with the reason where it cannot be changed, to be tried again', async () => {
    const { guide } = await repaired({ apply: async () => bad('laptop.pkexec-refused') })
    await guide.applyLaptop()
    expect(guide.state()).toMatchObject({
      phase: 'laptop',
      busy: false,
      problem: { cause: 'laptop.pkexec-refused' },
    })
  })

  it('is told of, and can be taken back, when it is stopped in the middle', async () => {
    let end = () => undefined as unknown
    const { guide, calls } = await repaired({
      apply: (_planned, signal) =>
        new Promise((resolve) => {
          end = () => resolve(good(did))
          signal.addEventListener('abort', () => end(), { once: true })
        }),
    })
    const applying = guide.applyLaptop()
    await guide.cancel()
    await applying
    expect(guide.state()).toMatchObject({
      phase: 'stopped',
      at: 'laptop',
      cancelled: true,
      laptop: { undo: 'can' },
    })
    expect(calls).not.toContain('prove')
    await guide.undoLaptop()
    expect(guide.state()).toMatchObject({ phase: 'stopped', laptop: { undo: 'done' } })
  })

  it('asks the desktop for its cache key once the steps have run', async () => {
    const facts = factsOf({})
    const key = { ...facts.machine.cache.key, publicKey: cacheKey }
    const machine = { ...facts.machine, cache: { ...facts.machine.cache, key } }
    const { guide, calls } = play({}, { survey: async () => good({ ...facts, machine }) })
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.apply()
    expect(calls.at(-1)).toBe(`needs {"builder":"ssh-ng://nix-builder@desktop"} ${cacheKey}`)
  })
})

describe('the laptop by itself', () => {
  it('is looked at without any sign-in, and proven after its change', async () => {
    const { guide, calls } = play()
    await guide.openLaptop({ builder: 'desktop' })
    expect(guide.state()).toMatchObject({ phase: 'laptop', alone: true })
    await guide.applyLaptop()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: true, laptop: { undo: 'can' } })
    expect(calls).toEqual(['needs {"builder":"desktop"} null', 'apply', 'find desktop', 'prove'])
  })

  it('says why it cannot be looked at, and looks again', async () => {
    let answer: ReturnType<typeof planned> | null = null
    const { guide } = play({
      needs: async () => (answer === null ? bad('ssh.host-key-changed') : good(answer)),
    })
    await guide.openLaptop({ newAddress: '10.0.0.7' })
    expect(guide.state()).toMatchObject({
      phase: 'laptop',
      laptopPlan: null,
      problem: { cause: 'ssh.host-key-changed' },
    })
    answer = planned(true)
    await guide.retry()
    expect(guide.state()).toMatchObject({ phase: 'laptop', laptopPlan: { needs: [] }, problem: null })
  })

  it('leads from a first row to the desktop’s own repair', async () => {
    const { guide, calls } = play()
    await guide.openLaptop({ first: { host: 'desktop', user: 'nix-builder' } })
    await guide.applyLaptop()
    expect(guide.state().phase).toBe('sign-in')
    expect(calls).toEqual([expect.stringContaining('needs'), 'apply', 'find desktop'])
  })

  it('ends with the guide', async () => {
    const { guide } = play()
    await guide.openLaptop({})
    await guide.close()
    expect(guide.state().phase).toBe('closed')
    await guide.applyLaptop()
    expect(guide.state().phase).toBe('closed')
  })

  it.each([
    { id: 'push-key', looks: 1 },
    { id: 'make-cache-key', looks: 2 },
  ] as const)('is told by $looks looks at the desktop once $id has run', async ({ id, looks }) => {
    let surveys = 0
    const plan = (...args: Parameters<RepairEngine['plan']>) => {
      const made = makePlan(...args)
      const where = { where: 'desktop', needsAdmin: true, needsRoot: false, risk: 'low' } as const
      const cause = 'desktop.cache-key-missing' as const
      return {
        ...made,
        plan: { ...made.plan, steps: [{ id, cause, params: {}, commands: [], changes: [], ...where }] },
      }
    }
    const { guide } = play(
      {},
      {
        survey: async () => {
          surveys += 1
          return good(factsOf({}))
        },
        plan,
        run: async () => ({
          steps: [{ id, state: 'done', output: '', ms: 1 }],
          problem: null,
          cancelled: false,
        }),
      },
    )
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.apply()
    expect(guide.state().phase).toBe('laptop')
    expect(surveys).toBe(looks)
  })
})
