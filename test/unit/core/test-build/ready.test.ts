// What stands in the way of a test build before it begins.
import { describe, expect, it } from 'vitest'
import { hindrance } from '../../../../src/core/test-build/ready.ts'
import { problem } from '../../../../src/shared/outcome.ts'
import { laptop } from '../monitor/fixtures.ts'

const confInvalid = problem('laptop.nix-conf-invalid', { file: '/etc/nix/nix.conf', line: 3, what: 'x' })
const daemonDown = problem('laptop.daemon-down')

describe('what stands in the way of a test build', () => {
  it.each([
    ['before', [confInvalid, daemonDown]],
    ['after', [daemonDown, confInvalid]],
  ])('is the line of nix.conf that keeps the daemon from starting, seen %s it', (_when, problems) => {
    expect(hindrance(laptop({ problems }))).toEqual(confInvalid)
  })

  it('is nothing where builders are there and no problem stops Nix', () => {
    expect(hindrance(laptop({ problems: [problem('laptop.no-fallback')] }))).toBeNull()
  })
})
