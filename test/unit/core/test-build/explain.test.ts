// What our own checks tell of a builder whose refusal Nix hides.
import { describe, expect, it } from 'vitest'
import type { BuilderCheck } from '../../../../src/core/monitor/check-builder.ts'
import { firstProblem } from '../../../../src/core/test-build/explain.ts'

const at = '2026-01-01T00:00:00.000Z'
const passed: BuilderCheck = { id: 'reachable', state: 'pass', ms: 1, at }
const warned: BuilderCheck = { id: 'host-key', state: 'warn', cause: 'ssh.host-key-unknown', ms: 1, at }
const closed: BuilderCheck = {
  id: 'reachable',
  state: 'fail',
  cause: 'ssh.port-closed',
  params: { host: 'desktop', port: 22 },
  detail: 'ECONNREFUSED',
  ms: 1,
  at,
}

describe('our own checks', () => {
  it('say of their words that they are not Nix’s', () => {
    expect(firstProblem([warned, closed])).toEqual({
      cause: 'ssh.port-closed',
      params: { host: 'desktop', port: 22 },
      raw: 'our own check: ECONNREFUSED',
    })
  })

  it('name a host key that only warns where nothing fails', () => {
    expect(firstProblem([passed, warned])).toEqual({ cause: 'ssh.host-key-unknown' })
  })

  it('say nothing where nothing is wrong', () => {
    expect(firstProblem([passed])).toBeNull()
  })
})
