// What is said of a check besides its state and cause.
import type { CheckNote } from '../../status.ts'

export const notes: Readonly<Record<CheckNote, string>> = {
  'not-checked-yet': 'Not checked yet.',
  stale: 'The last proof is too old to count.',
  'host-key-first': 'Nothing was sent: the host key is not trusted yet.',
  'through-a-proxy': 'ssh goes there by ProxyJump or ProxyCommand: only a test build can prove this.',
  'needs-test-build': 'Only a test build can prove this, because the builder key belongs to root.',
  'proven-by-test-build': 'Proven by your last test build.',
  'failed-in-test-build': 'Seen in your last test build. Run another one once it is mended.',
  'default-key':
    'No key file is named for a builder, so root’s own SSH keys are used; you cannot see them from here.',
  'no-cache': 'No cache of a desktop is in use.',
  'no-shared-path': 'No path is known yet that this cache must have. The first test build settles it.',
  'not-a-substituter': 'Nix on this laptop does not ask this cache.',
  'signature-not-needed': 'Nix asks for no signature here.',
}
