// From what a survey found of a NixOS machine to its edits: which files, which host, which settings. Pure.
import { posix } from 'node:path'
import type { NixEdit } from '../../../shared/nix-edit.ts'
import type { NixosFacts, TextFile } from '../machine-facts.ts'
import { mentionsModule, Refusal } from './edit.ts'
import { type NixFile, type NixosEdits, nixosEdits } from './edits.ts'
import { modulePaths, systemsIn } from './flake.ts'
import type { NixValue } from './literal.ts'
import { moduleText } from './module-text.ts'
import { parseNix } from './parse.ts'
import { findSettings } from './settings.ts'
import { type ServerOptions, serverSettings } from './snippet.ts'
import { NotNix } from './tokens.ts'
import { everyNode } from './tree.ts'

const option = ['services', 'offload-server'] as const
const moduleName = 'offload-server.nix'

export interface NixosMachine {
  readonly edits: NixosEdits
  /** Null where the machine is built without flakes. */
  readonly flake: NixFile | null
  readonly configuration: NixFile
  /** Whether the configuration takes the module in already. */
  readonly isImported: boolean
  readonly isEnabled: boolean
  /** null: it comes from elsewhere (a flake's input), or stands there as it should. */
  readonly module: { readonly path: string; readonly before: string | null } | null
  /** Where the module stands, or will. */
  readonly modulePath: string
  /** What nixos-rebuild is given: "/etc/nixos#host"; empty without a flake. */
  readonly reference: string
}

/** What has to be so; null leaves what is there, or the module's default. */
export interface NixosWish {
  readonly builderUser: string
  readonly cachePort: number
  readonly authorizedKeys: readonly string[]
  /** Whether they are missed now; a module that is only about to be enabled gets them all the same. */
  readonly keysAreMissing: boolean
  /** Of a signing key that is there already. */
  readonly cacheKey: { readonly path: string; readonly name: string } | null
}

/** null where no file of the host's own may be read: then nothing is known of its configuration. */
export function nixosMachine(facts: NixosFacts, wish: NixosWish): NixosMachine | null {
  const flake = facts.flake.kind === 'missing' ? null : readNix(facts.flake)
  if (flake === null && facts.flake.kind !== 'missing') return null
  const host = flake === null ? null : hostOf(flake.text, facts.hostName)
  const configuration = chosen(facts, flake, host ?? facts.hostName)
  if (configuration === null) return null
  const found = facts.modules.map(readNix).find((file) => file !== null)
  const isImported = [flake, configuration].some(
    (file) => file !== null && mentionsModule(file.text, found?.path ?? moduleName) === true,
  )
  const base = posix.dirname((flake ?? configuration).path)
  const modulePath =
    found?.path ?? importedPath([flake, configuration]) ?? `${base}/modules/services/${moduleName}`
  const names = namesIn(configuration.text)
  const edits = nixosEdits(
    { flake, configuration, host, module: modulePath },
    settingsFor(wish, names, configuration.text),
  )
  const text = moduleText['offload-server']
  const isElsewhere = found === undefined && isImported && importedPath([flake, configuration]) === null
  const isGood = found !== undefined && knowsOptions(found.text)
  return {
    edits,
    flake,
    configuration,
    isImported,
    isEnabled: names.has('enable') && settingsEnable(configuration.text),
    module:
      isElsewhere || isGood || found?.text === text
        ? null
        : { path: modulePath, before: found?.text ?? null },
    modulePath,
    reference: flake === null ? '' : `${posix.dirname(flake.path)}#${host ?? facts.hostName}`,
  }
}

/** Its text where it may be read and is UTF-8: anything else could not be written back to the byte. */
function readNix(file: TextFile): NixFile | null {
  if (file.kind !== 'file' || file.hex === null) return null
  const bytes = Buffer.from(file.hex, 'hex')
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? { path: file.real, text } : null
}

/** The attribute of nixosConfigurations: as nixos-rebuild chooses it, else the only one there is. */
function hostOf(flake: string, hostName: string): string {
  const hosts = attempt(() => systemsIn(parseNix(flake)).flatMap(({ host }) => host ?? [])) ?? []
  const [only, second] = hosts
  return !hosts.includes(hostName) && only !== undefined && second === undefined ? only : hostName
}

