// A builder to repair in tests: on 127.0.0.1, with a key of its own.
import type { RepairTarget } from '../../../../src/core/repair/engine.ts'
import { keyPair } from '../desktop/keys.ts'
import { keyFile } from '../desktop/targets.ts'
import { builder } from '../monitor/fixtures.ts'

export const builderKey = keyPair()

export function repairTarget(port: number, hostKeyLine: string | null = null): RepairTarget {
  const publicKeyLine = `${builderKey.public.trim()} root@laptop`
  const file = keyFile({ publicKeyLine })
  if (file.state !== 'present') throw new Error('a key file that is there')
  return {
    builder: builder('desktop', {
      address: { host: '127.0.0.1', port, user: 'nix-builder' },
      hostKeyLine,
    }),
    keyFile: file,
    publicKeyLine,
    cachePort: 5000,
    trustedKeys: [],
    knownHosts: [],
    adminUser: 'admin',
  }
}
