// What a cause does to builds, where that is more than to stop the check it was met in.
import type { CauseCode } from './causes.ts'

/** Causes that are advice: they warn in their row, but offloading works today, so they never colour the icon alone. */
export const advice: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.builder-unwatched',
  'laptop.no-fallback',
  'laptop.builder-key-untestable',
])

/** Causes that leave nothing to watch: there is no Nix, or no builder is set up. */
export const nothingSetUp: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.nix-missing',
  'laptop.no-builder',
])

/** Causes that leave the laptop's Nix unable to build anything at all. */
export const stopsEveryBuild: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.machines-invalid',
  'laptop.nix-silent',
  'laptop.nix-conf-invalid',
  'laptop.file-unfit',
  'laptop.daemon-down',
  'laptop.daemon-refuses',
])

/** Causes in the laptop's configuration that keep Nix from using any builder. */
export const stopsOffloading: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.distributed-builds-off',
  'laptop.ssh-config-invalid',
])

/** Cache causes that Nix treats as fatal where nothing else can answer (facts: "Dead cache = broken laptop"). */
export const deadCache: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'net.name-not-found',
  'net.unreachable',
  'net.timeout',
  'cache.port-closed',
  'cache.timeout',
  'cache.http-error',
  'cache.narinfo-error',
])