/**
 * The file that sets our module; else one that the flake lists for the host; else one whose place says that it is the
 * host's. Any other file may be no NixOS module at all.
 */
function chosen(facts: NixosFacts, flake: NixFile | null, host: string): NixFile | null {
  const files = facts.configurations.map(readNix).filter((file) => file !== null)
  const dir = flake === null ? '/etc/nixos' : posix.dirname(flake.path)
  const listed = flake === null ? [] : (attempt(() => modulePaths(parseNix(flake.text), host)) ?? [])
  const places = listed.map((path) => posix.join(dir, path))
  const isListed = ({ path }: NixFile) => places.includes(path) || places.includes(posix.dirname(path))
  const isHosts = ({ path }: NixFile) =>
    path.endsWith(`/${host}/configuration.nix`) ||
    path.endsWith(`/${host}/default.nix`) ||
    path.endsWith(`/${host}.nix`)
  return (
    files.find(({ text }) => namesIn(text).size > 0) ??
    files.find((file) => isListed(file) && isHosts(file)) ??
    files.find((file) => isListed(file) && file.path.endsWith('/configuration.nix')) ??
    files.find(isListed) ??
    files.find(isHosts) ??
    files.find(({ path }) => path === `${dir}/configuration.nix`) ??
    null
  )
}

/** Where an import leads whose file may not be there yet. */
function importedPath(files: readonly (NixFile | null)[]): string | null {
  for (const file of files) {
    if (file === null) continue
    const root = attempt(() => parseNix(file.text))
    for (const node of root === null ? [] : everyNode(root))
      if (node.kind === 'path' && /^\.{1,2}\/[\w./+-]*offload-server\.nix$/.test(node.text))
        return posix.join(posix.dirname(file.path), node.text)
  }
  return null
}

/** The names that the configuration sets of our option; none where it cannot be read. */
function namesIn(text: string): ReadonlySet<string> {
  const found = attempt(() => findSettings(parseNix(text), option).definitions)
  return new Set((found ?? []).map(({ name }) => name))
}

function settingsEnable(text: string): boolean {
  const found = attempt(() => findSettings(parseNix(text), option).definitions) ?? []
  return found.some(({ name, value }) => name === 'enable' && value.kind === 'id' && value.text === 'true')
}

/** What differs from the module's defaults, and what the file sets itself: only that can be wrong. */
function settingsFor(
  { builderUser, cachePort, authorizedKeys, keysAreMissing, cacheKey }: NixosWish,
  names: ReadonlySet<string>,
  configuration: string,
): Readonly<Record<string, NixValue>> {
  const ownPath = names.has('cacheKeyPath') || cacheKey === null ? {} : { cacheKeyPath: cacheKey.path }
  // A key of another name than the module expects would stop its unit; only for the key that the file means.
  const isMeant = cacheKey !== null && (!names.has('cacheKeyPath') || configuration.includes(cacheKey.path))
  const options: ServerOptions = {
    cachePort,
    builderUser,
    ...ownPath,
    ...(isMeant ? { keyName: cacheKey.name } : {}),
    // The builder's home may become another, and a key in the old one be read no more.
    authorizedKeys: keysAreMissing || !settingsEnable(configuration) ? authorizedKeys : [],
  }
  const said: Readonly<Record<string, NixValue>> = {
    ...(names.has('cachePort') ? { cachePort } : {}),
    ...(names.has('builderUser') ? { builderUser } : {}),
    ...(names.has('keyName') && isMeant ? { keyName: cacheKey.name } : {}),
  }
  const { enable, ...more } = serverSettings(options)
  return { ...(enable === undefined ? {} : { enable }), ...said, ...more }
}

/** A module of before our time may lack what we set. */
function knowsOptions(text: string): boolean {
  return ['authorizedKeys', 'cachePort', 'builderUser', 'cacheKeyPath', 'keyName'].every((name) =>
    new RegExp(`\\b${name} = (?:lib\\.)?mkOption\\b`).test(text),
  )
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof NotNix || error instanceof Refusal) return null
    throw error
  }
}

export function isRefused(edit: NixEdit | null): edit is Extract<NixEdit, { kind: 'refused' }> {
  return edit?.kind === 'refused'
}
