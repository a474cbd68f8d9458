// Headlines, and the names of checks and their states.
import type { StatusWords } from '../words.ts'

export const status: StatusWords = {
  headline: {
    blocked: 'Builds will fail: {reason}',
    local: 'Builds run on this laptop: {reason}',
    degraded: 'Builds run on {builder}, but: {reason}',
    building: 'Builds run on {builder}, {count} right now',
    ready: 'Builds run on {builder}',
    checking: 'Checking {builder}',
    unconfigured: 'No builder is set up yet',
    paused: 'Watching is paused',
  },
  builderUnseen: 'No builder can be seen: {reason}',
  checks: {
    reachable: 'Reachable',
    'host-key': 'Host key',
    'builder-key': 'Builder key',
    'remote-nix': 'Nix on the desktop',
    'cache-info': 'Cache answers',
    'cache-signature': 'Cache signature',
    'nix-config': 'Nix configuration',
    'builder-key-file': 'Builder key file',
    'cache-trust': 'Trust in the cache',
    fallback: 'Fallback',
    'nfs-mount': 'NFS mount answers',
  },
  proves: {
    reachable: 'The desktop answers on its SSH port.',
    'host-key': 'The machine there shows the host key that you trust.',
    'builder-key': 'The desktop accepts this laptop’s builder key.',
    'remote-nix': 'Nix there answers and takes builds from this laptop.',
    'cache-info': 'The cache answers, and serves the store that this laptop uses.',
    'cache-signature': 'What the cache sends is signed with a key that this laptop trusts.',
    'nix-config': 'Nix on this laptop knows a builder and may send builds to it.',
    'builder-key-file': 'The builder key is in its place, and others cannot read it.',
    'cache-trust': 'Nix on this laptop uses the cache and trusts its key.',
    fallback: 'Nix goes on building when the cache fails.',
    'nfs-mount': 'The desktop’s store, mounted here, answers.',
  },
  states: { pass: 'OK', warn: 'Warning', fail: 'Failed', skip: 'Not checked', unknown: 'Not proven yet' },
}
