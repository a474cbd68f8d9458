// The pretended laptop of `--demo`: facts as core/laptop would read them, pointing at the servers of this process.
import { problem } from '../../shared/outcome.ts'
import type { Builder, BuilderKeyFile, LaptopFacts } from '../laptop/facts.ts'
import type { LaptopTwist } from './faults.ts'

/** What a twist needs to know of the running demo. */
export interface DemoWorld {
  readonly sshPort: number
  /** A port of 127.0.0.1 where nothing listens. */
  readonly deadPort: number
  readonly cacheUrl: string
  readonly hostKeyLine: string
  readonly builderPublicKey: string
  readonly cachePublicLine: string
}

export const demoUser = 'nix-builder'
const demoHost = 'demo-desktop'
const keyPath = '/etc/nix/builder_key'
const machinesFile = '/etc/nix/machines'
const publicCache = 'https://cache.nixos.org'

/** The facts of a laptop that would be healthy but for the twist. */
export function demoFacts(world: DemoWorld, twist: LaptopTwist): LaptopFacts {
  const builders = twist.noBuilder ? [] : demoBuilders(world, twist)
  const offloads = builders.length > 0
  const cacheUsed = offloads && !twist.cacheNotUsed
  return {
    // Old enough that a dead cache stops builds where fallback is off (2.32 learned to go on).
    nixVersion: '2.28.5',
    settings: {
      builders: twist.distributedBuildsOff ? '' : `@${machinesFile}`,
      maxJobs: twist.noLocalBuilds ? 0 : 4,
      fallback: !twist.noFallback,
      substituters: cacheUsed ? [world.cacheUrl, publicCache] : [publicCache],
      trustedPublicKeys: [
        'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=',
        world.cachePublicLine,
      ],
      requireSigs: true,
      system: 'x86_64-linux',
      storeDir: '/nix/store',
      buildersUseSubstitutes: true,
    },
    builders,
    keys: new Map(builders.map((builder) => [builder.id, builderKey(world, twist)])),
    caches: offloads ? [{ url: world.cacheUrl, isSubstituter: cacheUsed, trusted: false }] : [],
    otherSubstituters: [publicCache],
    problems: [
      ...(twist.noBuilder ? [problem('laptop.no-builder')] : []),
      ...(twist.distributedBuildsOff ? [problem('laptop.distributed-builds-off')] : []),
    ],
  }
}

/** Busy slots by builder id: all on the first builder. */
export function demoBusySlots(builders: readonly Builder[], twist: LaptopTwist): ReadonlyMap<string, number> {
  return new Map(builders.map((builder, at) => [builder.id, at === 0 ? (twist.busy ?? 0) : 0]))
}

function demoBuilders(world: DemoWorld, twist: LaptopTwist): readonly Builder[] {
  const hostKeyLine = twist.hostKeyNotPinned ? null : world.hostKeyLine
  const first = demoBuilder(demoHost, world.sshPort, 1, hostKeyLine)
  if (!twist.secondBuilder) return [first]
  return [first, demoBuilder(`${demoHost}-2`, world.deadPort, 2, hostKeyLine)]
}

function demoBuilder(host: string, port: number, line: number, hostKeyLine: string | null): Builder {
  const uri = `ssh-ng://${demoUser}@${host}`
  return {
    id: uri,
    uri,
    scheme: 'ssh-ng',
    host,
    // As an ssh_config would lead there, with the row's name for the host key.
    address: { host: '127.0.0.1', port, user: demoUser, hostKeyAlias: host },
    keyPath,
    systems: ['x86_64-linux'],
    maxJobs: 4,
    speedFactor: 1,
    supportedFeatures: ['big-parallel', 'kvm'],
    mandatoryFeatures: [],
    hostKeyLine,
    source: { file: machinesFile, line },
  }
}

/** As an unprivileged user sees /etc/nix/builder_key: root's, 0600, with its public half beside it. */
function builderKey(world: DemoWorld, twist: LaptopTwist): BuilderKeyFile {
  if (twist.builderKeyMissing) return { state: 'missing', path: keyPath }
  return {
    state: 'present',
    path: keyPath,
    mode: 0o600,
    ownerUid: 0,
    privateKey: null,
    publicKeyLine: world.builderPublicKey,
    problems: [],
  }
}
