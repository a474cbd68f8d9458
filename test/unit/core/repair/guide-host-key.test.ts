// A yes to a host key that a row pins otherwise: this laptop's change is shown and made before anybody signs in anywhere.
import { describe, expect, it } from 'vitest'
import type { HostKeyVerdict } from '../../../../src/core/desktop/results.ts'
import { planLaptop } from '../../../../src/core/laptop-side/plan.ts'
import type { RepairEngine } from '../../../../src/core/repair/engine.ts'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import { bad, good } from '../../../../src/shared/outcome.ts'
import { keyBlob, offered } from '../desktop/keys.ts'
import { address, ground, known, machines } from '../laptop-side/ground.ts'
import { builder, laptop } from '../monitor/fixtures.ts'
import { factsOf } from './facts.ts'
import { repairTarget } from './target.ts'

const key = offered(keyBlob('new'))
const line = (name: string) => `ssh-ed25519 ${keyBlob(name).toString('base64')}`
const old = offered(keyBlob('old')).fingerprint
const changed: HostKeyVerdict = {
  state: 'changed',
  offered: key,
  expected: [{ fingerprint: old, source: '/etc/nix/machines:1' }],
}
const trusted: HostKeyVerdict = { state: 'trusted', offered: key, source: '/etc/nix/machines:1' }

/** What the real look would give for this yes. */
function planned(nixos: boolean) {
  const one = builder('desktop', { address, hostKeyLine: line('old'), source: { file: machines, line: 1 } })
  const renewal = { from: [old], to: key.fingerprint, accepted: true }
  const seen = { facts: laptop({ builders: [one] }), connectTimeout: '5', sshGivesUp: true }
  const column = Buffer.from(line('old')).toString('base64')
  return planLaptop(
    known({ builder: one, hostKeyLine: line('new'), onlyAppTrusts: true, hostKeyOnly: true, renewal }),
    ground({ [machines]: `${one.uri} - - 1 1 - - ${column}\n` }, { seen, nixos }),
  )
}

function played(nixos = false, over: Partial<NonNullable<RepairEngine['laptop']>> = {}) {
  const calls: string[] = []
  let pins = 'old'
  const engine: RepairEngine = {
    find: async () => good(repairTarget(22, line(pins))),
    hostKey: async () => good(pins === 'old' ? changed : trusted),
    trust: async () => {
      calls.push('trust')
      return good(undefined)
    },
    ways: async () => ({ agentKeys: 1, keyFiles: [] }),
    signIn: async () => {
      calls.push('sign in')
      return bad('ssh.sign-in-refused')
    },
    survey: async () => good(factsOf({})),
    plan: makePlan,
    run: async () => ({ steps: [], problem: null, cancelled: false }),
    undo: async () => good(undefined),
    prove: async () => {
      calls.push('prove')
      return null
    },
    testBuild: async () => null,
    laptop: {
      needs: async (wish) => {
        calls.push(`needs ${JSON.stringify(wish)}`)
        if (pins === 'old') return good(planned(nixos))
        return good(planLaptop(known({ hostKeyOnly: true }), ground({})))
      },
      apply: async ({ placements }) => {
        calls.push(`apply ${placements.map(({ path }) => path).join()}`)
        pins = 'new'
        return good({
          placed: [{ path: machines, backup: `${machines}.old`, sha256: 'x' }],
          restart: false,
          restartNeeded: false,
        })
      },
      undo: async () => good(undefined),
      ...over,
    },
  }
  const wish = JSON.stringify({
    builder: 'ssh-ng://nix-builder@desktop',
    hostKey: key.fingerprint,
    scope: 'host-key',
  })
  const switches = () => {
    pins = 'new'
  }
  return { guide: createGuide(engine), calls, asked: `needs ${wish}`, switches }
}

describe('a yes to a key that a row pins otherwise', () => {
  it('shows the change and makes none; the yes to that makes it, and then leads to the sign-in', async () => {
    const { guide, calls, asked } = played()
    await guide.open('desktop')
    expect(guide.state()).toMatchObject({ phase: 'trust', pinned: { source: '/etc/nix/machines:1' } })
    await guide.trust(key.fingerprint)
    expect(guide.state()).toMatchObject({
      phase: 'laptop',
      busy: false,
      laptopPlan: { needs: [{ id: 'renew-host-key' }], canApply: true },
    })
    expect(calls).toEqual([asked])
    await guide.applyLaptop()
    expect(guide.state()).toMatchObject({ phase: 'sign-in' })
    expect(calls).toEqual([asked, `apply ${machines}`])
    await guide.cancel()
    expect(guide.state()).toMatchObject({ phase: 'stopped', laptop: { undo: 'can' } })
    await guide.undoLaptop()
    expect(guide.state()).toMatchObject({ phase: 'stopped', laptop: { undo: 'done' } })
  })

  it('to another key than the one on the screen does nothing', async () => {
    const { guide, calls } = played()
    await guide.open('desktop')
    await guide.trust(old)
    expect(guide.state().phase).toBe('trust')
    expect(calls).toEqual([])
  })

  it('stays with the reason where root’s password was not given, and leads back to the comparison', async () => {
    const { guide } = played(false, { apply: async () => bad('laptop.pkexec-refused') })
    await guide.open('desktop')
    await guide.trust(key.fingerprint)
    await guide.applyLaptop()
    expect(guide.state()).toMatchObject({ phase: 'laptop', problem: { cause: 'laptop.pkexec-refused' } })
    await guide.back('trust')
    expect(guide.state()).toMatchObject({ phase: 'trust', problem: { cause: 'ssh.host-key-changed' } })
  })

  it('on NixOS changes nothing, and goes on by itself once the person has switched', async () => {
    const { guide, calls, asked, switches } = played(true)
    await guide.open('desktop')
    await guide.trust(key.fingerprint)
    expect(guide.state()).toMatchObject({ phase: 'laptop', laptopPlan: { nixos: true, canApply: false } })
    await guide.applyLaptop()
    await guide.retry()
    expect(guide.state().phase).toBe('laptop')
    switches()
    await guide.retry()
    expect(guide.state().phase).toBe('sign-in')
    expect(calls).toEqual([asked, asked, asked])
  })
})
