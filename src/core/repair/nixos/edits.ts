// Which of a NixOS machine's files have to change for the module to be imported and set: pure, from their texts.
import { posix } from 'node:path'
import type { NixEdit } from '../../../shared/nix-edit.ts'
import { editConfiguration } from './configuration.ts'
import { mentionsModule } from './edit.ts'
import { editFlake } from './flake.ts'
import type { NixValue } from './literal.ts'

export interface NixFile {
  /** Absolute. */
  readonly path: string
  readonly text: string
}

export interface NixosFiles {
  /** Null where the machine is built without flakes. */
  readonly flake: NixFile | null
  /** The host's own file. */
  readonly configuration: NixFile
  /** The attribute in nixosConfigurations; null where the flake may have only one. */
  readonly host: string | null
  /** Where the module stands, or will stand: absolute. */
  readonly module: string
}

export interface NixosEdits {
  /** Null where the flake stays as it is: there is none, or the import stands (or goes) elsewhere. */
  readonly flake: NixEdit | null
  readonly configuration: NixEdit
}

/**
 * The import goes into the flake's list of modules; where that is no plain list, into the configuration's imports. What is
 * imported already, in either, is not imported again. In a flake that is a Git repository Nix sees a new file only once
 * it was added (`git add -N`): the caller's business.
 */
export function nixosEdits(files: NixosFiles, settings: Readonly<Record<string, NixValue>>): NixosEdits {
  const { flake, configuration, host, module } = files
  const configure = (isImported: boolean) =>
    editConfiguration(configuration.text, {
      settings,
      file: configuration.path,
      ...(isImported ? {} : { importPath: pathFrom(configuration.path, module) }),
    })
  if (mentionsModule(configuration.text, module) === true)
    return { flake: null, configuration: configure(true) }
  if (flake === null) return { flake: null, configuration: configure(false) }
  const edit = editFlake(flake.text, { host, modulePath: pathFrom(flake.path, module), file: flake.path })
  if (edit.kind !== 'refused') return { flake: edit, configuration: configure(true) }
  // A system made by a function may well be given the module there.
  if (mentionsModule(flake.text, module) === true) return { flake: null, configuration: configure(true) }
  const both = configure(false)
  return both.kind === 'refused'
    ? { flake: edit, configuration: configure(true) }
    : { flake: null, configuration: both }
}

/** As one file names another: ./modules/x.nix, ../x.nix. */
function pathFrom(file: string, to: string): string {
  const path = posix.relative(posix.dirname(file), to)
  return path.startsWith('.') ? path : `./${path}`
}
