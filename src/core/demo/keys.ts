// Every key of the demo desktop, made anew at each start and kept only in memory.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { CacheKeys } from './cache-server.ts'
import type { SigningKey } from './signed-path.ts'
import { makeSshKey } from './ssh-key.ts'
import type { SshServerKeys } from './ssh-server.ts'

export interface DemoKeys {
  readonly ssh: SshServerKeys
  /** The public line of the host key that the laptop has pinned. */
  readonly hostKeyLine: string
  readonly cache: CacheKeys
}

/** Six ed25519 keys: a few milliseconds. */
export function makeDemoKeys(): DemoKeys {
  const host = makeSshKey('root@demo-desktop')
  const builder = makeSshKey('builder@demo-laptop')
  return {
    // The builder's private half is dropped here: the demo goes the way of a key that only root may read.
    ssh: {
      hostKey: host.private,
      otherHostKey: makeSshKey('root@demo-desktop').private,
      builderPublicKey: builder.public,
    },
    hostKeyLine: host.public,
    cache: {
      trusted: signingKey('demo-desktop-1'),
      unknown: signingKey('someone-else-1'),
      regenerated: signingKey('demo-desktop-1'),
    },
  }
}

function signingKey(name: string): SigningKey {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } =
    generateKeyPairSync('ed25519')
  // The last 32 bytes of an ed25519 SPKI are the key itself (RFC 8410).
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  return { name, privateKey, publicLine: `${name}:${raw.toString('base64')}` }
}
