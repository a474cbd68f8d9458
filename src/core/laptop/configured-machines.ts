// The builders that Nix is configured with, and what keeps it from using them.
import { join } from 'node:path'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { LaptopFiles } from './files.ts'
import type { Grammar, MachineRow } from './machines.ts'
import { type MachinesRead, readMachines } from './machines-file.ts'
import { versionAtLeast } from './nix-binary.ts'
import type { NixTruth } from './nix-settings.ts'
import type { StoreUri } from './store-uri.ts'

export type SshRow = MachineRow & { readonly store: Extract<StoreUri, { kind: 'ssh' }> }

export interface ConfiguredMachines {
  readonly rows: readonly SshRow[]
  readonly problems: readonly Problem[]
}

/**
 * Follows `builders`. Where it is empty, the machines file is read all the same, so that the person sees the builders
 * that are set up but turned off (NixOS writes the file whatever nix.distributedBuilds says).
 */
export async function readConfiguredMachines(nix: NixTruth, files: LaptopFiles): Promise<ConfiguredMachines> {
  const machinesFile = join(files.nixConfDir, 'machines')
  const grammar: Grammar = versionAtLeast(nix.nix.version, '2.28.1') ? 'new' : 'old'
  const { builders, system } = nix.settings
  const isOff = builders.trim() === '' || !nix.hasBuildHook
  const written = builders.trim() === '' ? `@${machinesFile}` : builders
  const place = nix.conf.settings.get('builders') ?? { file: join(files.nixConfDir, 'nix.conf'), line: 1 }
  const read = await readMachines(written, { file: place.file, line: place.line }, system, grammar)
  const rows = read.rows.filter((row): row is SshRow => row.store.kind === 'ssh')
  return {
    rows,
    problems: [
      ...read.problems,
      ...unwatched(read.rows),
      ...withoutSlots(rows),
      ...(isOff && read.rows.length > 0 ? [problem('laptop.distributed-builds-off')] : []),
      ...nothing(read, machinesFile),
    ],
  }
}

/** Nix ignores a missing @file, so it is a problem only where it leaves no builder at all. */
function nothing(read: MachinesRead, machinesFile: string): readonly Problem[] {
  // A broken or unreadable file has said its own word already.
  if (read.rows.length > 0 || read.problems.length > 0) return []
  return [problem('laptop.no-builder', { file: read.files[0] ?? machinesFile })]
}

function withoutSlots(rows: readonly SshRow[]): readonly Problem[] {
  return rows.flatMap(({ store, maxJobs, source }) =>
    maxJobs === 0 ? [problem('laptop.builder-no-slots', { uri: store.uri, ...source })] : [],
  )
}

function unwatched(rows: readonly MachineRow[]): readonly Problem[] {
  return rows.flatMap(({ store, source }) =>
    store.kind === 'ssh' ? [] : [problem('laptop.builder-unwatched', { uri: store.uri, ...source })],
  )
}
