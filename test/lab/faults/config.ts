// The laptop's Nix settings and daemon.
import type { Fault } from './fault.ts'

/** One setting, kept apart from the others: any number of these can be broken at once. */
function setting(name: string, key: string, value: string, about: string, causes: readonly string[]): Fault {
  return {
    name,
    about,
    causes,
    on: 'laptop',
    resource: `nix.conf ${key}`,
    break: `set_nix ${key} '${value}'`,
    mend: `back_nix ${key}
      forget_cache`,
  }
}

const stranger = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY='

export const configFaults: readonly Fault[] = [
  setting(
    'distributed-builds-off',
    'builders',
    '',
    '`builders =`: nothing is offloaded (NixOS distributedBuilds = false)',
    ['laptop.distributed-builds-off'],
  ),
  setting('no-substituter', 'substituters', '', "the desktop's cache is not among the substituters", [
    'laptop.no-substituter',
  ]),
  setting('cache-key-untrusted', 'trusted-public-keys', stranger, "the cache's public key is not trusted", [
    'laptop.cache-key-untrusted',
  ]),
  setting('no-fallback', 'fallback', 'false', 'fallback = false: a dead cache breaks every build', [
    'laptop.no-fallback',
  ]),
  setting('max-jobs-0', 'max-jobs', '0', 'max-jobs = 0: the laptop builds nothing itself', []),
  {
    name: 'laptop-daemon-stopped',
    about: "the laptop's nix-daemon is not running",
    on: 'laptop',
    resource: 'laptop-daemon',
    causes: ['laptop.daemon-down'],
    break: 'stop_daemon',
    mend: 'start_daemon',
  },
]
