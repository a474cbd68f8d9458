// Trust and sign-in of the guide: the way back to the host key, a pin that decides, and tries that beginning again keeps.
import { describe, expect, it } from 'vitest'
import type { HostKeyVerdict } from '../../../../src/core/desktop/results.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createTries } from '../../../../src/core/repair/guide/tries.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { bad, good } from '../../../../src/shared/outcome.ts'
import { hostKey, playedEngine, playedSession, trusted, unknown } from './played-engine.ts'
import { repairTarget } from './target.ts'

const changed: HostKeyVerdict = {
  state: 'changed',
  offered: hostKey,
  expected: [{ fingerprint: 'SHA256:old', source: '/etc/nix/machines:1' }],
}

function played(over: Partial<RepairEngine>) {
  const calls: string[] = []
  const session = playedSession({ close: async () => void calls.push('signed out') })
  const trust = async () => {
    calls.push('trusted')
    return good(undefined)
  }
  return { guide: createGuide(playedEngine({ trust, ...over }, session)), calls }
}

describe('the way back to Trust', () => {
  it('shows a trusted key with its place, signed out, and goes on without writing it again', async () => {
    const { guide, calls } = played({})
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    expect(guide.state().phase).toBe('review')
    await guide.back('trust')
    expect(guide.state()).toMatchObject({
      phase: 'trust',
      busy: false,
      problem: null,
      trustedIn: '/home/a/known_hosts:3',
      offered: { fingerprint: hostKey.fingerprint },
    })
    expect(calls).toEqual(['signed out'])
    await guide.trust(hostKey.fingerprint)
    expect(guide.state().phase).toBe('sign-in')
    expect(calls).toEqual(['signed out'])
  })

  it('looks at the key anew: one that is no longer known asks for its yes', async () => {
    const seen = [trusted, unknown]
    const { guide } = played({ hostKey: async () => good(seen.shift() ?? unknown) })
    await guide.open('desktop')
    await guide.back('trust')
    expect(guide.state()).toMatchObject({ phase: 'trust', problem: { cause: 'ssh.host-key-unknown' } })
    expect(guide.state()).not.toHaveProperty('trustedIn')
  })

  it('ends at Find where the desktop does not answer any more', async () => {
    const seen = [good(trusted), bad('net.timeout', { host: 'desktop', port: 22 })]
    const { guide } = played({ hostKey: async () => seen.shift() ?? bad('net.timeout') })
    await guide.open('desktop')
    await guide.back('trust')
    expect(guide.state()).toMatchObject({ phase: 'find', busy: false, problem: { cause: 'net.timeout' } })
  })
})

describe('a key that the machines file pins otherwise', () => {
  it('is not trusted by a yes, which would change nothing: what the line has to say is shown', async () => {
    const { guide, calls } = played({
      find: async () => good(repairTarget(22, 'ssh-ed25519 AAAAold')),
      hostKey: async () => good(changed),
    })
    await guide.open('desktop')
    const line = Buffer.from(`${hostKey.type} ${hostKey.blob.toString('base64')}`).toString('base64')
    expect(guide.state()).toMatchObject({
      phase: 'trust',
      pinned: { source: '/etc/nix/machines:1', value: line },
    })
    await guide.trust(hostKey.fingerprint)
    expect(guide.state().phase).toBe('trust')
    expect(calls).toEqual([])
  })

  it('and nowhere else, is trusted by it', async () => {
    const seen = [changed]
    const { guide, calls } = played({ hostKey: async () => good(seen.shift() ?? trusted) })
    await guide.open('desktop')
    expect(guide.state()).not.toHaveProperty('pinned')
    await guide.trust(hostKey.fingerprint)
    expect(guide.state().phase).toBe('sign-in')
    expect(calls).toEqual(['trusted'])
  })
})

describe('tries to sign in', () => {
  it('are the same ones after beginning again, and after closing', async () => {
    const { guide } = played({ signIn: async () => bad('ssh.sign-in-refused', { host: 'desktop' }) })
    await guide.open('desktop')
    await guide.signIn('admin', { kind: 'agent' })
    await guide.signIn('admin', { kind: 'agent' })
    await guide.back('find')
    expect(guide.state()).toMatchObject({ phase: 'sign-in', triesLeft: 1 })
    await guide.close()
    await guide.open('desktop')
    expect(guide.state()).toMatchObject({ phase: 'sign-in', triesLeft: 1 })
    await guide.signIn('admin', { kind: 'agent' })
    await guide.back('find')
    expect(guide.state()).toMatchObject({ phase: 'sign-in', triesLeft: 0 })
  })

  it('come back with time, and with a sign-in that is let in', () => {
    let now = 0
    const tries = createTries(() => now)
    for (let n = 0; n < 3; n++) tries.refused('desktop:22')
    expect([tries.left('desktop:22'), tries.left('other:22')]).toEqual([0, 3])
    now = 179_000
    expect(tries.left('desktop:22')).toBe(0)
    now = 180_000
    expect(tries.left('desktop:22')).toBe(3)
    tries.refused('desktop:22')
    tries.accepted('desktop:22')
    expect(tries.left('desktop:22')).toBe(3)
  })
})
