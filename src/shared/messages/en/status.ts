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
  states: { pass: 'OK', warn: 'Warning', fail: 'Failed', skip: 'Not checked', unknown: 'Not proven yet' },
}
