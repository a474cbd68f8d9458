// The demo's repair: the real guide walks through all of it, and the fault that it mends is gone from the real server.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Demo, startDemo } from '../../../../src/core/demo/demo.ts'
import { demoPassword, demoRepairEngine } from '../../../../src/core/demo/repair.ts'
import { createGuide, type Guide } from '../../../../src/core/repair/guide.ts'

let demo: Demo
let folder: string
let guide: Guide
const testBuild = vi.fn(async () => null)
const isOn = (fault: string) => demo.faults().some(({ id, on }) => id === fault && on)
const isRefused = () => isOn('key-refused')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offload-tray-demo-repair-'))
  demo = await startDemo()
  await demo.setFault('key-refused', true)
  const engine = demoRepairEngine({
    source: demo.source,
    knownHosts: [join(folder, 'known_hosts')],
    isOn,
    setFault: demo.setFault,
    testBuild,
    stepMs: 5,
  })
  guide = createGuide(engine)
})
afterEach(async () => {
  await guide.close()
  await demo.stop()
  await rm(folder, { recursive: true, force: true })
})

async function begin() {
  const survey = await demo.source.survey()
  if (!survey.ok) throw new Error('the demo has no laptop')
  await guide.open(survey.value.builders[0]?.id ?? '')
}
const phase = () => guide.state().phase

describe('the demo’s repair', () => {
  it('walks through every phase, with a wrong password told, and pairs', async () => {
    await begin()
    expect(phase()).toBe('sign-in')
    await guide.signIn('admin', { kind: 'password', password: 'other' })
    expect(guide.state()).toMatchObject({ phase: 'sign-in', triesLeft: 2 })
    await guide.signIn('admin', { kind: 'password', password: demoPassword })
    expect(guide.state()).toMatchObject({ phase: 'survey', asksSudoPassword: true })
    await guide.elevate(demoPassword)
    expect(phase()).toBe('review')
    await guide.apply()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: true, key: 'accepted' })
    expect(isRefused()).toBe(false)
    expect(testBuild).toHaveBeenCalled()
    await guide.undo('remove-key')
    expect(isRefused()).toBe(true)
  })

  it('answers questions, and takes an unknown host key only after it was trusted', async () => {
    await demo.setFault('host-key-unknown', true)
    await begin()
    const trust = guide.state()
    if (trust.phase !== 'trust') throw new Error(`it stands at ${trust.phase}`)
    await guide.trust(trust.offered.fingerprint)
    expect(phase()).toBe('sign-in')
    const signedIn = guide.signIn('admin', { kind: 'keyboard-interactive' })
    await expect.poll(() => guide.state()).toMatchObject({ question: { title: 'demo-desktop' } })
    guide.answer([demoPassword, '1'])
    await signedIn
    expect(phase()).toBe('survey')
  })

  it('pins another host key that was taken, by a change that is shown first', async () => {
    await demo.setFault('host-key-changed', true)
    await begin()
    const trust = guide.state()
    if (trust.phase !== 'trust') throw new Error(`it stands at ${trust.phase}`)
    await guide.trust(trust.offered.fingerprint)
    expect(guide.state()).toMatchObject({
      phase: 'laptop',
      laptopPlan: {
        needs: [{ id: 'renew-host-key' }],
        changes: [{ path: '/etc/nix/machines' }],
        canApply: true,
      },
    })
    expect(isOn('host-key-changed')).toBe(true)
    await guide.applyLaptop()
    expect(phase()).toBe('sign-in')
    expect(isOn('host-key-changed')).toBe(false)
  })

  it('stops between two steps when it is cancelled, and the fault is still there', async () => {
    await begin()
    await guide.signIn('admin', { kind: 'password', password: demoPassword })
    await guide.elevate(demoPassword)
    const applied = guide.apply()
    await guide.cancel()
    await applied
    expect(guide.state()).toMatchObject({ phase: 'stopped', cancelled: true })
    expect(isRefused()).toBe(true)
  })

  it('sets a bare desktop up by the real plan, all at once, and takes all of it back', async () => {
    await demo.setFault('key-refused', false)
    await demo.setFault('bare-desktop', true)
    await begin()
    await guide.signIn('admin', { kind: 'password', password: demoPassword })
    await guide.elevate(demoPassword)
    const review = guide.state()
    if (review.phase !== 'review') throw new Error(`it stands at ${review.phase}`)
    expect(review.plan.steps.map(({ id }) => id)).toEqual([
      'create-builder-user',
      'create-ssh-folder',
      'push-key',
      'trust-builder',
      'make-cache-key',
      'install-cache',
      'open-firewall',
      'free-disk',
    ])
    expect(review.plan.unmended).toEqual([])
    await guide.apply()
    expect(guide.state()).toMatchObject({ phase: 'done', paired: true })
    const done = guide.state()
    if (done.phase !== 'done') throw new Error('not done')
    for (const { id, output } of done.steps) expect(output, id).toContain('demo: nothing ran on any machine')
    expect(demo.faults().filter(({ on }) => on)).toEqual([])
    expect(done.undo.can).toContain('all')
    await guide.undo('all')
    expect(demo.faults().filter(({ on }) => on)).toEqual([{ id: 'bare-desktop', on: true }])
  })

  it('leaves wrong what was left out, and finds the rest done when it looks again', async () => {
    await demo.setFault('key-refused', false)
    await demo.setFault('bare-desktop', true)
    await begin()
    await guide.signIn('admin', { kind: 'password', password: demoPassword })
    await guide.elevate(demoPassword)
    guide.choose('make-cache-key', { skip: true })
    await guide.apply()
    expect(guide.state()).toMatchObject({ phase: 'done', key: 'accepted' })
    expect(demo.faults().filter(({ on }) => on)).toEqual([{ id: 'cache-stopped', on: true }])
    await guide.back('review')
    const again = guide.state()
    if (again.phase !== 'review') throw new Error(`it stands at ${again.phase}`)
    expect(again.plan.steps.map(({ id }) => id)).toEqual(['make-cache-key', 'install-cache', 'free-disk'])
  })
})
