// A laptop, a desktop and their answers, made to measure for the monitor's tests.
import type { CacheInfo, OfferedKey, SshProof } from '../../../../src/core/desktop/results.ts'
import type { Builder, BuilderKeyFile, Cache, LaptopFacts } from '../../../../src/core/laptop/facts.ts'
import type { Probes } from '../../../../src/core/monitor/probes.ts'
import { good, type Problem } from '../../../../src/shared/outcome.ts'

export const at = '2026-01-02T03:04:05.000Z'
export const atMs = Date.parse(at)
export const when = { at, ms: 7 }

export function builder(host = 'desktop', change: Partial<Builder> = {}): Builder {
  const uri = `ssh-ng://nix-builder@${host}`
  return {
    id: uri,
    uri,
    scheme: 'ssh-ng',
    host,
    address: { host: `${host}.lan`, port: 22, user: 'nix-builder' },
    keyPath: '/etc/nix/builder_key',
    systems: ['x86_64-linux'],
    maxJobs: 4,
    speedFactor: 1,
    supportedFeatures: [],
    mandatoryFeatures: [],
    hostKeyLine: null,
    source: { file: '/etc/nix/machines', line: 1 },
    ...change,
  }
}

export const cache: Cache = { url: 'http://desktop:5000', isSubstituter: true, trusted: false }

export function keyFile(problems: readonly Problem[] = []): BuilderKeyFile {
  return {
    state: 'present',
    path: '/etc/nix/builder_key',
    mode: 0o600,
    ownerUid: 0,
    privateKey: null,
    publicKeyLine: 'ssh-ed25519 AAAA test',
    problems,
  }
}

export function laptop(change: Partial<LaptopFacts> = {}): LaptopFacts {
  const builders = change.builders ?? [builder()]
  return {
    nixVersion: '2.26.3',
    settings: {
      builders: '@/etc/nix/machines',
      maxJobs: 8,
      fallback: true,
      substituters: ['http://desktop:5000', 'https://cache.nixos.org'],
      trustedPublicKeys: ['cache.nixos.org-1:AAAA', 'cache.local-1:BBBB'],
      requireSigs: true,
      system: 'x86_64-linux',
      storeDir: '/nix/store',
      buildersUseSubstitutes: true,
    },
    builders,
    keys: new Map(builders.map((one) => [one.id, keyFile()])),
    caches: [cache],
    otherSubstituters: ['https://cache.nixos.org'],
    problems: [],
    ...change,
  }
}

export function withSettings(change: Partial<LaptopFacts['settings']>): LaptopFacts {
  const facts = laptop()
  return { ...facts, settings: { ...facts.settings, ...change } }
}

export const offered: OfferedKey = {
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:offered',
  blob: Buffer.from('key'),
}

export function proof(change: Partial<SshProof> = {}): SshProof {
  return {
    connectMs: 1.24,
    peer: { ip: '10.0.0.2', addresses: ['10.0.0.2'] },
    hostKey: { state: 'trusted', offered, source: 'machines' },
    key: 'accepted',
    keyMs: 12,
    problem: null,
    session: null,
    ...change,
  }
}

export const cacheInfo: CacheInfo = { storeDir: '/nix/store', wantMassQuery: true, priority: 30 }

/** Desktops that are all well; replace what a test is about. */
export function probes(change: Partial<Probes> = {}): Probes {
  return {
    knock: async () => good({ ms: 1, ip: '10.0.0.2' }),
    prove: async () => proof(),
    askNix: async () => good({ version: '2.26.3', trusted: true, systems: ['x86_64-linux'], diskFree: 9e9 }),
    cacheInfo: async () => good(cacheInfo),
    verifyPath: async (_url, path) => ({ state: 'valid', keyName: 'cache.local-1', path }),
    trust: async () => good(undefined),
    ...change,
  }
}
