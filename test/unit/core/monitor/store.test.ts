// The store that owns the Snapshot: order of rounds, age of proofs, sleep, and what a change is.
import { beforeEach, describe, expect, it } from 'vitest'
import { judgeBuilder } from '../../../../src/core/monitor/check-builder.ts'
import { judgeCache } from '../../../../src/core/monitor/check-cache.ts'
import { createStore, type Store, type StoreEvent } from '../../../../src/core/monitor/store.ts'
import { bad, good, problem } from '../../../../src/shared/outcome.ts'
import { atMs, builder, cache, cacheInfo, laptop, proof } from './fixtures.ts'

const pace = { heartbeatMs: 30_000, proofMs: 300_000 }
const desktop = builder()
let now: number
let store: Store
let events: StoreEvent[]

beforeEach(() => {
  now = atMs
  store = createStore(pace, () => now)
  events = []
  store.subscribe((_state, event) => events.push(event))
})

const iso = () => new Date(now).toISOString()
const proven = (change = {}) =>
  judgeBuilder(desktop, { proof: proof(change), proofMs: 1, remote: null, keyProblems: [] }, iso())
const answering = () =>
  judgeCache(
    cache,
    laptop(),
    {
      info: good(cacheInfo),
      infoMs: 1,
      signature: { state: 'valid', keyName: 'k', path: '/p' },
      signatureMs: 1,
    },
    iso(),
  )
function becomeReady(round = 1) {
  store.surveyed(round, good(laptop()), 5)
  store.builderChecked(round, desktop.id, proven(), 'SHA256:offered')
  store.cacheChecked(round, cache.url, answering())
}
const overall = () => store.state().snapshot.overall

describe('the store', () => {
  it('is checking before anything is known, and until everything was seen', () => {
    expect(overall()).toBe('checking')
    store.surveyed(1, good(laptop()), 5)
    expect(overall()).toBe('checking')
    store.builderChecked(1, desktop.id, proven(), null)
    expect(overall()).toBe('checking')
    store.cacheChecked(1, cache.url, answering())
    expect(overall()).toBe('ready')
  })

  it('never lets a slow answer of an older round replace a newer one', () => {
    becomeReady(2)
    store.builderChecked(1, desktop.id, proven({ key: 'refused', problem: problem('ssh.key-refused') }), null)
    store.surveyed(1, bad('laptop.nix-missing'), 1)
    store.cacheChecked(1, cache.url, [])
    expect(overall()).toBe('ready')
    expect(store.state().snapshot.caches[0]?.checks).toHaveLength(2)
  })

  it('takes the later of two answers of one round', () => {
    becomeReady()
    store.builderChecked(1, desktop.id, proven({ key: 'refused', problem: problem('ssh.key-refused') }), null)
    expect(overall()).toBe('local')
  })

  it('tells a change once, and the same again as newer proof', () => {
    becomeReady()
    events.length = 0
    now += 1000
    becomeReady(2)
    expect(events).toEqual(['proven', 'proven', 'proven'])
    expect(store.state().snapshot.builders[0]?.checks[0]?.at).toBe(iso())
    store.builderChecked(3, desktop.id, proven({ key: 'refused' }), null)
    expect(events.at(-1)).toBe('changed')
  })

  it('lets no old proof shine: it becomes checking after three intervals', () => {
    becomeReady()
    now += 3 * pace.heartbeatMs
    store.refresh()
    expect(overall()).toBe('ready')
    now += 1
    store.refresh()
    expect(overall()).toBe('checking')
    const check = store.state().snapshot.builders[0]?.checks[0]
    expect(check).toMatchObject({ state: 'unknown', note: 'stale', at: new Date(atMs).toISOString() })
  })

  it('trusts nothing after sleep until it is proven again', () => {
    becomeReady()
    store.distrust()
    expect(overall()).toBe('checking')
    becomeReady(2)
    expect(overall()).toBe('ready')
  })

  it('forgets what was proven of a row that changed', () => {
    becomeReady()
    const moved = builder('desktop', { address: { host: 'elsewhere', port: 22, user: 'nix-builder' } })
    store.surveyed(2, good(laptop({ builders: [moved] })), 5)
    expect(overall()).toBe('checking')
  })

  it('drops a builder that left the machines file', () => {
    becomeReady()
    store.surveyed(2, good(laptop({ builders: [], problems: [problem('laptop.no-builder')] })), 5)
    expect(overall()).toBe('unconfigured')
    expect(store.state().snapshot.builders).toEqual([])
  })

  it('shows builds that run, and tells only when their number changes', () => {
    becomeReady()
    events.length = 0
    store.slotsSeen(new Map([[desktop.id, 2]]))
    store.slotsSeen(new Map([[desktop.id, 2]]))
    expect(events).toEqual(['changed'])
    expect(store.state().snapshot).toMatchObject({
      overall: 'building',
      builders: [{ slots: { busy: 2, max: 4 } }],
    })
  })

  it('is paused whatever it knows, and shows it again afterwards', () => {
    becomeReady()
    store.paused(true)
    expect(overall()).toBe('paused')
    store.paused(false)
    expect(overall()).toBe('ready')
  })

  it('says when a round begins and ends, and no longer to who unsubscribed', () => {
    const heard: boolean[] = []
    const stop = store.subscribe((state) => heard.push(state.checking))
    store.checking(true)
    store.checking(true)
    stop()
    store.checking(false)
    expect(heard).toEqual([true])
    expect(store.state().checking).toBe(false)
  })
})
