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
const isRefused = () => demo.faults().some(({ id, on }) => id === 'key-refused' && on)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offload-tray-demo-repair-'))
  demo = await startDemo()
  await demo.setFault('key-refused', true)
  const engine = demoRepairEngine({
    source: demo.source,
    knownHosts: [join(folder, 'known_hosts')],
    isRefused,
    setRefused: (refused) => demo.setFault('key-refused', refused),
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
    await vi.waitFor(() => expect(guide.state()).toMatchObject({ question: { title: 'demo-desktop' } }))
    guide.answer([demoPassword, '1'])
    await signedIn
    expect(phase()).toBe('survey')
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
})
