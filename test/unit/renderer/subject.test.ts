// What a row says, does and copies follows from its check alone.
import { describe, expect, it } from 'vitest'
import { isStale, staleAfterMs } from '../../../src/renderer/status/stale.ts'
import {
  asksForAction,
  checkText,
  paramsOf,
  rowShape,
  titleAlone,
} from '../../../src/renderer/status/subject.ts'
import type { CauseCode } from '../../../src/shared/causes.ts'
import { messagesFor } from '../../../src/shared/messages/index.ts'
import { builder, cache } from '../../ui/rig/states.ts'

const words = { locale: 'en', messages: messagesFor('en') } as const
const check = { id: 'reachable', state: 'pass', ms: 4, at: '2026-03-14T15:09:26.000Z' } as const

describe('a row', () => {
  it('asks for action when it fails, warns, or waits for a test build; for advice where one click follows it', () => {
    expect(asksForAction({ ...check, state: 'fail' })).toBe(true)
    expect(asksForAction({ ...check, state: 'warn', cause: 'ssh.host-key-unknown' })).toBe(true)
    expect(asksForAction({ ...check, state: 'unknown', note: 'needs-test-build' })).toBe(true)
    expect(asksForAction({ ...check, state: 'warn', cause: 'laptop.no-fallback' })).toBe(true)
    expect(asksForAction({ ...check, state: 'warn', cause: 'laptop.builder-unwatched' })).toBe(false)
    expect(asksForAction({ ...check, state: 'unknown', note: 'no-shared-path' })).toBe(false)
    expect(asksForAction({ ...check, state: 'skip' })).toBe(false)
    expect(asksForAction({ ...check, state: 'fail', cause: 'laptop.no-builder' })).toBe(false)
    expect(asksForAction(check)).toBe(false)
  })

  it('shows advice by its own shape', () => {
    expect(rowShape({ ...check, state: 'warn', cause: 'laptop.no-fallback' })).toBe('advice')
    expect(rowShape({ ...check, state: 'warn', cause: 'ssh.host-key-unknown' })).toBe('warn')
  })

  it('begins the cause as a sentence, but leaves the name of a host or a program as it is written', () => {
    const title = (cause: CauseCode) => titleAlone(cause, { host: 'desktop', port: 5000 }, words)
    expect(title('cache.port-closed')).toBe('No cache listens on desktop, port 5000')
    expect(title('net.timeout')).toBe('desktop does not answer')
  })

  it('lends the values of its builder or cache to the texts, but its own win', () => {
    const own = { ...check, params: { host: 'other' } }
    expect(paramsOf(own, { kind: 'builder', builder: builder('desktop') })).toMatchObject({
      host: 'other',
      port: 22,
      user: 'nix-builder',
    })
    expect(paramsOf(check, { kind: 'cache', cache: cache('desktop') })).toEqual({
      url: 'http://desktop:5000',
    })
  })

  it('copies as text that stands alone', () => {
    const failing = {
      ...check,
      state: 'fail',
      cause: 'net.timeout',
      params: { host: 'desktop' },
      detail: 'ETIMEDOUT\u001b[0m',
    } as const
    const text = checkText(failing, { kind: 'builder', builder: builder('desktop') }, words)
    expect(text).toContain('desktop (ssh-ng://nix-builder@desktop)\nReachable: Failed\nCode: net.timeout\n')
    expect(text).toContain('$ ping -c 3 desktop')
    expect(text).toContain('2026-03-14T15:09:26.000Z, 4 ms')
    expect(text.endsWith('ETIMEDOUT')).toBe(true)
  })
})

describe('a proof', () => {
  const at = '2026-03-14T15:09:26.000Z'
  const later = (ms: number) => Date.parse(at) + ms

  it('gets stale', () => {
    expect(isStale('ready', at, later(staleAfterMs))).toBe(false)
    expect(isStale('ready', at, later(staleAfterMs + 1))).toBe(true)
    expect(isStale('local', at, later(staleAfterMs + 1))).toBe(true)
  })

  it('is not called stale where the state says that nobody is watching', () => {
    expect(isStale('paused', at, later(staleAfterMs + 1))).toBe(false)
    expect(isStale('ready', undefined, later(0))).toBe(false)
  })
})
