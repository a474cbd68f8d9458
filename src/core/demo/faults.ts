// What each switchable fault does to the demo desktop or to the laptop's facts, as data.
import type { DemoFaultId } from '../../shared/demo-faults.ts'
import type { CacheManner } from './cache-server.ts'
import type { SshManner } from './ssh-server.ts'

/** How the pretended laptop differs from a healthy one. */
export interface LaptopTwist {
  readonly busy?: number
  readonly secondBuilder?: true
  readonly hostKeyNotPinned?: true
  readonly cacheNotUsed?: true
  readonly noFallback?: true
  readonly noLocalBuilds?: true
  readonly distributedBuildsOff?: true
  readonly builderKeyMissing?: true
  readonly noBuilder?: true
}

export interface FaultEffect {
  readonly ssh?: SshManner
  readonly cache?: CacheManner
  readonly laptop?: LaptopTwist
}

const faultEffects: Readonly<Record<DemoFaultId, FaultEffect>> = {
  'builds-running': { laptop: { busy: 2 } },
  'second-builder-down': { laptop: { secondBuilder: true } },
  'sshd-stopped': { ssh: 'stopped' },
  'desktop-silent': { ssh: 'silent', cache: 'dropped' },
  'not-ssh': { ssh: 'not-ssh' },
  'sshd-mute': { ssh: 'mute' },
  'sshd-throttles': { ssh: 'throttles' },
  'host-key-unknown': { laptop: { hostKeyNotPinned: true } },
  'host-key-changed': { ssh: 'other-host-key' },
  'key-refused': { ssh: 'refuses-key' },
  'bare-desktop': { ssh: 'refuses-key', cache: 'stopped' },
  'cache-stopped': { cache: 'stopped' },
  'cache-silent': { cache: 'silent' },
  'not-a-cache': { cache: 'not-a-cache' },
  'narinfo-500': { cache: 'narinfo-500' },
  'cache-unsigned': { cache: 'unsigned' },
  'cache-key-unknown': { cache: 'unknown-key' },
  'cache-key-regenerated': { cache: 'regenerated-key' },
  'no-substituter': { laptop: { cacheNotUsed: true } },
  'fallback-off': { laptop: { noFallback: true } },
  'max-jobs-0': { laptop: { noLocalBuilds: true } },
  'distributed-builds-off': { laptop: { distributedBuildsOff: true } },
  'builder-key-missing': { laptop: { builderKeyMissing: true } },
  'no-builder': { laptop: { noBuilder: true } },
}

/** The effect of several faults at once: of two that want the same server to misbehave, the one listed first wins. */
export function combinedEffect(on: ReadonlySet<DemoFaultId>): Required<FaultEffect> {
  const effects = (Object.keys(faultEffects) as DemoFaultId[])
    .filter((id) => on.has(id))
    .map((id) => faultEffects[id])
  return {
    ssh: effects.find((effect) => effect.ssh !== undefined)?.ssh ?? 'well',
    cache: effects.find((effect) => effect.cache !== undefined)?.cache ?? 'well',
    laptop: Object.assign({}, ...effects.map((effect) => effect.laptop)) as LaptopTwist,
  }
}
