// Which actions are allowed now, and the reason where one is not.
import { describe, expect, it } from 'vitest'
import { actionFor, permission } from '../../../src/shared/actions.ts'
import { builder, snapshot, unknownKey } from './snapshots.ts'

const idle = { snapshot: snapshot(), checking: false, testBuild: { phase: 'idle' } } as const
const running = { ...idle, testBuild: { phase: 'running' } } as const
const yes = { allowed: true }
const no = (why: string) => ({ allowed: false, why })

describe('what is allowed now', () => {
  it('a check, unless one is under way', () => {
    expect(permission('check-now', idle)).toEqual(yes)
    expect(permission('check-now', { ...idle, checking: true })).toEqual(no('checking'))
  })

  it('a test build, unless one is running or there is no builder', () => {
    expect(permission('run-test-build', idle)).toEqual(yes)
    expect(permission('run-test-build', running)).toEqual(no('test-build-running'))
    expect(permission('run-test-build', { ...idle, snapshot: snapshot({ builders: [] }) })).toEqual(
      no('no-builder'),
    )
  })

  it('to cancel only what runs', () => {
    expect(permission('cancel-test-build', running)).toEqual(yes)
    expect(permission('cancel-test-build', idle)).toEqual(no('no-test-build'))
  })

  it('to ask root only where the last test build hides its reason, and once at a time', () => {
    const ended = (asking: boolean) => ({ ...idle, testBuild: { phase: 'ended', rootQuestion: { asking } } })
    expect(permission('ask-root', ended(false))).toEqual(yes)
    expect(permission('ask-root', ended(true))).toEqual(no('asking-root'))
    expect(permission('ask-root', { ...idle, testBuild: { phase: 'ended' } })).toEqual(no('nothing-hidden'))
    expect(permission('ask-root', running)).toEqual(no('test-build-running'))
    expect(permission('stop-asking-root', ended(true))).toEqual(yes)
    expect(permission('stop-asking-root', ended(false))).toEqual(no('not-asking-root'))
  })

  it('to trust a host key only where one waits for trust', () => {
    const waiting = snapshot({ builders: [builder([unknownKey])] })
    expect(permission('trust-host-key', { ...idle, snapshot: waiting })).toEqual(yes)
    expect(permission('trust-host-key', idle)).toEqual(no('no-offered-key'))
  })
})

describe('what a cause asks for', () => {
  it('is an action of ours where its command is one of ours as it stands, and its command else', () => {
    expect(actionFor('nix.build-failed')).toBe('run-test-build')
    expect(actionFor('nix.stalled')).toBe('check-now')
    expect(actionFor('nix.no-answer')).toBeNull()
    expect(actionFor('nix.daemon-down')).toBeNull()
    expect(actionFor('desktop.changed-meanwhile')).toBeNull()
  })
})
