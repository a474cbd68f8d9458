// Puts the module's import and settings into a configuration.nix.

import type { NixEdit } from '../../../shared/nix-edit.ts'
import { correct } from './correct.ts'
import { guarded, Refusal, takesIn } from './edit.ts'
import { plainLists } from './flake.ts'
import { type NixValue, printName, printValue } from './literal.ts'
import { type Found, findSettings } from './settings.ts'
import { addBindings, addFirst, addItems, indentUnit, newlineOf, type Splice, type Writer } from './splice.ts'
import { type AttrSet, type Node, unwrap } from './tree.ts'

export interface ConfigurationTarget {
  /** `services.offload-server`, unless said otherwise. */
  readonly option?: readonly [string, string]
  /** What must hold, in the order it is written; others stay as they are. An empty list asks for nothing. */
  readonly settings: Readonly<Record<string, NixValue>>
  /** Also imported here, where no flake lists modules: `./modules/services/offload-server.nix`. */
  readonly importPath?: string
  /** The name shown in the diff. */
  readonly file?: string
}

/**
 * Adds what is missing of the settings, and corrects plain values that differ. A setting that is computed, conditional
 * or held by mkForce is refused, with the snippet to write.
 */
export function editConfiguration(text: string, target: ConfigurationTarget): NixEdit {
  const { option = ['services', 'offload-server'], settings, importPath, file = 'configuration.nix' } = target
  const wanted = Object.entries(settings).filter(([, value]) => typeof value !== 'object' || value.length > 0)
  const block = printBlock(option.join('.'), wanted, '', '  ', '\n', false)
  const snippet = importPath === undefined ? block : `imports = [ ${importPath} ];\n\n${block}`
  return guarded({
    file,
    source: text,
    snippet,
    steps: [
      (root, source) => {
        // Asked first, so that a refusal names a place of the file as it is.
        const splices = settle(source, findSettings(root, option), option, wanted)
        if (importPath !== undefined) importModule(root, source, importPath)
        return splices
      },
      (root, source) => (importPath === undefined ? [] : importModule(root, source, importPath)),
    ],
  })
}

type Wanted = readonly (readonly [string, NixValue])[]

function importModule(root: Node, source: string, path: string): readonly Splice[] {
  const body = unwrap(root)
  if (body.kind !== 'set') throw new Refusal('no-set', { what: 'imports' }, body.start)
  // A flake is a set as well, and its imports are no NixOS imports.
  if (body.bindings.some((one) => one.kind === 'bind' && one.path[0] === 'outputs'))
    throw new Refusal('no-set', { what: 'imports' }, body.start)
  if (!/^\.{0,2}(?:\/[A-Za-z0-9._+-]+)+$/.test(path)) throw new Refusal('unsure', {}, null)
  for (const one of body.bindings) {
    if (one.kind === 'inherit' && one.names.includes('imports'))
      throw new Refusal('no-list', { what: 'imports' }, one.start)
    if (one.kind !== 'bind' || one.path.join('.') !== 'imports') continue
    if (takesIn(one.value, path)) return []
    const [list] = plainLists(one.value)
    if (list === undefined) throw new Refusal('no-list', { what: 'imports' }, one.start)
    return [addItems(source, list, [path])]
  }
  return [addFirst(source, body, () => `imports = [ ${path} ];`)]
}

/** The changes that make every wanted setting hold. */
function settle(source: string, found: Found, option: readonly string[], wanted: Wanted): readonly Splice[] {
  const splices: Splice[] = []
  const missing: (readonly [string, NixValue])[] = []
  for (const [name, value] of wanted) {
    const [first, ...more] = found.definitions.filter((one) => one.name === name)
    if (first === undefined) missing.push([name, value])
    else splices.push(...correct(source, name, value, [first, ...more]))
  }
  return missing.length === 0 ? splices : [...splices, addMissing(source, found, option, missing)]
}

/** In the block that is there, else beside its dotted lines, else as a new block. */
function addMissing(source: string, found: Found, option: readonly string[], missing: Wanted): Splice {
  const unit = indentUnit(source)
  const newline = newlineOf(source)
  const line =
    (prefix: string, [name, value]: Wanted[number]): Writer =>
    (indent, flat) =>
      `${prefix}${printName(name)} = ${flat ? printValue(value, '', '', ' ') : printValue(value, indent, unit, newline)};`
  const [block] = found.blocks
  if (block !== undefined)
    return addBindings(
      source,
      block,
      undefined,
      missing.map((one) => line('', one)),
    )
  const dotted = found.dotted.at(-1)
  if (dotted !== undefined) {
    const writers = missing.map((one) => line(`${dotted.prefix}.`, one))
    return addBindings(source, dotted.set, dotted.bind, writers)
  }
  const [home] = found.homes
  if (home === undefined) throw new Refusal('no-set', { what: option.join('.') }, found.start)
  const name = option.slice(home.depth).map(printName).join('.')
  const write: Writer = (indent, flat) => printBlock(name, missing, indent, unit, newline, flat)
  return addBindings(source, home.set, lastSibling(home.set, option, home.depth), [write], true)
}

/** The last `services.*` of the set, to stand beside its like; undefined for the set's end. */
function lastSibling(set: AttrSet, option: readonly string[], depth: number) {
  if (depth > 0) return undefined
  return set.bindings.findLast((one) => one.kind === 'bind' && one.path[0] === option[0])
}

/** `name = { … };` with a line for each setting, or all on one line. */
export function printBlock(
  name: string,
  settings: Wanted,
  indent: string,
  unit: string,
  newline: string,
  flat: boolean,
): string {
  if (flat) {
    const inside = settings.map(([key, value]) => `${printName(key)} = ${printValue(value, '', '', ' ')};`)
    return `${name} = { ${inside.join(' ')} };`
  }
  const deeper = `${indent}${unit}`
  const lines = settings.map(
    ([key, value]) => `${deeper}${printName(key)} = ${printValue(value, deeper, unit, newline)};`,
  )
  return [`${name} = {`, ...lines, `${indent}};`].join(newline)
}
