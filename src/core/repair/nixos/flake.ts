// Adds a module to one host of a flake.nix.
import type { NixEdit } from '../../../shared/nix-edit.ts'
import { guarded, Refusal, takesIn } from './edit.ts'
import { addItems, type Splice } from './splice.ts'
import {
  type Attr,
  type AttrSet,
  type Bind,
  children,
  type List,
  lastName,
  type Node,
  unwrap,
} from './tree.ts'

export interface FlakeTarget {
  /** The attribute's name in nixosConfigurations; null where the flake may have only one. */
  readonly host: string | null
  /** As it is written in the flake: `./modules/services/offload-server.nix`. */
  readonly modulePath: string
  /** The name shown in the diff. */
  readonly file?: string
}

/**
 * Adds `modulePath` to `modules = [ … ]` of the host's `nixosSystem { … }`. Already there, under whatever folder: `already`.
 * Any other shape is refused, with the line to write.
 */
export function editFlake(text: string, { host, modulePath, file = 'flake.nix' }: FlakeTarget): NixEdit {
  // A path of plain characters cannot say anything else in Nix.
  const isPath = /^\.{0,2}(?:\/[A-Za-z0-9._+-]+)+$/.test(modulePath)
  return guarded({
    file,
    source: text,
    snippet: `modules = [\n  ${modulePath}\n];`,
    steps: [
      (root, source) => {
        if (!isPath) throw new Refusal('unsure', {}, null)
        return addModule(root, source, host, modulePath)
      },
    ],
  })
}

function addModule(root: Node, source: string, host: string | null, modulePath: string): readonly Splice[] {
  const system = chosen(systemsIn(root), host, root)
  const modules = modulesOf(system)
  if (takesIn(modules.value, modulePath)) return []
  const lists = plainLists(modules.value)
  const [first] = lists
  if (first === undefined) throw new Refusal('no-list', { what: 'modules' }, modules.start)
  return [addItems(source, first, [modulePath])]
}

/** The paths in the host's list of modules, as they are written; none where the list is not a plain one. */
export function modulePaths(root: Node, host: string | null): readonly string[] {
  const modules = modulesOf(chosen(systemsIn(root), host, root))
  return plainLists(modules.value).flatMap(({ items }) =>
    items.flatMap((item) => (item.kind === 'path' ? [item.text] : [])),
  )
}

interface System {
  /** Null where a function makes the systems: `nixosConfigurations = genAttrs …`. */
  readonly host: string | null
  readonly bind: Bind
}

/** Every `nixosConfigurations.<host> = …`, however its path is split over sets. */
export function systemsIn(root: Node): readonly System[] {
  const found: System[] = []
  const walk = (node: Node, path: readonly Attr[]): void => {
    if (node.kind !== 'set') {
      // What a function, an argument or an operand of // holds stands at the same place as the whole.
      const bindings = node.kind === 'let' ? node.bindings : []
      for (const one of bindings) if (one.kind === 'bind') walk(one.value, one.path)
      const inner = node.kind === 'let' ? [node.body] : children(node)
      for (const child of inner) walk(child, path)
      return
    }
    for (const bind of node.bindings) {
      if (bind.kind !== 'bind') continue
      const full = [...path, ...bind.path]
      const host = full.at(-1)
      const isMade = host === 'nixosConfigurations' && !isSets(bind.value)
      if (isMade) found.push({ host: null, bind })
      else if (full.at(-2) === 'nixosConfigurations' && typeof host === 'string') found.push({ host, bind })
      else walk(bind.value, full)
    }
  }
  walk(root, [])
  return found
}

/** A set, or sets joined by //. */
function isSets(value: Node): boolean {
  const node = unwrap(value)
  if (node.kind !== 'operation') return node.kind === 'set'
  return node.signs.every((sign) => sign === '//') && node.operands.every(isSets)
}

function chosen(systems: readonly System[], host: string | null, root: Node): System {
  if (systems.length === 0) throw new Refusal('no-systems', {}, root.start)
  const made = systems.find((one) => one.host === null)
  if (made !== undefined) throw new Refusal('own-function', {}, made.bind.start)
  const fitting = host === null ? systems : systems.filter((one) => one.host === host)
  const [only, second] = fitting
  const hosts = [...new Set(systems.map((one) => one.host))].join(', ')
  if (only === undefined || (host === null && second !== undefined))
    throw new Refusal('host-not-found', { hosts }, systems[0]?.bind.start ?? null)
  if (second !== undefined)
    throw new Refusal('several', { what: `nixosConfigurations.${only.host}` }, second.bind.start)
  return only
}

/** The `modules = …` of a `nixosSystem { … }`. */
function modulesOf({ bind }: System): Bind {
  const call = unwrap(bind.value)
  const args = call.kind === 'apply' && lastName(call.fn) === 'nixosSystem' ? call.args : []
  const [only, second] = args
  const set = only === undefined || second !== undefined ? null : unwrap(only)
  if (set?.kind !== 'set') throw new Refusal('own-function', {}, bind.start)
  return modulesIn(set, bind)
}

function modulesIn(set: AttrSet, system: Bind): Bind {
  const found = set.bindings.filter((one) => one.kind === 'bind' && one.path.join('.') === 'modules')
  const [modules] = found
  if (modules?.kind !== 'bind') throw new Refusal('no-list', { what: 'modules' }, system.start)
  return modules
}

/** The lists written out in `[ … ]`, or in `[ … ] ++ more`; none where anything but ++ joins them. */
export function plainLists(value: Node): readonly List[] {
  const node = unwrap(value)
  if (node.kind === 'list') return [node]
  if (node.kind !== 'operation' || node.signs.some((sign) => sign !== '++')) return []
  return node.operands.flatMap((operand) => (operand.kind === 'list' ? [operand] : []))
}
